/** Reports as pages and as Markdown: everything is there, everything is escaped, and the charts show the values. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { linearAxis, logAxis, timeAxis, valuesAxis } from "../../apps/study/report/axes.js";
import type {
  BandChart,
  BarChart,
  Block,
  HistogramChart,
  LineChart,
  RatioChart,
  ScalingChart,
  SeriesChart,
} from "../../apps/study/report/document.js";
import { renderHtml } from "../../apps/study/report/html.js";
import { renderMarkdown } from "../../apps/study/report/markdown.js";
import { formatBytes } from "../../apps/study/report/number-text.js";
import { PAGE_STYLE } from "../../apps/study/report/page-style.js";
import type { Estimate } from "../../apps/study/statistics.js";
import { runs } from "../support/seed.js";

const DAY_MS = 86_400_000;
const NASTY = `<script>alert("1")</script> & 'x' ]]> | \`code\`\n# <img src=x>`;

const exactly = (value: number): Estimate => ({ value, low: value, high: value });
const about = (value: number): Estimate => ({ value, low: value * 0.9, high: value * 1.2 });

const scaling: ScalingChart = {
  kind: "scaling",
  caption: "Time by size",
  xLabel: "MiB",
  yLabel: "ns a page",
  lines: [
    { label: "wasm", points: [64, 256, 1024].map((x) => ({ x, y: about(x / 8) })), exponent: 1 },
    { label: "reference", points: [64, 1024].map((x) => ({ x, y: about(x) })), exponent: null },
  ],
};
const ratios: RatioChart = {
  kind: "ratio",
  caption: "Against the baseline",
  xLabel: "slower",
  noiseFloor: 1.25,
  rows: [
    { label: "half", ratio: about(0.5), muted: false },
    { label: "same", ratio: about(1.01), muted: true },
    { label: "double", ratio: about(2), muted: false },
  ],
};
const series: SeriesChart = {
  kind: "series",
  caption: "A week",
  timesMs: [0, DAY_MS, 3 * DAY_MS, 7 * DAY_MS],
  yLabel: "pages",
  curves: [
    { label: "in use", values: [100, 400, 50, 200] },
    { label: "target", values: [500, 500, 500, 500] },
  ],
};
const histogram: HistogramChart = {
  kind: "histogram",
  caption: "Extents a call",
  xLabel: "extents",
  yLabel: "calls",
  series: [
    {
      label: "a",
      bars: [
        [1, 10],
        [37, 20],
        [512, 40],
      ],
    },
    { label: "b", bars: [[37, 30]] },
  ],
};
const bars: BarChart = {
  kind: "bars",
  caption: "Given back",
  xLabel: "%",
  rows: [
    { label: "a", value: 80, text: "80 %" },
    { label: "b", value: 0, text: "none" },
    { label: "c", value: 40, text: "40 %" },
  ],
};
const bands: BandChart = {
  kind: "bands",
  caption: "Forty guests",
  timesMs: [0, DAY_MS, 3 * DAY_MS],
  yLabel: "%",
  median: [50, 40, 30],
  bands: [
    { label: "all", low: [0, 10, 20], high: [100, 90, 80] },
    { label: "most", low: [40, 30, 25], high: [60, 50, 40] },
  ],
};
const lines: LineChart = {
  kind: "lines",
  caption: "Shortage by size",
  xLabel: "host, GiB",
  yLabel: "GiB·h",
  lines: [
    { label: "a", points: [48, 64, 96].map((x) => ({ x, y: { value: 96 - x, low: 96 - x, high: 2 * (96 - x) } })) },
    { label: "b", points: [48, 96].map((x) => ({ x, y: exactly(12) })) },
  ],
};
const charts = [scaling, ratios, series, histogram, bars, bands, lines];

const documentOf = (...blocks: Block[]) => ({ title: "Title", sections: [{ heading: "Heading", blocks }] });
const htmlOf = (...blocks: Block[]): string => renderHtml(documentOf(...blocks));
const markdownOf = (...blocks: Block[]): string => renderMarkdown(documentOf(...blocks));
const attributesOf = (html: string, pattern: RegExp): string[] => [...html.matchAll(pattern)].map((match) => match[1]);
const marks = (html: string): number[][] =>
  attributesOf(html, /class="mark" d="M([-\d. ]+)m/g).map((point) => point.split(" ").map(Number));
/** The samples of the legends are 22 wide. */
const paths = (html: string): string[] =>
  attributesOf(html, /class="line" d="(M[^"]+)"/g).filter((path) => !path.endsWith("h22"));

/** Lists the corners of a path of M, h, v and H. */
function cornersOf(path: string): [x: number, y: number][] {
  let [x, y] = [0, 0];
  return [...path.matchAll(/([MhvH])([-\d.]+)(?: ([-\d.]+))?/g)].map(([, step, first, second]) => {
    if (step === "M") [x, y] = [Number(first), Number(second)];
    else if (step === "h") x += Number(first);
    else if (step === "H") x = Number(first);
    else y += Number(first);
    return [x, y];
  });
}

function rectsOf(html: string): { name: string; x: number; width: number; height: number; bottom: number }[] {
  return [...html.matchAll(/<rect ([^>]*)><title>([^<]*)<\/title>/g)].map(([, attributes, name]) => {
    const at = (key: string): number => Number(new RegExp(` ${key}="([^"]+)"`).exec(` ${attributes}`)?.[1]);
    return { name, x: at("x"), width: at("width"), height: at("height"), bottom: at("y") + at("height") };
  });
}

/** Throws unless every element ends, in order; and answers the elements' names. */
function elementsOf(html: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  for (const [, end, name, , closed] of html
    .replace(/<!doctype html>|<meta [^>]*>/g, "")
    .matchAll(/<(\/?)([a-z0-9]+)((?:\s[-a-zA-Z]+="[^"<>]*")*)(\/?)>/g)) {
    if (end === "/") expect(open.pop()).toBe(name);
    else if (closed === "") open.push(name);
    if (end === "") names.push(name);
  }
  expect(open).toEqual([]);
  return names;
}

describe("the page", () => {
  const table: Block = {
    kind: "table",
    caption: "Cases",
    columns: [
      { heading: "case", align: "left" },
      { heading: "ns", align: "right" },
    ],
    rows: [[{ text: "bulk" }, { text: "12.5", muted: true }]],
  };

  test("has every block in its section", () => {
    const html = htmlOf({ kind: "paragraph", text: "Why" }, { kind: "command", text: "npx it" }, table, ...charts);
    expect(html).toContain("<title>Title</title>");
    expect(html).toContain("<h2>Heading</h2><p>Why</p><pre><code>npx it</code></pre>");
    expect(html).toContain('<th scope="col">case</th><th scope="col" class="right">ns</th>');
    expect(html).toContain('<td>bulk</td><td class="right muted">12.5</td>');
    const names = elementsOf(html);
    expect(names.filter((name) => name === "figure")).toHaveLength(8);
    expect(names.filter((name) => name === "svg")).toHaveLength(7);
    expect(html.match(/<div class="scroll" role="group" tabindex="0"/g)).toHaveLength(3);
  });

  test("fetches nothing and runs nothing", () => {
    const html = htmlOf(table, ...charts);
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/https?:|<script|<link|<img|@import|\bsrc=|\bon[a-z]+=/);
    expect(attributesOf(html, /url\(([^)]*)\)/g).every((target) => target.startsWith("#"))).toBe(true);
  });

  test("has ids once, and what refers to them", () => {
    const html = htmlOf(table, ...charts, ...charts);
    const ids = attributesOf(html, / id="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    const named = [/aria-(?:labelledby|describedby)="([^"]+)"/g, /url\(#([^)]+)\)/g, /href="#([^"]+)"/g];
    const references = named.flatMap((pattern) => attributesOf(html, pattern));
    expect(references.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("tells in words what a chart shows", () => {
    const [scaled, forest, curves, counts, values, spread, sizes] = attributesOf(
      htmlOf(...charts),
      /<desc [^>]*>([^<]*)</g,
    );
    expect(sizes).toBe(
      "Lines on linear axes: GiB·h over host, GiB. a: at 48 48 [48, 96], at 96 0. b: at 48 12, at 96 12.",
    );
    expect(scaled).toContain("wasm: at 64 8 [7.2, 9.6], at 1,024 128 [115.2, 153.6].");
    expect(forest).toContain("3 rows, least half ×0.500 [0.450, 0.600], greatest double ×2.00 [1.80, 2.40].");
    expect(forest).toContain("1 of 3 greyed");
    expect(curves).toContain("over 7 d. in use: 100 at first, 50–400, 200 at last.");
    expect(counts).toContain("a: 1–512, most at 512 (40).");
    expect(values).toBe("Bars of %: 3 rows, least b none, most a 80 %.");
    expect(spread).toBe("Bands of % over 3 d. median: 30–50. all: between 0 and 100. most: between 25 and 60.");
  });

  test("folds a section that is read last", () => {
    const folded = { heading: "F", blocks: [{ kind: "paragraph", text: "inside" }], isFolded: true } as const;
    expect(renderHtml({ title: "", sections: [folded] }).replace(/\n\s*/g, "")).toContain(
      "<details><summary><h2>F</h2></summary><p>inside</p></details>",
    );
  });

  test("has contents where it is long", () => {
    const sections = ["one", "two", "three", "four"].map((heading) => ({ heading, blocks: [] }));
    const html = renderHtml({ title: "", sections });
    expect(attributesOf(html, /<a href="([^"]+)"/g)).toEqual(["#section-1", "#section-2", "#section-3", "#section-4"]);
    expect(renderHtml({ title: "", sections: sections.slice(1) })).not.toContain("<nav");
  });

  test("takes no text for markup", () => {
    const rename = <T extends { label: string }>(things: readonly T[]): T[] =>
      things.map((thing) => ({ ...thing, label: NASTY }));
    const html = renderHtml({
      title: NASTY,
      sections: [1, 2, 3, 4].map(() => ({
        heading: NASTY,
        blocks: [
          { kind: "paragraph", text: NASTY },
          { kind: "command", text: NASTY },
          { kind: "table", caption: NASTY, columns: [{ heading: NASTY, align: "left" }], rows: [[{ text: NASTY }]] },
          { ...scaling, caption: NASTY, xLabel: NASTY, yLabel: NASTY, lines: rename(scaling.lines) },
          { ...ratios, caption: NASTY, xLabel: NASTY, rows: rename(ratios.rows) },
          {
            ...series,
            caption: NASTY,
            yLabel: NASTY,
            curves: rename(series.curves),
            events: [{ label: NASTY, timesMs: [0] }],
          },
          { ...lines, caption: NASTY, xLabel: NASTY, yLabel: NASTY, lines: rename(lines.lines) },
          { ...histogram, caption: NASTY, xLabel: NASTY, yLabel: NASTY, series: rename(histogram.series) },
        ],
      })),
    });
    const names = new Set(elementsOf(html));
    expect([...names].filter((name) => name === "script" || name === "img")).toEqual([]);
    expect(html).toContain(
      "<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; ]]&gt; | `code`\n# &lt;img src=x&gt;</p>",
    );
    expect(htmlOf({ kind: "paragraph", text: "a\u0000b\u001b[31m" })).toContain("<p>a\ufffdb\ufffd[31m</p>");
  });

  test("has colours that can be read, light and dark", () => {
    const colours = new Map(
      [...PAGE_STYLE.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, ...pair]) => [
        name,
        pair,
      ]),
    );
    for (const scheme of [0, 1]) {
      const luminance = (name: string): number => luminanceOf(colours.get(name)?.[scheme] ?? "");
      const contrast = (name: string, ground: string): number => {
        const [dark, light] = [luminance(name), luminance(ground)].sort((a, b) => a - b);
        return (light + 0.05) / (dark + 0.05);
      };
      for (const text of ["ink", "faint", "accent"]) {
        for (const ground of ["ground", "panel"]) expect(contrast(text, ground), text).toBeGreaterThan(4.5);
      }
      for (let index = 0; index < 6; index++) expect(contrast(`colour-${index}`, "panel")).toBeGreaterThan(3);
    }
  });
});

function luminanceOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe("a scaling chart", () => {
  test("has equal factors at equal distances", () => {
    const html = htmlOf(scaling);
    const [wasm, reference] = paths(html).map((path) =>
      path
        .slice(1)
        .split("L")
        .map((point) => point.split(" ").map(Number)),
    );
    expect(wasm[1][0] - wasm[0][0]).toBeCloseTo(wasm[2][0] - wasm[1][0], 0);
    expect(wasm[0][1] - wasm[1][1]).toBeCloseTo(wasm[1][1] - wasm[2][1], 0);
    expect(reference[0][0]).toBe(wasm[0][0]);
    // Eight times as much: half as far again as four times.
    expect(wasm[0][1] - reference[0][1]).toBeCloseTo(1.5 * (wasm[0][1] - wasm[1][1]), 0);
    for (const size of ["64", "128", "256", "512", "1,024"]) expect(html).toContain(`>${size}</text>`);
  });

  test("has error bars from low to high", () => {
    const bars = attributesOf(htmlOf(scaling), /class="bar" d="([^"]+)"/g);
    const [, low, high] = /^M[\d.]+ ([\d.]+)V([\d.]+)/.exec(bars[0]) ?? [];
    const [, row] = marks(htmlOf(scaling))[0];
    expect(Number(low)).toBeGreaterThan(row);
    expect(Number(high)).toBeLessThan(row);
    expect((row - Number(high)) / (Number(low) - row)).toBeCloseTo(Math.log(1.2) / -Math.log(0.9), 0);
  });

  test("has its fit inside its axes, however far it is from its points", () => {
    const points = [1, 2, 4, 8].map((x) => ({ x, y: exactly(x === 8 ? 1e6 : 1) }));
    const html = htmlOf({ ...scaling, lines: [{ label: "jumps", points, exponent: 5.98 }] });
    const heights = attributesOf(html, /class="fit" d="M([^"]+)"/g)[0]
      .split("L")
      .map((point) => Number(point.split(" ")[1]));
    const [top, height] = /class="grid" d="M[\d.]+ ([\d.]+)v([\d.]+)/.exec(html)?.slice(1).map(Number) ?? [];
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(top);
    expect(Math.max(...heights)).toBeLessThanOrEqual(top + height);
  });

  test("labels equal lines apart", () => {
    const lines = Array.from({ length: 30 }, (_, index) => ({
      label: `line-${index}`,
      points: [{ x: 3, y: exactly(7) }],
      exponent: null,
    }));
    const html = htmlOf({ ...scaling, lines });
    const rows = attributesOf(html, /<text x="[\d.]+" y="([\d.]+)">line-/g)
      .map(Number)
      .sort((a, b) => a - b);
    expect(rows).toHaveLength(30);
    for (const [at, row] of rows.slice(1).entries()) expect(row - rows[at]).toBeGreaterThan(15);
    const looks = attributesOf(html, /<g class="(c\d"><path class="line" d="M[\d.]+ [\d.]+h22"[^>]*>)/g).map((look) =>
      look.replace(/ d="[^"]*"/, ""),
    );
    expect(new Set(looks).size).toBe(30);
  });
});

describe("a ratio chart", () => {
  test("has the line at 1 in the middle of the band, and halves as far as doubles", () => {
    const html = htmlOf(ratios);
    const one = Number(/class="one" d="M([\d.]+)/.exec(html)?.[1]);
    const [half, same, double] = marks(html).map(([x]) => x);
    expect(one - half).toBeCloseTo(double - one, 0);
    expect(same).toBeGreaterThan(one);
    const [, from, width] = /class="band" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/.exec(html)?.map(Number) ?? [];
    expect(one - from).toBeCloseTo(width / 2, 0);
    expect((one - from) / (one - half)).toBeCloseTo(Math.log2(1.25), 1);
    expect(html.match(/<g class="muted">/g)).toHaveLength(1);
  });

  test("has forty rows one below the other, without a floor no band, and long labels cut", () => {
    const label = "a label ".repeat(20).trim();
    const rows = Array.from({ length: 40 }, (_, index) => ({ label, ratio: about(1 + index), muted: false }));
    const html = htmlOf({ ...ratios, noiseFloor: null, rows });
    expect(html).not.toContain('class="band"');
    const points = marks(html);
    expect(points).toHaveLength(40);
    for (const [at, [x, y]] of points.slice(1).entries()) {
      expect(x).toBeGreaterThan(points[at][0]);
      expect(y).toBe(points[at][1] + 22);
    }
    expect(html.match(new RegExp(`>a label[a ble]*…<title>${label}</title>`, "g"))).toHaveLength(40);
  });
});

describe("a series chart", () => {
  test("is stepped: a value holds until the next", () => {
    const [used, target] = paths(htmlOf(series)).map(cornersOf);
    const heights = [...new Set(used.map(([, y]) => y))];
    // 100 is a fifth of 500.
    const floor = heights[0] + (heights[0] - target[0][1]) / 4;
    expect((floor - heights[1]) / (floor - heights[0])).toBeCloseTo(4, 1);
    for (const [at, [x, y]] of used.slice(1).entries()) expect(x === used[at][0] || y === used[at][1]).toBe(true);
    const columns = [...new Set(used.map(([x]) => x))];
    expect((columns[1] - columns[0]) / ((columns.at(-1) as number) - columns[0])).toBeCloseTo(1 / 7, 1);
    expect(target.every(([, y]) => y === target[0][1])).toBe(true);
    expect(htmlOf(series)).toContain(">3 d</text>");
  });

  test("keeps the extremes of many points, in less than 12 KB", () => {
    let state = 1;
    const noise = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % 1_000_000;
    };
    const timesMs = Array.from({ length: 512 }, (_, at) => at * 3_600_000);
    const curves = ["in use", "target", "current"].map((label) => ({ label, values: timesMs.map(noise) }));
    curves[0].values[200] = 5_000_000;
    curves[0].values[201] = 0;
    const html = htmlOf({ ...series, timesMs, curves });
    expect(html.length - htmlOf().length).toBeLessThan(12 * 1024);
    const rows = cornersOf(paths(html)[0]).map(([, y]) => y);
    const grid = attributesOf(html, /class="grid" d="([^"]+)"/g)[1];
    const levels = attributesOf(grid, /M[\d.]+ ([\d.]+)h/g).map(Number);
    expect(Math.max(...rows)).toBeCloseTo(Math.max(...levels), 0);
    expect(Math.min(...rows)).toBeCloseTo(Math.min(...levels), 0);
  });

  test.each([
    ["one point", [5], [[7]]],
    ["points at one time", [5, 5, 5], [[1, 9, 4]]],
    ["nothing but zeros", [0, 1], [[0, 0]]],
    ["less than nothing", [0, 1], [[-5, -1]]],
    ["a huge range", [0, 1e15], [[1e-3, 1e9]]],
  ])("draws %s", (_, timesMs, values) => {
    const html = htmlOf({ ...series, timesMs, curves: values.map((each) => ({ label: "x", values: each })) });
    expect(html).not.toMatch(/NaN|Infinity/);
    const corners = cornersOf(paths(html)[0]);
    expect(new Set(corners.map(([x]) => x)).size).toBeGreaterThan(1);
  });
});

describe("a series chart's events", () => {
  const events = [
    { label: "start", timesMs: [0, DAY_MS] },
    { label: "refusal", timesMs: [7 * DAY_MS] },
    { label: "none of these", timesMs: [] },
  ];
  const html = htmlOf({ ...series, events });

  test("stand at their times, each kind with its own look and a place in the legend", () => {
    const [, , first, second, last] = marks(html);
    const [left, right] = [first[0], last[0]];
    expect(second[0] - left).toBeCloseTo((right - left) / 7, 0);
    expect(new Set(attributesOf(html, /(<g class="c\d"><path class="mark")/g)).size).toBe(2);
    expect(html).toContain(">refusal</text>");
    expect(html).toContain("<title>start: 1 d</title>");
    expect(html).toContain("start: 2 marked. refusal: 1 marked.");
    expect(html).not.toContain("none of these");
  });

  test("keep their look where another kind has none", () => {
    const alone = htmlOf({ ...series, events: [{ label: "start", timesMs: [] }, events[1]] });
    const lookOf = (page: string): string | undefined =>
      /<g class="(c\d)"><path class="mark" d="M[\d. ]+([^"]+)"><title>refusal/.exec(page)?.slice(1).join();
    expect(lookOf(alone)).toBeDefined();
    expect(lookOf(alone)).toBe(lookOf(html));
  });

  test("widen the axis of time where they come before the first value", () => {
    const later = series.timesMs.map((time) => time + DAY_MS);
    const [x] = cornersOf(paths(htmlOf({ ...series, timesMs: later, events }))[0])[0];
    expect(x).toBeGreaterThan(cornersOf(paths(html)[0])[0][0]);
  });
});

describe("charts on one scale", () => {
  test("draw a value at the same height", () => {
    const small = { ...series, curves: [{ label: "in use", values: [5, 5, 5, 5] }] };
    const top = (chart: SeriesChart): number => cornersOf(paths(htmlOf(chart))[0])[0][1];
    const large = { ...series, curves: [{ label: "in use", values: [5, 500, 5, 5] }] };
    expect(top({ ...small, yMost: 500 })).toBe(top(large));
    expect(top(small)).not.toBe(top(large));
  });
});

describe("a line chart", () => {
  const pointsOf = (path: string): number[][] =>
    path
      .slice(1)
      .split("L")
      .map((point) => point.split(" ").map(Number));

  test("has equal steps at equal distances, from 0, with ticks at the values", () => {
    const html = htmlOf(lines);
    const [[first, second, third], constant] = paths(html).map(pointsOf);
    expect((third[0] - second[0]) / (second[0] - first[0])).toBeCloseTo(2, 1);
    expect((third[1] - second[1]) / (second[1] - first[1])).toBeCloseTo(2, 1);
    // a comes down from 48 to 0; 12 is a quarter of the way up
    expect((third[1] - constant[0][1]) / (third[1] - first[1])).toBeCloseTo(0.25, 1);
    for (const size of ["48", "64", "96"]) expect(html).toContain(`>${size}</text>`);
  });

  test("has a band where its ends differ, and none elsewhere", () => {
    const bands = attributesOf(htmlOf(lines), /class="spread" d="([^"]+)z"/g);
    expect(bands).toHaveLength(1);
    const corners = pointsOf(bands[0]);
    expect(corners).toHaveLength(6);
    expect(corners[3]).toEqual(corners[2]);
    expect(corners[5][1]).toBeGreaterThan(corners[0][1]);
  });

  test("draws one value, zeros, and many values without a tick for each", () => {
    const of = (xs: readonly number[], y: number): string =>
      htmlOf({ ...lines, lines: [{ label: "x", points: xs.map((x) => ({ x, y: exactly(y) })) }] });
    expect(of([64], 0)).not.toMatch(/NaN|Infinity/);
    expect(of([64], 0)).toContain(">64</text>");
    const many = of(
      Array.from({ length: 100 }, (_, at) => 1000 + at),
      3,
    );
    expect(attributesOf(many, />(1,[01]\d\d)<\/text>/g).length).toBeLessThan(9);
  });

  test("refuses what it cannot draw", () => {
    const of = (points: LineChart["lines"][number]["points"]) => () =>
      htmlOf({ ...lines, lines: [{ label: "x", points }] });
    expect(of([{ x: 1, y: exactly(-1) }])).toThrow('line "x", point 1, value: expected a finite number from 0, got -1');
    const twice = [1, 1].map((x) => ({ x, y: exactly(1) }));
    expect(of(twice)).toThrow('line "x", point 2, x: expected more than 1, got 1');
  });
});

describe("a histogram", () => {
  test("has bars as high as their counts, side by side on one floor", () => {
    const [first, second, beside, third] = rectsOf(htmlOf(histogram));
    expect([first, second, beside, third].map(({ name }) => name)).toEqual([
      "a, 1: 10",
      "a, 37: 20",
      "b, 37: 30",
      "a, 512: 40",
    ]);
    expect(second.height).toBeCloseTo(2 * first.height, 0);
    expect(beside.height).toBeCloseTo(3 * first.height, 0);
    expect(third.height).toBeCloseTo(4 * first.height, 0);
    expect(beside.x).toBeCloseTo(second.x + second.width, 0);
    expect(third.x - second.x).toBeCloseTo(second.x - first.x, 0);
    expect(third.bottom).toBeCloseTo(first.bottom, 0);
  });

  test("puts more than 24 distinct numbers together by powers of two, and loses none", () => {
    const bars = (most: number) => Array.from({ length: most }, (_, at) => [at + 1, 1] as const);
    const few = htmlOf({ ...histogram, series: [{ label: "a", bars: bars(24) }] });
    expect(rectsOf(few)).toHaveLength(24);
    const many = htmlOf({ ...histogram, series: [{ label: "a", bars: bars(25) }] });
    expect(rectsOf(many).map(({ name }) => name)).toEqual([
      "a, 1: 1",
      "a, 2–3: 2",
      "a, 4–7: 4",
      "a, 8–15: 8",
      "a, 16–31: 10",
    ]);
  });
});

describe("a chart of bands", () => {
  const html = htmlOf(bands);
  const [outer, inner] = attributesOf(html, /class="spread" d="M([^"]+)z"/g).map((path) =>
    path.split("L").map((point) => point.split(" ").map(Number)),
  );

  test("has bands between their ends, stepped, one inside the other, and the median in them", () => {
    // there along the high end and back along the low one, two corners a time
    expect([outer.length, inner.length]).toEqual([12, 12]);
    const heights = (points: readonly number[][]): number[] => points.map(([, y]) => y);
    const [top, floor] = [Math.min(...heights(outer)), Math.max(...heights(outer))];
    expect(heights(outer)).toEqual(
      [0, 0, 10, 10, 20, 20, 80, 80, 90, 90, 100, 100].map((part) =>
        expect.closeTo(top + ((floor - top) * part) / 100, 0),
      ),
    );
    expect(inner.every(([x, y], at) => x === outer[at][0] && y >= top && y <= floor)).toBe(true);
    expect(outer.slice(1, 6).every(([x, y], at) => x === outer[at][0] || y === outer[at][1])).toBe(true);
    const [line] = attributesOf(html, /class="line" d="M([^"h]+)"/g);
    expect(line.split("L").map((point) => Number(point.split(" ")[1]))[0]).toBeCloseTo((top + floor) / 2, 0);
  });

  test("has its extremes in a table", () => {
    expect(markdownOf(bands)).toContain("| median | 50 | 30 | 50 | 30 |\n| all, low | 0 | 0 | 20 | 20 |");
  });
});

describe("a bar chart", () => {
  test("has ticks that do not meet, however long its labels and values are", () => {
    const rows = [{ label: "a label of many letters", value: 262_144, text: "262,144 calls" }];
    const ticks = [
      ...htmlOf({ ...bars, rows }).matchAll(/<text x="([\d.]+)" y="[\d.]+" text-anchor="middle">([\d,]+)</g),
    ];
    const [xs, widths] = [ticks.map(([, x]) => Number(x)), ticks.map(([, , label]) => 7.6 * label.length)];
    expect(ticks.length).toBeGreaterThan(1);
    for (const [at, x] of xs.slice(1).entries()) expect(x - xs[at]).toBeGreaterThan((widths[at] + widths[at + 1]) / 2);
  });

  test("has bars as long as their values from one line, each with its text", () => {
    const [a, b, c] = rectsOf(htmlOf(bars));
    expect([a.name, b.name, c.name]).toEqual(["a: 80 %", "b: none", "c: 40 %"]);
    expect(new Set([a.x, b.x, c.x]).size).toBe(1);
    expect(a.width / c.width).toBeCloseTo(2, 2);
    expect(b.width).toBe(1);
    expect(htmlOf(bars)).toContain(">none</text>");
  });
});

describe("any chart", () => {
  test.each([
    { ...scaling, lines: [] },
    { ...scaling, lines: [{ label: "x", points: [], exponent: null }] },
    { ...ratios, rows: [] },
    { ...bars, rows: [] },
    { ...series, timesMs: [], curves: [{ label: "x", values: [] }] },
    { ...series, curves: [] },
    { ...histogram, series: [] },
  ])("without data says so", (chart) => {
    expect(htmlOf(chart)).toContain(`${chart.caption}</figcaption><p class="none">No data.</p>`);
    expect(markdownOf(chart)).toContain(`**${chart.caption}**\n\nNo data.`);
  });

  test.each([
    [
      { ...scaling, lines: [{ label: "x", points: [{ x: 1, y: exactly(Number.NaN) }], exponent: null }] },
      'chart "Time by size", line "x", point 1, value: expected a finite number above 0, got NaN',
    ],
    [
      { ...scaling, lines: [{ label: "x", points: [{ x: 0, y: exactly(1) }], exponent: null }] },
      'line "x", point 1, x: expected a finite number above 0, got 0',
    ],
    [
      { ...ratios, rows: [{ label: "r", ratio: { value: 1, low: 1, high: Number.POSITIVE_INFINITY }, muted: true }] },
      'row "r", high: expected a finite number above 0, got Infinity',
    ],
    [
      { ...ratios, noiseFloor: 0 },
      'chart "Against the baseline", noise floor: expected a finite number above 0, got 0',
    ],
    [
      { ...bars, rows: [{ label: "r", value: -1, text: "" }] },
      'chart "Given back", row "r": expected a finite number from 0, got -1',
    ],
    [{ ...series, timesMs: [0, 2, 1, 3] }, 'chart "A week", time 3: expected 2 or later, got 1'],
    [{ ...series, timesMs: [0] }, 'curve "in use": expected 1 values, got 4'],
    [
      { ...series, timesMs: [0], curves: [{ label: "x", values: [Number.NaN] }] },
      'curve "x", value 1: expected a finite number, got NaN',
    ],
    [
      { ...histogram, series: [{ label: "h", bars: [[1.5, 2] as const] }] },
      'series "h", bar 1, x: expected a whole number from 0, got 1.5',
    ],
    [
      { ...histogram, series: [{ label: "h", bars: [[1, -2] as const] }] },
      "bar 1, count: expected a whole number from 0, got -2",
    ],
  ])("is refused with numbers that cannot be shown: %#", (chart, message) => {
    for (const render of [htmlOf, markdownOf]) {
      expect(() => render(chart)).toThrow(RangeError);
      expect(() => render(chart)).toThrow(message);
    }
  });

  test("stays within its picture, whatever the numbers", () => {
    const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    const estimate = fc.tuple(positive, positive, positive).map((drawn) => {
      const [low, value, high] = drawn.sort((a, b) => a - b);
      return { low, value, high };
    });
    const point = fc.record({ x: positive, y: estimate });
    const row = fc.record({ label: fc.string(), ratio: estimate, muted: fc.boolean() });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), fc.array(row, { minLength: 1 }), (points, rows) => {
        for (const chart of [
          { ...scaling, lines: [{ label: "x", points, exponent: 1 }] },
          { ...ratios, rows },
        ]) {
          const html = htmlOf(chart);
          const [width, height] = (/viewBox="0 0 ([\d.]+ [\d.]+)"/.exec(html)?.[1] ?? "").split(" ").map(Number);
          expect(html).not.toMatch(/NaN|Infinity/);
          for (const [x, y] of marks(html)) {
            expect(x).toSatisfy((at: number) => at > 0 && at < width);
            expect(y).toSatisfy((at: number) => at > 0 && at < height);
          }
          elementsOf(html);
        }
      }),
      runs(100),
    );
  });
});

describe("axes", () => {
  const labels = ({ ticks }: { ticks: readonly { label: string }[] }): string[] => ticks.map(({ label }) => label);
  const log = { leastFactor: 2, mostTicks: 9 };

  test.each([
    [linearAxis(3, 480, 5), ["0", "100", "200", "300", "400", "500"]],
    [linearAxis(0, 262_144, 5), ["0", "100,000", "200,000", "300,000"]],
    [valuesAxis([96, 48, 64, 48], 7), ["48", "64", "96"]],
    [valuesAxis([1, 1.01, 2], 7), ["1", "2"]],
    [linearAxis(-20, 90, 5), ["-50", "0", "50", "100"]],
    [linearAxis(0, 0, 5), ["0", "0.2", "0.4", "0.6", "0.8", "1"]],
    [logAxis(8, 900, log), ["10", "20", "50", "100", "200", "500", "1,000"]],
    [logAxis(1e-3, 1e9, log), ["10⁻²", "10⁰", "10²", "10⁴", "10⁶", "10⁸"]],
    [logAxis(100, 101, log), ["70", "80", "90", "100", "110", "120", "130", "140"]],
    [logAxis(64, 1024, { ...log, base: 2 }), ["64", "128", "256", "512", "1,024"]],
    [
      logAxis(2 ** 20, 2 ** 32, { ...log, base: 2, format: formatBytes }),
      ["1 MiB", "4 MiB", "16 MiB", "64 MiB", "256 MiB", "1 GiB", "4 GiB"],
    ],
    [logAxis(1, 2 ** 40, { ...log, base: 2 }), ["2⁰", "2⁵", "2¹⁰", "2¹⁵", "2²⁰", "2²⁵", "2³⁰", "2³⁵", "2⁴⁰"]],
    [timeAxis(0, 7 * DAY_MS, 7), ["0", "1 d", "2 d", "3 d", "4 d", "5 d", "6 d", "7 d"]],
    [timeAxis(0, DAY_MS, 7), ["0", "6 h", "12 h", "18 h", "24 h"]],
    [timeAxis(0, 90_000, 7), ["0", "15 s", "30 s", "45 s", "60 s", "75 s", "90 s"]],
    [timeAxis(0, 2000 * DAY_MS, 7), ["0", "364 d", "728 d", "1,092 d", "1,456 d", "1,820 d"]],
  ])("have round ticks: %#", (axis, expected) => {
    expect(labels(axis)).toEqual(expected);
    const positions = axis.ticks.map(({ value }) => axis.position(value));
    expect(positions.toSorted((a, b) => a - b)).toEqual(positions);
    for (const position of positions) expect(position).toSatisfy((at: number) => at >= 0 && at <= 1);
  });
});

describe("Markdown", () => {
  test("tells tables and charts as tables", () => {
    const table: Block = {
      kind: "table",
      caption: "Cases",
      columns: [
        { heading: "a|b", align: "left" },
        { heading: "ns", align: "right" },
      ],
      rows: [[{ text: "two\nlines | `x` *y* memory_op" }, { text: "1.0", muted: true }]],
    };
    const text = markdownOf(table, ...charts);
    for (const part of [
      "# Title\n\n## Heading\n\n",
      "**Cases**\n\n| a\\|b | ns |\n| :-- | --: |\n| two<br>lines \\| \\`x\\` \\*y\\* memory_op | *1.0* |\n\n",
      "| MiB | wasm | reference |\n| --: | --: | --: |\n| 64 | 8 \\[7.2, 9.6\\] | 64 \\[57.6, 76.8\\] |\n| 256 | 32 \\[28.8, 38.4\\] |  |\n",
      "| half | ×0.500 | \\[0.450, 0.600\\] |\n| *same* | *×1.01* | *\\[0.909, 1.21\\]* |\n",
      "(above 1: slower; equal cases: ×0.800–1.25)",
      "|  | first | least | most | last |\n| :-- | --: | --: | --: | --: |\n| in use | 100 | 50 | 400 | 200 |\n",
      "| extents | a | b |\n| --: | --: | --: |\n| 1 | 10 | 0 |\n| 37 | 20 | 30 |\n| 512 | 40 | 0 |\n",
    ]) {
      expect(text).toContain(part);
    }
  });

  test("takes no text for markup", () => {
    const text = renderMarkdown({
      title: NASTY,
      sections: [{ heading: "[x](y)", blocks: [{ kind: "paragraph", text: `${NASTY}\n- one\n12. two\n&lt;` }] }],
    });
    expect(text).toBe(
      "# &lt;script&gt;alert(\"1\")&lt;/script&gt; & 'x' \\]\\]&gt; \\| \\`code\\` # &lt;img src=x&gt;\n\n" +
        "## \\[x\\](y)\n\n" +
        "&lt;script&gt;alert(\"1\")&lt;/script&gt; & 'x' \\]\\]&gt; \\| \\`code\\`\n\\# &lt;img src=x&gt;\n\\- one\n12\\. two\n&amp;lt;\n",
    );
  });

  test("fences a command with more backticks than it has", () => {
    expect(markdownOf({ kind: "command", text: "echo ```" })).toContain("\n````sh\necho ```\n````\n");
    expect(markdownOf({ kind: "command", text: "a\nb" })).toContain("\n```sh\na\nb\n```\n");
  });
});

test("the same document gives the same text", () => {
  expect(htmlOf(...charts)).toBe(htmlOf(...structuredClone(charts)));
  expect(markdownOf(...charts)).toBe(markdownOf(...structuredClone(charts)));
});
