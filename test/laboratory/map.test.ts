/** The laboratory's map: which pages a view shows where, and the colours of its cells. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPfn } from "../../apps/laboratory/map/map-goto.js";
import { overviewOf } from "../../apps/laboratory/map/map-overview.js";
import { colourCells, paintCells } from "../../apps/laboratory/map/map-paint.js";
import { gridFor, MapRange, type Point } from "../../apps/laboratory/map/map-range.js";
import { marksOf } from "../../apps/laboratory/map/map-ruler.js";
import type { Palette } from "../../apps/laboratory/map/map-states.js";
import type { Census, PageState } from "../../src/api/types.js";
import { quote } from "../../src/scenario/forms.js";
import { runs } from "../support/seed.js";

const MAX_CELLS = 16_384;
const SQUARE = gridFor(1, 1);
const TEBIBYTE_PAGES = 2 ** 28;

const points = fc.record({
  x: fc.double({ min: 0, max: 1, noNaN: true }),
  y: fc.double({ min: 0, max: 1, noNaN: true }),
});
const grids = fc
  .tuple(fc.integer({ min: 100, max: 4000 }), fc.integer({ min: 100, max: 4000 }))
  .map(([width, height]) => gridFor(width, height));
const limits = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 2 ** 29 }));
/** Any view that clicks and drags lead to. */
const views = fc
  .tuple(
    grids,
    limits,
    fc.array(fc.tuple(fc.integer({ min: -3, max: 5 }), points, fc.integer({ min: -999, max: 999 }))),
  )
  .map(([grid, limit, moves]) =>
    moves.reduce((view, [steps, at, cells]) => view.zoom(steps, at).pan(cells), MapRange.whole(grid, limit)),
  );

describe("views of a map", () => {
  test("a whole terabyte fills all cells", () => {
    const view = MapRange.whole(SQUARE, TEBIBYTE_PAGES);
    expect(view).toMatchObject({ columns: 128, rows: 128, isWhole: true, isClosest: false });
    expect(view.range).toEqual({ pfn: 0, pages: TEBIBYTE_PAGES, cellPages: TEBIBYTE_PAGES / MAX_CELLS });
  });

  test("a grid takes the shape of its canvas", () => {
    expect(gridFor(1000, 500)).toEqual({ columns: 256, rows: 64 });
    expect(gridFor(300, 1200)).toEqual({ columns: 64, rows: 256 });
    expect(gridFor(100_000, 1)).toEqual({ columns: 1024, rows: 16 });
  });

  test("cells of one page grow after that, and a small guest has them from the start", () => {
    const near = MapRange.whole(SQUARE, TEBIBYTE_PAGES).zoom(14, { x: 0.5, y: 0.5 });
    expect(near).toMatchObject({ columns: 128, cellPages: 1, isClosest: false });
    expect(near.zoom(1, { x: 0, y: 0 })).toMatchObject({ columns: 64, rows: 64, cellPages: 1 });
    expect(near.zoom(99, { x: 0, y: 0 })).toMatchObject({ columns: 8, rows: 8, isClosest: true });
    expect(MapRange.whole(SQUARE, 1000)).toMatchObject({ columns: 32, rows: 32, cellPages: 1 });
  });

  test("no view asks for pages that are not there, or for too many cells", () => {
    fc.assert(
      fc.property(views, (view) => {
        const { pfn, pages, cellPages } = view.range;
        expect(pages).toBeGreaterThan(0);
        expect(pfn % cellPages).toBe(0);
        expect(pfn + pages).toBeLessThanOrEqual(view.pfnLimit);
        expect(Math.ceil(pages / cellPages)).toBeLessThanOrEqual(MAX_CELLS);
        expect(view.columns * view.rows).toBeGreaterThanOrEqual(Math.ceil(pages / cellPages));
      }),
      runs(300),
    );
  });

  test("every place shows a page of the range or nothing, and the page is found there", () => {
    fc.assert(
      fc.property(views, points, (view, at) => {
        const pfn = view.pfnAt(at);
        const { range } = view;
        const index =
          Math.min(Math.floor(at.y * view.rows), view.rows - 1) * view.columns +
          Math.min(Math.floor(at.x * view.columns), view.columns - 1);
        if (pfn === null) {
          expect((index + 1) * range.cellPages).toBeGreaterThan(range.pages);
          return;
        }
        expect(Math.floor((pfn - range.pfn) / range.cellPages)).toBe(index);
        expect(pfn).toBeLessThan(range.pfn + range.pages);
        const back = view.pointOf(pfn);
        expect(Math.abs((back?.x ?? 9) - at.x)).toBeLessThanOrEqual(0.5001 / view.columns);
        expect(Math.abs((back?.y ?? 9) - at.y)).toBeLessThanOrEqual(0.5001 / view.rows);
      }),
      runs(500),
    );
  });

  test("zooming keeps in place what is pointed at, and zooming out again returns", () => {
    // Sections divide the limit, as a guest's do: the last cell is no shorter than the others.
    const sections = fc.integer({ min: 1, max: 2 ** 14 }).map((count) => count * 2 ** 15);
    let moved = 0;
    fc.assert(
      fc.property(grids, sections, fc.integer({ min: 1, max: 9 }), points, points, (grid, limit, steps, there, at) => {
        const view = MapRange.whole(grid, limit).zoom(2, there);
        const pfn = view.pfnAt(at);
        if (pfn === null) return;
        const closer = view.zoom(steps, at);
        const shown = closer.pfnAt(at) ?? -1;
        expect(Math.floor(shown / closer.cellPages)).toBe(Math.floor(pfn / closer.cellPages));
        // It may have ended there before all steps were done.
        if (closer.isClosest) return;
        expect(closer.zoom(-steps, at).range).toEqual(view.range);
        if (closer.pfn !== view.pfn) moved++;
      }),
      runs(300),
    );
    expect(moved).toBeGreaterThan(10);
  });

  test("panning ends at both ends of the guest", () => {
    const view = MapRange.whole(SQUARE, 1_000_003).zoom(3, { x: 0.5, y: 0.5 });
    expect(view.pan(-(10 ** 6)).pfn).toBe(0);
    const { pfn, pages } = view.pan(10 ** 6).range;
    expect(pfn + pages).toBe(1_000_003);
    expect(view.pan(5).pan(-5).range).toEqual(view.range);
  });

  test("a page is brought into view by as few rows as can be", () => {
    const view = MapRange.whole(SQUARE, TEBIBYTE_PAGES).zoom(4, { x: 0.5, y: 0.5 });
    const { pfn, pages, cellPages } = view.range;
    const row = view.columns * cellPages;
    expect(view.reveal(pfn + pages - 1)).toBe(view);
    expect(view.reveal(pfn + pages).pfn).toBe(pfn + row);
    expect(view.reveal(pfn - 1).pfn).toBe(pfn - row);
    fc.assert(
      fc.property(views, fc.double({ min: 0, max: 0.999, noNaN: true }), (any, share) => {
        const page = Math.floor(share * any.pfnLimit);
        expect(any.reveal(page).pointOf(page)).not.toBeNull();
      }),
      runs(200),
    );
  });

  test("what is asked to be shown is, and another grid goes on showing it", () => {
    fc.assert(
      fc.property(views, grids, (view, grid) => {
        const { pfn, pages } = view.range;
        expect(view.whole().showing(pfn, pages).range).toEqual(view.range);
        const other = view.withGrid(grid);
        expect(other.pointOf(pfn)).not.toBeNull();
        if (view.isWhole) expect(other.isWhole).toBe(true);
      }),
      runs(300),
    );
  });
});

describe("orientation on a map", () => {
  test("the way to a page ends close to it, and the overview moves by whole rows", () => {
    fc.assert(
      fc.property(views, fc.double({ min: 0, max: 0.999999, noNaN: true }), (view, share) => {
        const pfn = Math.floor(share * view.pfnLimit);
        const close = view.closeTo(pfn);
        expect(close.pointOf(pfn)).not.toBeNull();
        expect(close.cellPages).toBe(1);
        const row = view.columns * view.cellPages;
        const begun = view.beginningAt(pfn);
        const { pages } = begun.range;
        expect(begun.cellPages).toBe(view.cellPages);
        // the last row is where the guest ends
        if (begun.pfn + pages < view.pfnLimit) expect(begun.pfn).toBe(Math.floor(pfn / row) * row);
      }),
      runs(300),
    );
    const middle = MapRange.whole(SQUARE, TEBIBYTE_PAGES).closeTo(2 ** 27);
    expect(middle).toMatchObject({ columns: 32, rows: 32, pfn: 2 ** 27 - 512 });
  });

  test("marks are round addresses in the rows that have them", () => {
    fc.assert(
      fc.property(views, fc.integer({ min: 1, max: 20 }), (view, most) => {
        const marks = marksOf(view, most);
        expect(marks.length).toBeLessThanOrEqual(most + 1);
        const { pfn, pages } = view.range;
        const row = view.columns * view.cellPages;
        for (const { y, pfn: marked } of marks) {
          expect(marked % row).toBe(0);
          expect(marked).toBeGreaterThanOrEqual(pfn);
          expect(marked).toBeLessThan(pfn + pages);
          expect(Math.round(y * view.rows)).toBe(Math.floor((marked - pfn) / row));
        }
        expect(new Set(marks.map(({ address }) => address)).size).toBe(marks.length);
      }),
      runs(300),
    );
  });

  test.each([
    [MapRange.whole(SQUARE, TEBIBYTE_PAGES), ["0", "256 GiB", "512 GiB", "768 GiB"]],
    [MapRange.whole(SQUARE, 2 ** 22), ["0", "4 GiB", "8 GiB", "12 GiB"]],
    [MapRange.whole(SQUARE, 2 ** 17), ["0", "128 MiB", "256 MiB", "384 MiB"]],
    [MapRange.whole(SQUARE, 1000), ["0", "1 MiB", "2 MiB", "3 MiB"]],
    [MapRange.whole(SQUARE, 2 ** 22).closeTo(2 ** 20), ["4,094 MiB", "4,095 MiB", "4 GiB", "4,097 MiB"]],
    [MapRange.whole(SQUARE, TEBIBYTE_PAGES).closeTo(3e7), ["114.44 GiB", "+1 MiB", "+2 MiB", "+3 MiB"]],
  ])("addresses have the unit of their steps: %#", (view, addresses) => {
    expect(marksOf(view, 4).map(({ address }) => address)).toEqual(addresses);
  });

  test.each([
    ["0", 0],
    [" 4,095 ", 4095],
    ["0xFFF", 4095],
  ])("a page is named by %j", (text, pfn) => {
    expect(readPfn(text, 4096)).toBe(pfn);
  });

  test.each(["4096", "0x1000", "", "-1", "12.5", "ffe", "0x", "1e3", "99999999999999999999"])(
    "%j names none",
    (text) => {
      expect(() => readPfn(text, 4096)).toThrow(
        new RangeError(`expected a PFN from 0 to 4,095 (0xfff), decimal or with 0x, got ${quote(text)}`),
      );
    },
  );

  test("the overview is all of the guest in few cells", () => {
    expect(overviewOf(TEBIBYTE_PAGES)).toEqual({ pfn: 0, pages: TEBIBYTE_PAGES, cellPages: 2 ** 19 });
    expect(overviewOf(100)).toEqual({ pfn: 0, pages: 100, cellPages: 1 });
    fc.assert(
      fc.property(limits, (limit) => {
        const { pages, cellPages } = overviewOf(limit);
        expect(Math.ceil(pages / cellPages)).toBeLessThanOrEqual(512);
      }),
    );
  });
});

describe("colours of a map", () => {
  const RED = 0xff0000ff;
  const BLUE = 0xffff0000;
  const NOTHING = 0;
  const palette: Palette = [
    ["inUse", 255, 0, 0],
    ["free", 0, 0, 255],
  ];

  /** Pages in use first, and free ones from `freeFrom` on. */
  function census(pfn: number, pages: number, cellPages: number, freeFrom: number): Census {
    const cells = Math.ceil(pages / cellPages);
    const none = new Uint32Array(cells);
    const counts: Record<PageState, Uint32Array> = {
      inUse: new Uint32Array(cells),
      free: new Uint32Array(cells),
      ballooned: none,
      lent: none,
      scratch: none,
      hole: none,
      offline: none,
    };
    for (let page = 0; page < pages; page++) {
      counts[pfn + page < freeFrom ? "inUse" : "free"][Math.floor(page / cellPages)]++;
    }
    return { pfn, pages, cellPages, counts };
  }

  function paint(view: MapRange, ...shown: Census[]): Uint32Array {
    const pixels = new Uint32Array(view.columns * view.rows);
    paintCells(
      view,
      shown.map((each) => colourCells(each, palette)),
      pixels,
    );
    return pixels;
  }

  test("a cell is the mix of its pages, and a shorter last one is as bright", () => {
    const { colours } = colourCells(census(0, 10, 4, 6), palette);
    expect([...colours]).toEqual([RED, 0xff800080, BLUE]);
  });

  test("a view is painted from its census, and stays empty beyond the guest", () => {
    const view = MapRange.whole(SQUARE, 50);
    const pixels = paint(view, census(0, 50, 1, 20));
    expect([...pixels]).toEqual(Array.from(pixels, (_, pfn) => (pfn < 20 ? RED : pfn < 50 ? BLUE : NOTHING)));
  });

  test("an older census of other cells stands in, the newest first", () => {
    const limit = 2 ** 16;
    const whole = MapRange.whole(SQUARE, limit);
    const near = whole.zoom(3, { x: 0.5, y: 0.5 } satisfies Point);
    const old = census(0, limit, whole.cellPages, 0);
    expect(new Set(paint(near, old))).toEqual(new Set([BLUE]));
    const { pfn, pages, cellPages } = near.range;
    const pixels = paint(whole, census(pfn, pages, cellPages, limit), old);
    const expected = Array.from(pixels, (_, cell) => {
      const page = cell * whole.cellPages;
      return page >= pfn && page < pfn + pages ? RED : BLUE;
    });
    expect([...pixels]).toEqual(expected);
    expect(new Set(pixels)).toEqual(new Set([RED, BLUE]));
  });
});
