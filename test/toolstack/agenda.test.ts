import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Agenda, type Rank } from "../../src/toolstack/agenda.js";

describe("an agenda", () => {
  it("gives entries by time, then by rank, then in the order in which they came", () => {
    const entry = fc.tuple(fc.nat(5), fc.nat(2) as fc.Arbitrary<Rank>);
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
        const agenda = new Agenda();
        const happened: number[] = [];
        for (const [i, [timeMs, rank]] of entries.entries()) agenda.put(timeMs, rank, () => happened.push(i));
        while (agenda.nextMs !== Number.POSITIVE_INFINITY) agenda.take()();
        const sorted = entries.map((_, i) => i);
        sorted.sort((a, b) => entries[a][0] - entries[b][0] || entries[a][1] - entries[b][1] || a - b);
        expect(happened).toEqual(sorted);
      }),
    );
  });
});
