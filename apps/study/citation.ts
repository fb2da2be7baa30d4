/** Tells how to repeat a study and to cite its report: the build, hashes of all that went in, and a BibTeX entry. */
import { createHash } from "node:crypto";
import { type Block, textColumns } from "./report/document.js";
import type { Results } from "./results.js";

/** The digits of a hash that are shown where it only tells reports apart. */
const SHORT = 12;

/** @param text - the results file; a line that was cut off as it was written is no part of the results. */
export function citationBlocks({ header }: Results, text: string): readonly Block[] {
  const { study, cases, command, environment } = header;
  const version = String(environment.version ?? "unknown");
  const commit = String(environment.commit ?? "unknown") + (environment.dirty === true ? ", changed since" : "");
  const results = sha256(text.slice(0, text.lastIndexOf("\n") + 1));
  const rows: readonly (readonly [string, string])[] = [
    ["xen-balloon", version],
    ["commit", commit],
    // as the questions and the settings stand, whatever the file's layout
    ["study, SHA-256", sha256(JSON.stringify(study))],
    // the ids cover each case's settings, seed and demand
    ["cases and demand, SHA-256", sha256(cases.map(({ id }) => id).join("\n"))],
    ["results, SHA-256", results],
  ];
  return [
    { kind: "command", text: command },
    {
      kind: "table",
      caption: "What this report was made of.",
      columns: textColumns(["", ""]),
      rows: rows.map((row) => row.map((cell) => ({ text: cell }))),
    },
    {
      kind: "command",
      text: bibtex(study.title, study.name, version, commit, results, String(environment.date ?? "")),
    },
  ];
}

function bibtex(title: string, name: string, version: string, commit: string, results: string, date: string): string {
  const year = /^\d{4}/.exec(date);
  return [
    `@misc{xen-balloon-${name.replace(/[^\w-]/g, "-")}-${results.slice(0, SHORT)},`,
    `  title = {${escapeTex(title)}},`,
    `  howpublished = {Study with xen-balloon ${escapeTex(version)}, commit ${escapeTex(commit)}},`,
    ...(year === null ? [] : [`  year = {${year[0]}},`]),
    `  note = {Results, SHA-256: ${results}}`,
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

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
