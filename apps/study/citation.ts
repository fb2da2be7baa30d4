/** Tells how to repeat a study and to cite its report: the build, hashes of all that went in, and a BibTeX entry. */
import { sha256 } from "./contents.js";
import type { Content } from "./named-contents.js";
import { type Block, textColumns } from "./report/document.js";
import type { Header, Results } from "./results.js";

/** The digits of a hash that are shown where it only tells reports apart. */
const SHORT = 12;

/** The header of results of a study or of a host's plan. */
type CitedHeader = Pick<Header, "command" | "environment" | "contents"> & {
  readonly kind: "study" | "host";
  readonly study: { readonly title: string; readonly name: string };
  readonly cases: readonly { readonly id: string }[];
};

/** @param text - the results file; a line that was cut off as it was written is no part of the results. */
export function citationBlocks({ header }: Results<CitedHeader, unknown>, text: string): readonly Block[] {
  const { kind, study, cases, command, environment, contents = [] } = header;
  const what = kind === "host" ? "plan" : "study";
  const version = String(environment.version ?? "unknown");
  const commit = String(environment.commit ?? "unknown") + (environment.dirty === true ? ", changed since" : "");
  const results = sha256(text.slice(0, text.lastIndexOf("\n") + 1));
  // older results do not tell the code of their build
  const build = String(environment.build ?? JSON.stringify(environment.wasm ?? "unknown"));
  // a study as its questions and settings stand, whatever the file's layout
  const asked = sha256(JSON.stringify(study));
  // the ids cover each case's settings, seed and contents
  const inputs = sha256(JSON.stringify([asked, build, cases.map(({ id }) => id), contents]));
  const rows: readonly (readonly [string, string])[] = [
    ["xen-balloon", version],
    ["commit", commit],
    ...(environment.build === undefined ? [] : [["code of the build, SHA-256", build] as const]),
    [`${what}, SHA-256`, asked],
    ...contents.map(({ kind, name, sha256 }) => [`${WORDS[kind]} ${name}, SHA-256`, sha256] as const),
    ["all of these and the cases, SHA-256", inputs],
    ["results, SHA-256", results],
  ];
  return [
    { kind: "command", text: command },
    {
      kind: "table",
      caption: "What this report was made of.",
      columns: textColumns(["", ""]),
      rows: rows.map((row) => row.map((cell) => ({ text: cell }))),
      note: "The hash of a demand, a script or a command's file is that of its bytes, as sha256sum makes it; of a build, that of its scripts and modules.",
    },
    {
      kind: "command",
      text: bibtex(study.title, study.name, version, commit, inputs, results, String(environment.date ?? "")),
    },
  ];
}

const WORDS: Readonly<Record<Content["kind"], string>> = {
  demand: "demand",
  script: "script",
  build: "build",
  native: "command",
  policy: "policy",
  bootLog: "boot log",
};

function bibtex(
  title: string,
  name: string,
  version: string,
  commit: string,
  inputs: string,
  results: string,
  date: string,
): string {
  const year = /^\d{4}/.exec(date);
  return [
    `@misc{xen-balloon-${name.replace(/[^\w-]/g, "-")}-${results.slice(0, SHORT)},`,
    `  title = {${escapeTex(title)}},`,
    `  howpublished = {Study with xen-balloon ${escapeTex(version)}, commit ${escapeTex(commit)}},`,
    ...(year === null ? [] : [`  year = {${year[0]}},`]),
    `  note = {Inputs, SHA-256: ${inputs}; results, SHA-256: ${results}}`,
    "}",
  ].join("\n");
}

const TEX: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

function escapeTex(text: string): string {
  return text.replace(/[\\{}%&#_$~^]/g, (letter) => TEX[letter] ?? `\\${letter}`);
}
