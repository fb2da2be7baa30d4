/** The run of a page: how far its state goes, and how far the frames of its neighbours follow its own. */
import { describe, expect, test } from "vitest";
import { describePage, describeRun } from "../../apps/laboratory/map/map-inspection.js";
import type { PageDetail } from "../../apps/laboratory/session/messages.js";
import { lookAround } from "../../apps/laboratory/session/page-run.js";
import { INVALID_ENTRY } from "../../src/host/backend.js";
import { Interpreter } from "../../src/scenario/interpreter.js";
import { parseScript } from "../../src/scenario/script.js";
import type { WorldGuest } from "../../src/world/guest.js";
import { engines } from "../support/engines.js";

const PAGES = 1024;
const SCRIPTS = {
  "a guest that has booted": "config domain=pv",
  "a balloon on the scratch page": "config domain=pv;target 300;run",
  "an hvm guest": "config domain=hvm;target 300;run",
  "today's driver": "config driver=modern domain=pv;target 300;advance 1000",
  "frames in random order": "config domain=pv mfn_seed=7;target 700;run",
  fragmentation: "config domain=pv;guest_alloc 800 0;guest_shuffle 5;guest_free_every 2;target 500;run",
  "pages lent, a hole and a balloon that came back":
    "config domain=pv hole=200,50;target 400;run;balloon_alloc a 90 0;target 600;run",
};

describe.each(engines)("on the %s", (_, makeMachine) => {
  function played(text: string): WorldGuest {
    const [config, ...lines] = text.split(";");
    const script = parseScript(
      `config max_pfn=${PAGES} nr_pages=${PAGES} host_pages=20000 reserved=16 mfn_base=5000\n${config}\nboot\n${lines.join("\n")}\n`,
    );
    const interpreter = new Interpreter(script.config, makeMachine);
    for (const step of script.steps) interpreter.perform(step);
    return interpreter.booted?.guest ?? expect.unreachable("it boots");
  }

  test.each(Object.entries(SCRIPTS))("%s: each page's run is what a look at every page finds", (_name, text) => {
    const guest = played(text);
    const { counts } = guest.census({ pfn: 0, pages: PAGES, cellPages: 1 });
    const stateAt = (pfn: number) => Object.entries(counts).find(([, pages]) => pages[pfn] === 1)?.[0];
    const p2m = new Uint32Array(PAGES);
    guest.backend.readP2m(0, p2m);
    for (let pfn = 0; pfn < PAGES; pfn += 11) {
      const detail = lookAround(guest, pfn);
      const state = stateAt(pfn);
      let [first, last] = [pfn, pfn];
      while (first > 0 && stateAt(first - 1) === state) first--;
      while (last + 1 < PAGES && stateAt(last + 1) === state) last++;
      expect(detail).toMatchObject({ pfn, state, first, last, mfn: p2m[pfn] === INVALID_ENTRY ? null : p2m[pfn] });
      expect(detail.frames).toEqual(framesOf(p2m, pfn, first, last));
    }
  });

  test("a ballooned page names the scratch page's frame, where the driver has one", () => {
    const balloon = played(SCRIPTS["a balloon on the scratch page"]);
    const [scratch] = balloon.backend.driver.generation === "2013" ? balloon.backend.driver.scratchPages() : [];
    const ballooned = Array.from({ length: PAGES }, (_, pfn) => pfn).find(
      (pfn) => balloon.census({ pfn, pages: 1, cellPages: 1 }).counts.ballooned[0] === 1,
    );
    const detail = lookAround(balloon, ballooned ?? -1);
    expect(detail).toMatchObject({ state: "ballooned", table: "P2M", scratchPfn: scratch, frames: { step: 0 } });
    expect(describePage(detail)).toContain("the scratch page’s frame");
    expect(lookAround(balloon, scratch)).toMatchObject({ state: "scratch", scratchPfn: null });
    for (const text of [SCRIPTS["today's driver"], SCRIPTS["an hvm guest"]]) {
      const guest = played(text);
      const at = Array.from({ length: PAGES }, (_, pfn) => pfn).find(
        (pfn) => guest.census({ pfn, pages: 1, cellPages: 1 }).counts.ballooned[0] === 1,
      );
      const other = lookAround(guest, at ?? -1);
      expect(other).toMatchObject({ state: "ballooned", mfn: null, scratchPfn: null });
      expect(describePage(other)).toMatch(/(P2M|physmap): INVALID\.$/);
      expect(describeRun(other)).toMatch(/all ballooned\. (P2M|physmap): INVALID\.$/);
    }
  });
});

test("frames are looked at no farther than 4 GiB to each side, and that is told", () => {
  const [[, makeMachine]] = engines;
  const script = parseScript("config domain=pv max_pfn=4194304 nr_pages=4194304 reserved=16\nboot\n");
  const interpreter = new Interpreter(script.config, makeMachine);
  for (const step of script.steps) interpreter.perform(step);
  const guest = interpreter.booted?.guest ?? expect.unreachable("it boots");
  const GIB_4 = 2 ** 20;
  expect(lookAround(guest, 2 * GIB_4)).toMatchObject({
    last: 4 * GIB_4 - 1,
    frames: { first: GIB_4, last: 3 * GIB_4, firstMfn: GIB_4, step: 1, further: true },
  });
  // here the run ends before, on one side
  expect(lookAround(guest, 4 * GIB_4 - 10).frames).toMatchObject({ first: 3 * GIB_4 - 10, last: 4 * GIB_4 - 1 });
});

/** Finds the run as it is defined, one page after the other. */
function framesOf(p2m: Uint32Array, pfn: number, first: number, last: number): PageDetail["frames"] {
  const stepAfter = (at: number): number | null => {
    if ((p2m[at] === INVALID_ENTRY) !== (p2m[at + 1] === INVALID_ENTRY)) return null;
    const step = p2m[at + 1] - p2m[at];
    return Math.abs(step) <= 1 ? step : null;
  };
  const step = (pfn < last ? stepAfter(pfn) : null) ?? (pfn > first ? stepAfter(pfn - 1) : null);
  if (step === null) return null;
  let [from, to] = [pfn, pfn];
  while (from > first && stepAfter(from - 1) === step) from--;
  while (to < last && stepAfter(to) === step) to++;
  return { first: from, last: to, firstMfn: p2m[from], step: step as -1 | 0 | 1, further: false };
}

describe("in words", () => {
  const detail: PageDetail = {
    pfn: 5,
    state: "free",
    first: 0,
    last: 4095,
    table: "P2M",
    mfn: 10_005,
    scratchPfn: null,
    frames: { first: 0, last: 4095, firstMfn: 10_000, step: 1, further: false },
  };

  test.each<[string, Partial<PageDetail>, string]>([
    ["frames of the whole run", {}, "P2M: MFN 0x2710 to 0x370f, step +1."],
    [
      "of a part of it",
      { frames: { first: 4, last: 7, firstMfn: 10_006, step: -1, further: false } },
      "P2M: MFN 0x2716 to 0x2713, step −1, PFN 0x4 to 0x7.",
    ],
    [
      "as far as was looked",
      { frames: { first: 4, last: 4095, firstMfn: 10_004, step: 1, further: true } },
      "P2M: MFN 0x2714 to 0x370f, step +1, PFN 0x4 to 0xfff at least.",
    ],
    ["none that follow", { frames: null }, "P2M: the neighbours’ frames are elsewhere."],
  ])("%s", (_, change, frames) => {
    expect(describeRun({ ...detail, ...change })).toBe(
      `PFN 0x0 to 0xfff, 4,096 pages (16.00 MiB), all free. ${frames}`,
    );
  });

  test("a page, and one that is a run of its own", () => {
    expect(describePage(detail)).toBe("PFN 5 (0x5), free. P2M: MFN 10,005 (0x2715).");
    expect(describeRun({ ...detail, first: 5, last: 5 })).toBe("this page alone.");
  });
});
