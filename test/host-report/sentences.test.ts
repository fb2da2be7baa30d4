/** Each guest that did not get what it asked for has a sentence that says why. */
import { describe, expect, test } from "vitest";
import type { CaseOptions } from "../../apps/host/report/cases.js";
import { REASON_WORDS } from "../../apps/host/report/reason-words.js";
import { guestSentences } from "../../apps/host/report/sentences.js";
import type { HostOutcome } from "../../src/toolstack/outcome.js";
import type { Reason } from "../../src/toolstack/xen.js";
import {
  absentGuest,
  caseOf,
  GIB_KIB,
  HOUR_MS,
  type MadeGuest,
  optionsOf,
  outcomeOf,
  refusalOf,
} from "../support/host-outcomes.js";

/** A guest that is short of 1 GiB for two of three hours. */
function shortGuest(change: Partial<MadeGuest> = {}): MadeGuest {
  const [used, held] = [
    [3, 3, 2],
    [2, 2, 2],
  ].map((gibs) => gibs.map((gib) => gib * GIB_KIB));
  return { name: "web3", usedKib: used, heldKib: held, maximumKib: 2 * GIB_KIB, ...change };
}

function sentencesOf(outcome: HostOutcome, change: Partial<CaseOptions> = {}): readonly string[] {
  const run = { case: caseOf(outcome, { options: optionsOf(outcome, change) }), outcome };
  return guestSentences(run).map(({ text }) => text);
}

describe("a shortage", () => {
  test.each<[Reason, Partial<MadeGuest>, string]>([
    ["demand-unseen", {}, "because squeezed never looks at demand, and kept it at 2 GiB, its maximum"],
    ["demand-unseen", { minimumKib: 2 * GIB_KIB, maximumKib: 4 * GIB_KIB }, "and kept it at 2 GiB, its minimum"],
    ["demand-unseen", { maximumKib: 4 * GIB_KIB }, "and kept it at 2 GiB of its 4 GiB"],
    ["maxmem", {}, "because it may not have more than 2 GiB"],
    ["stuck-donor", {}, "because a guest that was told to give did not, or not in time"],
    ["not-reporting", {}, "because squeezed knew nothing of it: it had reported nothing"],
  ])("for %s: %s", (reasons, change, words) => {
    const [text] = sentencesOf(outcomeOf([shortGuest({ reasons, ...change })]));
    expect(text.startsWith("web3 was short for 2 h, of 1 GiB at worst, ")).toBe(true);
    expect(text.endsWith(`${words}.`)).toBe(true);
  });

  test("for its limit tells the most that it held while it was short, not what it held at the worst moment", () => {
    const held = [1, 2, 2].map((gib) => gib * GIB_KIB);
    const [text] = sentencesOf(outcomeOf([shortGuest({ reasons: "maxmem", heldKib: held })]));
    expect(text).toContain("because it may not have more than 2 GiB.");
  });

  test("for a donor that did not give names the donor", () => {
    const gibs = (...values: number[]): number[] => values.map((gib) => gib * GIB_KIB);
    const donor = { name: "db", usedKib: gibs(1, 1, 1), heldKib: gibs(6, 5, 4), targetKib: gibs(4, 4, 4) };
    const [text] = sentencesOf(outcomeOf([shortGuest({ reasons: "stuck-donor" }), donor]));
    expect(text.endsWith("or not in time: at the worst moment db held 2 GiB more than told to.")).toBe(true);
  });

  test("of a guest without a driver, or that does not report, says which", () => {
    const outcome = outcomeOf([shortGuest({ reasons: "not-reporting" })]);
    const [guest] = optionsOf(outcome).guests;
    expect(sentencesOf(outcome, { guests: [{ ...guest, balloons: false }] })[0]).toContain("it has no balloon driver.");
    const silent = { guests: [], dom0: { ...guest, reports: false } };
    expect(sentencesOf(outcome, silent)[0]).toContain("it does not report the memory that it uses.");
  });

  test("with several reasons has the time of each; the kills are told, too", () => {
    const reasons = ["host-empty", "moving", "share"] as const;
    const [text] = sentencesOf(outcomeOf([shortGuest({ reasons, other: { kills: 2 } })]));
    expect(text).toBe(
      "web3 was short for 2 h, of 1 GiB at worst: for 1 h because the host had no free memory; for 1 h because its pages were on their way: moving them takes time. The OOM killer came 2 times.",
    );
  });

  test("without a reason says so", () => {
    expect(sentencesOf(outcomeOf([shortGuest()]))).toEqual([
      "web3 was short for 2 h, of 1 GiB at worst; no reason was given.",
    ]);
  });

  test("that no sample of the time line caught has no size that nobody saw", () => {
    const outcome = outcomeOf([shortGuest({ reasons: "demand-unseen" })]);
    const unseen = { ...outcome, timeLine: { ...outcome.timeLine, guests: [] } };
    expect(sentencesOf(unseen)).toEqual([
      "web3 was short for 2 h, of 1 GiB at worst, because squeezed never looks at demand.",
    ]);
  });
});

describe("a guest that never ran", () => {
  const late = absentGuest("late", 3);

  test("was refused, for a reason, in the policy's own words", () => {
    const words = "Cannot_free_this_much_memory(4, 1)";
    const starts = [refusalOf("late", { atMs: 3.5 * HOUR_MS, waitedMs: 31_000, reason: "rest-zone", words })];
    expect(sentencesOf(outcomeOf([late], { starts }))).toEqual([
      `late could not start at 3 h 30 min, because squeezed keeps back for the host what was left. The answer took 31 s. squeezed said: “${words}”.`,
    ]);
  });

  test("was refused although others gave, and were to give more", () => {
    const donors = [
      { name: "db", gaveKib: 0, toGiveKib: GIB_KIB / 4 },
      { name: "Domain-0", gaveKib: GIB_KIB / 2, toGiveKib: 40 * GIB_KIB },
      { name: "web", gaveKib: GIB_KIB / 8, toGiveKib: 0 },
      { name: "x", gaveKib: 4, toGiveKib: 0 },
    ];
    const starts = [refusalOf("late", { reason: "stuck-donor", waitedMs: 3100, donors })];
    expect(sentencesOf(outcomeOf([late], { starts }))[0]).toContain(
      "Meanwhile Domain-0 gave 512 MiB and had 40 GiB more to give; db gave nothing of 256 MiB that it was to give; web gave 128 MiB; 1 more gave less, or nothing yet.",
    );
  });

  test("was granted its start when its time was over", () => {
    const starts = [refusalOf("late", { waitedMs: 8000, grantedKib: GIB_KIB, reason: null })];
    expect(sentencesOf(outcomeOf([{ ...late, other: { ...late.other, domid: 4 } }], { starts }))).toEqual([
      "late never ran: its start, asked for at 1 h, was granted 8 s later, when its time was over.",
    ]);
  });

  test("had no answer, or was to start later", () => {
    const outcome = outcomeOf([late]);
    const [guest] = optionsOf(outcome).guests;
    const starting = (startMs: number) => sentencesOf(outcome, { guests: [{ ...guest, startMs }] })[0];
    expect(starting(2 * HOUR_MS)).toBe(
      "late never ran: its start was asked for at 2 h, and had no answer when the run ended.",
    );
    expect(starting(9 * HOUR_MS)).toBe("late never ran: it was to start at 9 h, after the end of the run.");
  });
});

test("those that never ran come first, then the worst; those that got all have none", () => {
  const guests = [
    shortGuest({ name: "little", usedKib: [2.5, 2, 2].map((gib) => gib * GIB_KIB) }),
    shortGuest({ name: "fed", usedKib: [1, 1, 1].map((gib) => gib * GIB_KIB) }),
    shortGuest({ name: "dead", usedKib: [1, 1, 1].map((gib) => gib * GIB_KIB), other: { ended: "kernel BUG" } }),
    shortGuest({ name: "much" }),
    absentGuest("late", 3),
  ];
  const outcome = outcomeOf(guests, { starts: [refusalOf("late")] });
  const run = { case: caseOf(outcome), outcome };
  expect(guestSentences(run).map(({ guest }) => guest)).toEqual(["late", "dead", "much", "little"]);
  expect(guestSentences(run)[1].text).toBe("dead ended before its time: kernel BUG.");
});

test("every reason has words for a shortage and for a refusal", () => {
  for (const reason of Object.keys(REASON_WORDS) as Reason[]) {
    const shortage = sentencesOf(outcomeOf([shortGuest({ reasons: reason })]))[0];
    const refusal = sentencesOf(outcomeOf([absentGuest("late", 1)], { starts: [refusalOf("late", { reason })] }))[0];
    for (const text of [shortage, refusal]) expect(text).toMatch(/ because [a-z].*[a-zA-Z]\.$/);
  }
});
