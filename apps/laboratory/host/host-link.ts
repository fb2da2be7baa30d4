/** A plan and what of it is on show, as the fragment of a link has them. */
import { quote } from "xen-balloon/core";
import { brief, pack, unpack } from "../packed-text.js";

/** The content of a link. */
export interface SharedHost {
  /** The text of the plan. */
  readonly text: string;
  /** The moment on show, in ms. */
  readonly timeMs: number;
  /** The guest whose map is open; null: the host is on show. */
  readonly opened: string | null;
}

const VERSION = 1;
const LINK = /^#?host(\d+)\.(.*)$/s;
const VIEW = /^# view at=(\d+)(?: guest=(\S+))?\n/;

/** Whether a fragment is that of a host, of whatever version. */
export function isHostLink(hash: string): boolean {
  return LINK.test(hash);
}

/** @throws Error: the plan is too long for a link. */
export async function encodeHost({ text, timeMs, opened }: SharedHost): Promise<string> {
  const view = `# view at=${Math.round(timeMs)}${opened === null ? "" : ` guest=${opened}`}\n`;
  return `#host${VERSION}.${await pack(view + text)}`;
}

/** @throws Error: a link of another version, or broken. */
export async function decodeHost(hash: string): Promise<SharedHost> {
  const [, version, data] = LINK.exec(hash) ?? [];
  if (version === undefined) throw new Error(`no link to a host: expected #host1.…, got ${quote(brief(hash))}`);
  if (version !== String(VERSION)) {
    throw new Error(`the link is of version ${version} of a host, and this page reads version ${VERSION}`);
  }
  const unpacked = await unpack(data);
  const [line = "", timeMs = "0", opened = null] = VIEW.exec(unpacked) ?? [];
  return { text: unpacked.slice(line.length), timeMs: Number(timeMs), opened };
}
