/**
 * Stores the state of the laboratory in a file or a link. The state is a script whose replay gives the same guest
 * again. Comment lines before it hold the view, and a comparison that is on show, so that `xen-balloon run` takes the
 * file unchanged.
 */
import { choice, type Form, integer, parseScript, quote, ScriptError } from "xen-balloon/core";
import {
  comparisonLines,
  isComparisonLine,
  readComparison,
  type SavedComparison,
} from "./comparison/saved-comparison.js";
import { brief, pack, unpack } from "./packed-text.js";
import type { HoldName } from "./session/messages.js";

/** The view of the page: the map's range, the time axis of the curves, and what the script alone does not tell. */
export interface View {
  readonly pfn: number;
  readonly pages: number;
  readonly timeLine: "virtual" | "page";
  /** The number of operations done; the rest of the script waits. Left out: all are done. */
  readonly done?: number;
  /** The faults that hold from the end of the script on. */
  readonly holds?: readonly HoldName[];
}

/** The content of a file or a link. */
export interface LaboratoryState {
  /** Config lines and operations. */
  readonly script: string;
  readonly view: View;
  /** The comparison on show; left out where the guest is. */
  readonly comparison?: SavedComparison | undefined;
}

const VERSION = 1;
const HEADER = /^# xen-balloon laboratory (\S+)$/;
const VIEW = /^# view\b/;
const LINK = /^#?([0-9]+)\.(.*)$/s;

const VIEW_FORMS: { readonly [Key in keyof View]-?: Form<NonNullable<View[Key]>> } = {
  pfn: integer("a PFN", 0),
  pages: integer("pages", 0),
  timeLine: choice("either", { virtual: "virtual", page: "page" }),
  done: integer("operations", 0),
  holds: choice("either", { host: ["host"], guest: ["guest"], "host,guest": ["host", "guest"] }),
};

/** Writes the text of a file: the header, then the script. */
export function toFile({ script, view, comparison }: LaboratoryState): string {
  const { pfn, pages, timeLine, done, holds = [] } = view;
  const more = `${done === undefined ? "" : ` done=${done}`}${holds.length === 0 ? "" : ` holds=${holds.join(",")}`}`;
  const header = [
    `# xen-balloon laboratory ${VERSION}`,
    `# view pfn=${pfn} pages=${pages} timeLine=${timeLine}${more}`,
    ...(comparison === undefined ? [] : comparisonLines(comparison)),
  ];
  return `${header.join("\n")}\n${script}`;
}

/**
 * Reads a file. A file without the header is a script from elsewhere; the map shows its whole guest.
 *
 * @throws ScriptError: the first wrong line, counted in the file. Error: a file of another version.
 */
export function fromFile(text: string): LaboratoryState {
  const { guest } = parseScript(text).config;
  const whole: View = { pfn: 0, pages: guest.pfnLimit, timeLine: "virtual" };
  const [first, second = ""] = text.split("\n", 2);
  const version = HEADER.exec(first)?.[1];
  if (version === undefined) return { script: text, view: whole };
  requireVersion("file", version);
  const viewLines = VIEW.test(second) ? 1 : 0;
  const view = viewLines === 1 ? readView(second, whole) : whole;
  const below = text.split("\n").slice(1 + viewLines);
  const other = below.findIndex((line) => !isComparisonLine(line));
  const lines = other < 0 ? below : below.slice(0, other);
  const comparison = readComparison(lines, 2 + viewLines);
  const script = afterLines(text, 1 + viewLines + lines.length);
  return { script, view: within(guest.pfnLimit, view), ...(comparison !== null && { comparison }) };
}

/** Finds the config lines of a script. Comments may be between them, and spaces before them. */
export function configLinesOf(script: string): string {
  return script
    .split("\n")
    .filter((line) => /^[ \t]*config\b/.test(line))
    .join("\n");
}

/**
 * Writes the fragment of a link, with its #.
 *
 * @throws Error: the state is too long for a link.
 */
export async function encodeLink(state: LaboratoryState): Promise<string> {
  return `#${VERSION}.${await pack(toFile(state))}`;
}

/**
 * Reads the fragment of a link, with its # or without.
 *
 * @returns null for an empty one.
 * @throws Error: a link of another version, or broken. ScriptError: what it holds is no script.
 */
export async function decodeLink(hash: string): Promise<LaboratoryState | null> {
  if (hash === "" || hash === "#") return null;
  const [, version, data] = LINK.exec(hash) ?? [];
  if (version === undefined) throw new Error(`no link to a state: expected #${VERSION}.…, got ${quote(brief(hash))}`);
  requireVersion("link", version);
  return fromFile(await unpack(data));
}

function requireVersion(what: "file" | "link", version: string): void {
  if (version === String(VERSION)) return;
  throw new Error(`the ${what} is of version ${version}, and this page reads version ${VERSION}`);
}

function readView(line: string, whole: View): View {
  const view: Record<string, unknown> = { ...whole };
  for (const word of line.split(/[ \t]+/).slice(2)) {
    const [key, given] = word.split("=", 2);
    if (!Object.hasOwn(VIEW_FORMS, key)) throw new ScriptError(2, `view: no key ${quote(key)}`);
    const form = VIEW_FORMS[key as keyof View];
    const value = form.read(given ?? "");
    if (value === undefined) throw new ScriptError(2, `view: ${key}: expected ${form.expects}, got ${quote(given)}`);
    view[key] = value;
  }
  return view as unknown as View;
}

/** Limits a view to the guest, because somebody may have shrunk the guest in the file by hand. */
function within(pfnLimit: number, view: View): View {
  if (view.pages === 0 || view.pfn >= pfnLimit) return { ...view, pfn: 0, pages: pfnLimit };
  return { ...view, pages: Math.min(view.pages, pfnLimit - view.pfn) };
}

function afterLines(text: string, lines: number): string {
  let from = 0;
  for (let line = 0; line < lines; line++) {
    const end = text.indexOf("\n", from);
    if (end < 0) return "";
    from = end + 1;
  }
  return text.slice(from);
}
