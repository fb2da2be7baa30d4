/** A report tells what it was made of, so that it can be cited and repeated. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openStudy } from "../../apps/cli/study-files.js";
import { BuildFolders } from "../../apps/study/builds.js";
import { citationBlocks } from "../../apps/study/citation.js";
import { resultsOf, studyOf } from "../support/study-results.js";

const made = resultsOf(studyOf({ name: "a.b c", title: "50 % of {x} & ~y" }));
const environment = { version: "1.2.3", commit: "abc123", dirty: true, date: "2026-11-25T10:00:00Z" };
const contents = [{ kind: "demand", name: "week.csv", sha256: "d".repeat(64) }] as const;
const results = { ...made, header: { ...made.header, environment, contents } };
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
  expect(rows[2][0]).toBe("study, SHA-256");
  expect(rows[3]).toEqual(["demand week.csv, SHA-256", "d".repeat(64)]);
  const [name, inputs] = rows[4];
  expect(name).toBe("all of these and the cases, SHA-256");
  expect(rows[5]).toEqual(["results, SHA-256", hash]);
  expect(bibtex).toEqual({
    kind: "command",
    text: [
      `@misc{xen-balloon-a-b-c-${hash.slice(0, 12)},`,
      "  title = {50 \\% of \\{x\\} \\& \\textasciitilde{}y},",
      "  howpublished = {Study with xen-balloon 1.2.3, commit abc123, changed since},",
      "  year = {2026},",
      `  note = {Inputs, SHA-256: ${inputs}; results, SHA-256: ${hash}}`,
      "}",
    ].join("\n"),
  });
});

test("another study, other cases and other results have other hashes; half a line has none", () => {
  const hashesOf = (study: Parameters<typeof studyOf>[0], text: string): string[] => {
    const [, table] = citationBlocks(resultsOf(studyOf(study)), text);
    return table.kind === "table" ? table.rows.slice(2).map(([, { text }]) => text) : [];
  };
  const [study, inputs, whole] = hashesOf({}, TEXT);
  const [otherStudy, otherInputs] = hashesOf({ question: "Another?" }, TEXT);
  expect(otherStudy).not.toBe(study);
  expect(otherInputs).not.toBe(inputs);
  expect(hashesOf({ seeds: [2] }, TEXT)[1]).not.toBe(inputs);
  expect(hashesOf({}, `${TEXT}{"kind":"ended"}\n`)[2]).not.toBe(whole);
  expect(hashesOf({}, `${TEXT}{"kin`)[2]).toBe(whole);
});

describe("one byte more changes the hash", () => {
  const folder = mkdtempSync(join(tmpdir(), "xen-balloon-citation-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const FILES: Readonly<Record<string, string>> = {
    "mine.ops": "config nr_pages=4096 max_pfn=4096\nboot\n# phase out\ntarget 64\nsettle\n",
    "two.csv": "time_s,used_mib\n0,300\n60,400\n",
    "driver.sh": "#!/bin/sh\n",
    "helper.mjs": "export {};\n",
    "other/dist/cli/exact-thread.js": "export {};\n",
    "other/dist/cli/timed-process.js": "export {};\n",
    "other/build/balloon.wasm": "wasm\n",
  };
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const head = "format: xen-balloon study 1\ntitle: T\nquestion: Q?\nmeasures: [memoryOps]\n";

  /** The hash of all that went in, and the ids of the cases. */
  function citedOf(lines: string): readonly [inputs: string, ids: string] {
    for (const [name, text] of Object.entries(FILES)) if (!existsSync(join(folder, name))) write(name, text);
    write("study.yaml", head + lines);
    const loaded = openStudy(join(folder, "study.yaml"), undefined, new BuildFolders());
    const { study, cases, contents } = loaded;
    const [, table] = citationBlocks({ header: { ...made.header, study, cases, contents }, lines: [] }, TEXT);
    const rows = table.kind === "table" ? table.rows : [];
    const inputs = rows.find(([{ text }]) => text.startsWith("all of these"))?.[1].text ?? "";
    return [inputs, cases.map(({ id }) => id).join()];
  }

  test.each([
    ["a script", "mine.ops", "base: { workload: mine.ops }\nfactors: { domain: { levels: [pv, hvm] } }"],
    ["a demand", "two.csv", "base: { demand: two.csv }\nfactors: { headroomPercent: { levels: [0, 25] } }"],
    [
      "a command's program",
      "driver.sh",
      "base: { maxPfn: 4096, native: ./driver.sh helper.mjs }\nfactors: { engine: { levels: [wasm, native] } }",
    ],
    [
      "a file that a command names",
      "helper.mjs",
      "base: { maxPfn: 4096, native: node helper.mjs }\nfactors: { engine: { levels: [wasm, native] } }",
    ],
    [
      "a build",
      "other/build/balloon.wasm",
      "base: { maxPfn: 4096 }\nfactors: { of: { levels: { now: {}, then: { build: ./other } } } }",
    ],
  ])("of %s", (_, file, lines) => {
    const [inputs, ids] = citedOf(lines);
    expect(citedOf(lines)).toEqual([inputs, ids]);
    write(file, `${FILES[file]}\n`);
    const [changed, otherIds] = citedOf(lines);
    expect(changed).not.toBe(inputs);
    // a demand's line end changes no point of it
    if (file !== "two.csv") expect(otherIds).not.toBe(ids);
  });

  test("of the code of this build", () => {
    const citedWith = (build: string): string => {
      const header = { ...made.header, environment: { ...environment, build } };
      const [, table] = citationBlocks({ header, lines: [] }, TEXT);
      return table.kind === "table" ? table.rows[4][1].text : "";
    };
    expect(citedWith("a")).not.toBe(citedWith("b"));
  });
});
