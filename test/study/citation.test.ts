/** A report tells what it was made of, so that it can be cited and repeated. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { citationBlocks } from "../../apps/study/citation.js";
import { resultsOf, studyOf } from "../support/study-results.js";

const made = resultsOf(studyOf({ name: "a.b c", title: "50 % of {x} & ~y" }));
const environment = { version: "1.2.3", commit: "abc123", dirty: true, date: "2026-11-25T10:00:00Z" };
const results = { ...made, header: { ...made.header, environment } };
const TEXT = '{"kind":"study"}\n';
const hash = createHash("sha256").update(TEXT).digest("hex");

test("the command, the build, hashes of what went in, and a BibTeX entry with its title escaped", () => {
  const [command, table, bibtex] = citationBlocks(results, TEXT);
  expect(command).toEqual({ kind: "command", text: "study sample" });
  const rows = table.kind === "table" ? table.rows.map((row) => row.map(({ text }) => text)) : [];
  expect(rows.slice(0, 2)).toEqual([
    ["xen-balloon", "1.2.3"],
    ["commit", "abc123, changed since"],
  ]);
  expect(rows[4]).toEqual(["results, SHA-256", hash]);
  expect(bibtex).toEqual({
    kind: "command",
    text: [
      `@misc{xen-balloon-a-b-c-${hash.slice(0, 12)},`,
      "  title = {50 \\% of \\{x\\} \\& \\textasciitilde{}y},",
      "  howpublished = {Study with xen-balloon 1.2.3, commit abc123, changed since},",
      "  year = {2026},",
      `  note = {Results, SHA-256: ${hash}}`,
      "}",
    ].join("\n"),
  });
});

test("another study, other cases and other results have other hashes; half a line has none", () => {
  const hashesOf = (study: Parameters<typeof studyOf>[0], text: string): string[] => {
    const [, table] = citationBlocks(resultsOf(studyOf(study)), text);
    return table.kind === "table" ? table.rows.slice(2).map(([, { text }]) => text) : [];
  };
  const [study, cases, whole] = hashesOf({}, TEXT);
  expect(hashesOf({ question: "Another?" }, TEXT)[0]).not.toBe(study);
  expect(hashesOf({ seeds: [2] }, TEXT)[1]).not.toBe(cases);
  expect(hashesOf({}, `${TEXT}{"kind":"ended"}\n`)[2]).not.toBe(whole);
  expect(hashesOf({}, `${TEXT}{"kin`)[2]).toBe(whole);
});
