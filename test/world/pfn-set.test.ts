/** PfnSet beside a plain Set. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { PfnSet } from "../../src/world/pfn-set.js";
import { runs } from "../support/seed.js";

const LIMIT = 200;

function counts(set: PfnSet, pfn: number, pages: number, cellPages: number): number[] {
  const out = new Uint32Array(Math.ceil(pages / cellPages)).fill(99);
  set.countPages(pfn, pages, cellPages, out);
  return [...out];
}

function expectMembers(set: PfnSet, members: ReadonlySet<number>): void {
  expect(counts(set, 0, LIMIT, 1)).toEqual(Array.from({ length: LIMIT }, (_, pfn) => Number(members.has(pfn))));
}

const pfn = fc.nat(LIMIT - 1);
const pfns = fc.uniqueArray(pfn, { maxLength: LIMIT, size: "max" });

test("counts by cells, wherever a range begins and ends", () => {
  fc.assert(
    fc.property(pfns, pfn, fc.nat(LIMIT), fc.integer({ min: 1, max: 100 }), (held, from, length, cellPages) => {
      const pages = Math.min(length, LIMIT - from);
      const expected: number[] = Array(Math.ceil(pages / cellPages)).fill(0);
      for (const at of held) if (at >= from && at < from + pages) expected[Math.floor((at - from) / cellPages)]++;
      const set = new PfnSet("held", LIMIT);
      set.add(Uint32Array.from(held));
      expect(counts(set, from, pages, cellPages)).toEqual(expected);
    }),
    runs(1000),
  );
});

test("has what was added and not taken out since", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), pfns), { maxLength: 8 }), (changes) => {
      const set = new PfnSet("held", LIMIT);
      const members = new Set<number>();
      for (const [adds, some] of changes) {
        const all = adds ? some : some.filter((at) => members.has(at));
        if (adds) set.add(Uint32Array.from(all));
        else set.remove("pfns", Uint32Array.from(all));
        for (const at of all) adds ? members.add(at) : members.delete(at);
        expectMembers(set, members);
      }
    }),
    runs(300),
  );
});

test("keeps all of them where one is named twice", () => {
  const set = new PfnSet("held", LIMIT);
  set.add(Uint32Array.of(1, 31, 32));
  expect(() => set.remove("pfns", Uint32Array.of(32, 1, 31, 1))).toThrow(/^pfns: expected each PFN once, got 1 twice$/);
  expectMembers(set, new Set([1, 31, 32]));
  set.remove("pfns", Uint32Array.of(1, 31, 32));
  expectMembers(set, new Set());
});
