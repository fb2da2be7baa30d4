/** The table for people and the config lines for scripts. */
import { describe, expect, test } from "vitest";
import { readBootLog } from "../../apps/bootlog/read.js";
import { configLines, showLayout } from "../../apps/bootlog/show.js";
import { ReferenceMachine } from "../../src/reference/machine.js";
import { parseScript } from "../../src/scenario/script.js";
import { ScriptError } from "../../src/scenario/script-error.js";
import { VirtualWorld } from "../../src/world/world.js";
import { madeLog, without } from "../support/boot-logs.js";

const domU = madeLog("pv-domU-linux3.1");

test("a table of the map, the figures with their lines, and the driver's start", () => {
  expect(showLayout(readBootLog(domU, { nrPages: 262144 }))).toBe(
    [
      "pv guest (line 17)",
      "",
      "memory         first PFN  last PFN   pages     MiB  from",
      "usable                 0       159     160     0.6",
      "hole                 160       255      96     0.4",
      "usable               256    264191  263936  1031.0",
      "extra             262144    264191    2048     8.0",
      "",
      "ram_pages                           264096  1031.6  the usable ranges",
      "nr_pages                            262144  1024.0  given",
      "max_pfn                             264192  1032.0  line 11",
      "released                                 0     0.0  line 4",
      "identity                                 0     0.0  line 5",
      "",
      "the driver starts with",
      "current_pages                       262144  1024.0",
      "balloon_low                           2048     8.0",
    ].join("\n"),
  );
});

test("a given figure takes the place of the log's, and says so", () => {
  const layout = readBootLog(madeLog("pv-domU-pvgrub-linux3.14"), { nrPages: 98303 });
  expect(showLayout(layout)).toMatch(/^nr_pages +98303 +384\.0 {2}given, instead of 98304 \(line 3\)$/m);
  expect(configLines(layout).split("\n")).toContain("# nr_pages 98303 is given, instead of 98304 (line 3)");
});

test("missing figures have a row and a line", () => {
  const shown = showLayout(readBootLog(domU));
  expect(shown).toMatch(/^extra +missing$/m);
  expect(shown).toMatch(/^nr_pages +missing$/m);
  expect(shown).toMatch(
    /\n\nnr_pages is missing from the boot log: .* \(option --nr-pages; 262144 \(memory=1024\) or 264192 .* would fit\)\nextra is/,
  );
});

test("a 32-bit guest has its rows", () => {
  const shown = showLayout(readBootLog(madeLog("pv-domU-32bit-linux2.6.38"), { nrPages: 262144 }));
  expect(shown).toMatch(/^highmem_start +226814 +886\.0 {2}line 13$/m);
  expect(shown).toMatch(/^balloon_low +0 +0\.0\nballoon_high +2048 +8\.0\nframe_list +1024$/m);
});

describe("config lines", () => {
  test("of a guest of which everything is known", () => {
    expect(configLines(readBootLog(domU, { nrPages: 262144 }))).toBe(
      "config domain=pv nr_pages=262144 released=0 max_pfn=264192\nconfig hole=160,96\nconfig extra=262144,2048",
    );
    expect(configLines(readBootLog(madeLog("hvm-linux4.9")))).toBe(
      "# line 1, Linux 4.9.110: its driver lies between those of 2013 and of 7.0, and driver=2013 is assumed\n" +
        "config domain=hvm max_pfn=129024\nconfig hole=158,98",
    );
  });

  test("of a kernel whose driver has a thread propose that driver, which runs", () => {
    const layout = readBootLog(madeLog("pv-domU-linux6.1-remapped"), { nrPages: 1048576 });
    const lines = configLines(layout);
    expect(lines).toContain("driver=modern");
    const { config } = parseScript(`${lines}\nboot`);
    expect(config.guest).toMatchObject({ driver: "modern", dom0: false });
    const [note] = layout.notes.filter((each) => each.includes("driver=modern"));
    const [, pages] = /starts with (\d+) pages in a script$/.exec(note) ?? [];
    const world = new VirtualWorld((hostPages, mfnBase) => new ReferenceMachine(hostPages, mfnBase), config);
    expect(world.boot(config.guest).stats().current_pages).toBe(Number(pages ?? layout.currentPages));
  });

  test.each([{ highmemStart: undefined }, { highmemStart: 0x375fe }])("of a 32-bit guest, %o given", (given) => {
    const text = without(madeLog("pv-domU-32bit-linux2.6.38"), given.highmemStart === undefined ? /never/ : /HighMem/);
    expect(configLines(readBootLog(text, { nrPages: 262144, ...given }))).toContain(
      "config domain=pv nr_pages=262144 released=0 max_pfn=264192 highmem_start=226814 frame_list=1024",
    );
  });

  test.each<[name: string, text: string, lines: readonly (readonly [key: string, line: number])[]]>([
    [
      "a domU",
      domU,
      [
        ["nr_pages", 2],
        ["extra", 4],
      ],
    ],
    [
      "no released",
      without(madeLog("pv-dom0-linux3.9"), /Populating/),
      [
        ["released", 2],
        ["extra", 4],
      ],
    ],
    ["no map", madeLog("pvh-linux6.8-no-map"), [["hole", 2]]],
    [
      "no highmem_start",
      without(madeLog("pv-domU-32bit-linux2.6.38"), /HighMem/),
      [
        ["nr_pages", 2],
        ["highmem_start", 4],
        ["extra", 6],
      ],
    ],
  ])("%s: no script runs with a missing figure, and the line of each is refused", (_, text, lines) => {
    const config = configLines(readBootLog(text)).split("\n");
    for (const [key, line] of lines) {
      expect(config[line - 1]).toBe(`config ${key}=MISSING`);
      expect(config[line - 2]).toMatch(`# ${key} is missing from the boot log: `);
      const others = config.map((each) => (each.endsWith("=MISSING") && each !== config[line - 1] ? "" : each));
      expect(() => parseScript(others.join("\n"))).toThrow(ScriptError);
      expect(() => parseScript(others.join("\n"))).toThrow(
        new RegExp(`line ${line}: ${key}: expected .*, got "MISSING"`),
      );
    }
  });
});
