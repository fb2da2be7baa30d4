/** Reading results: whatever was cut off or changed by hand is read for what it is, or refused with its place. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { analyze } from "../../apps/study/analysis/analysis.js";
import { analysisCsv, exactCsv } from "../../apps/study/analysis/csv.js";
import { reportOf } from "../../apps/study/analysis/document.js";
import { citationBlocks } from "../../apps/study/citation.js";
import { renderHtml } from "../../apps/study/report/html.js";
import { renderMarkdown } from "../../apps/study/report/markdown.js";
import { ResultsError, readResults } from "../../apps/study/results-file.js";
import { runs } from "../support/seed.js";
import { factor, replayOf, resultsOf, studyOf } from "../support/study-results.js";

const study = studyOf({ factors: [factor("batch", "frameListCapacity", [64, 512])], replications: 2 });
const { header, lines } = resultsOf(study, {
  exact: ({ levels }) => (levels.batch === "64" ? { replay: replayOf() } : {}),
});
const LINES: readonly string[] = [
  header,
  ...lines,
  { kind: "failed", case: header.cases[0].id, problem: "too large" },
  { kind: "resumed", environment: {} },
  { kind: "ended", date: "2026-11-23", loadAverage: [1, 2, 3] },
].map((line) => JSON.stringify(line));
const TEXT: string = `${LINES.join("\n")}\n`;

/** Every view of results. */
function views(text: string): readonly string[] {
  const results = readResults(text);
  const analysis = analyze(results);
  const document = reportOf(analysis, citationBlocks(results, text));
  return [renderHtml(document), renderMarkdown(document), analysisCsv(analysis), exactCsv(analysis)];
}

/** @throws what is no ResultsError */
function viewsOrRefusal(text: string): readonly string[] | ResultsError {
  try {
    return views(text);
  } catch (error) {
    if (error instanceof ResultsError) return error;
    throw error;
  }
}

/** A line with a value in it taken out or replaced; `steps` choose the place. */
function change(line: string, steps: readonly number[], to: unknown): string {
  const whole = JSON.parse(line);
  let inner = whole;
  for (const [i, step] of steps.entries()) {
    const keys = Object.keys(inner);
    const key = keys[step % keys.length];
    const value = inner[key];
    if (i < steps.length - 1 && typeof value === "object" && value !== null && Object.keys(value).length > 0) {
      inner = value;
      continue;
    }
    if (to !== undefined) inner[key] = to;
    else if (Array.isArray(inner)) inner.splice(Number(key), 1);
    else delete inner[key];
    break;
  }
  return JSON.stringify(whole);
}

describe("results", () => {
  test("are read back as they were written", () => {
    const read = readResults(TEXT);
    expect(read.header).toEqual(header);
    expect(read.lines.slice(0, lines.length)).toEqual(lines);
    expect(read).toMatchObject({ notes: [], completeBytes: Buffer.byteLength(TEXT) });
  });

  test("are shown with each chart's words once", () => {
    const [html, markdown] = views(TEXT);
    expect(html).toContain(">above 1: slower than the baseline<");
    expect(markdown).toContain("(above 1: slower than the baseline;");
  });

  test("that were cut off anywhere are those of the lines before", () => {
    fc.assert(
      fc.property(fc.nat(TEXT.length - 1), (length) => {
        const cut = TEXT.slice(0, length);
        const whole = cut.split("\n").length - 1;
        if (whole === 0) {
          expect(() => readResults(cut)).toThrow("line 1: expected a header of xen-balloon results, got none");
          return;
        }
        const read = readResults(cut);
        expect(read.lines).toHaveLength(whole - 1);
        const note = `line ${whole + 1} was cut off as it was written: it is left out`;
        expect(read.notes).toEqual(cut.endsWith("\n") ? [] : [note]);
        expect(views(cut)).toEqual(views(`${LINES.slice(0, whole).join("\n")}\n`));
      }),
      runs(50),
    );
  });

  test("of which anything was changed are read or refused, and nothing is made up", () => {
    const to = fc.constantFrom(undefined, null, 0, -1, 1.5, "", "x", true, [], {});
    const steps = fc.array(fc.nat(100), { minLength: 1, maxLength: 6 });
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(LINES.length - 1), steps, to, (at, place, value) => {
        const changed = LINES.map((line, i) => (i === at ? change(line, place, value) : line));
        const came = viewsOrRefusal(`${changed.join("\n")}\n`);
        if (came instanceof ResultsError) {
          expect(came.message).toMatch(/^line \d+(, .+)?: expected /);
          refused++;
        } else {
          expect(/\bNaN\b|\bundefined\b|\[object Object\]/.exec(came.join())?.[0]).toBeUndefined();
        }
      }),
      runs(300),
    );
    expect(refused).toBeGreaterThan(50);
  });

  test.each<[string, RegExp, string, RegExp]>([
    [
      "a header without cases",
      /"cases":\[.*\],"command"/,
      '"command"',
      /^line 1, cases: expected a list of cases, got nothing$/,
    ],
    [
      "a level without a label",
      /"label":"64"/,
      '"label":64',
      /^line 1, study\.factors\[0\]\.levels\[0\]\.label: expected text, got 64$/,
    ],
    [
      "a case of another level",
      /"levels":\{"batch":"64"\}/,
      '"levels":{"batch":"65"}',
      /^line 1, cases\[0\]\.levels\.batch: expected one of 64, 512, got "65"$/,
    ],
    [
      "a line of no kind",
      /"kind":"exact"/,
      '"kind":"toString"',
      /^line 2, kind: expected one of exact, timed, failed, resumed, ended, got "toString"$/,
    ],
    ["counts that are not there", /"pagesOut":\d+,/, "", /^line 2, measures\.pagesOut: expected a whole number, 0/],
    ["half a count", /"pagesIn":1024/, '"pagesIn":0.5', /^line 2, measures\.pagesIn: .* got 0\.5$/],
    ["a count below 0", /"memoryOps":\d+/, '"memoryOps":-1', /^line 2, measures\.memoryOps: .* got -1$/],
    [
      "calls without extents",
      /"extentsPerCall":\[\[\d+,/,
      '"extentsPerCall":[[',
      /^line 2, measures\.extentsPerCall\[0\]: expected a list of two numbers, got \[4\]$/,
    ],
    [
      "a curve that ends early",
      /"usedPages":\[1,2\]/,
      '"usedPages":[1]',
      /^line 2, measures\.replay\.series\.usedPages: expected 2 numbers, as in timeMs, got 1$/,
    ],
    ["a pass without a time", /"first":\{"outNs":[\d.e+]+,/, '"first":{', /^line 4, first\.outNs: .* got nothing$/],
    ["no pace", /,"paceNs":5000000/, "", /^line 4, paceNs: .* got nothing$/],
    [
      "a baseline that is no level",
      /"baseline":"64"/,
      '"baseline":"65"',
      /^line 1, study\.factors\[0\]\.baseline: expected one of the levels, got "65"$/,
    ],
    ["no baseline case", /"baseline":true/, '"baseline":false', /^line 1, cases: expected one case that is .* got 0$/],
    [
      "a measure that is none",
      /"measures":\["time"/,
      '"measures":["bogus"',
      /^line 1, study\.measures\[0\]: .* "bogus"$/,
    ],
    [
      "levels neither compared nor not",
      /"fraction"/,
      '"comparesLevels":"no","fraction"',
      /^line 1, study\.comparesLevels: expected true or false, got "no"$/,
    ],
    ["a third copy", /"copy":0/, '"copy":2', /^line 4, copy: expected 0 or 1, got 2$/],
    ["a case that is none", /"kind":"failed","case":"/, "$&x", /^line \d+: expected a case of the header, got x/],
    [
      "results of the format before",
      /"schema":3/,
      '"schema":2',
      /^line 1, schema: expected schema 3; in schema 2 times were divided by the pages planned, and those moved are not known\. Measure again, into another folder: study sample, got 2$/,
    ],
    ["another schema", /"schema":3/, '"schema":1', /^line 1, schema: expected schema 3, got 1$/],
  ])("%s", (_, from, to, message) => {
    expect(TEXT).toMatch(from);
    const came = viewsOrRefusal(TEXT.replace(from, to));
    expect(came).toBeInstanceOf(ResultsError);
    expect((came as ResultsError).message).toMatch(message);
  });
});
