/** The laboratory reads the plans of `xen-balloon host`: what it cannot show, it says, with the line and the field. */
import { describe, expect, it } from "vitest";
import { loadPlan } from "../../apps/host/load.js";
import { decodeHost, encodeHost, isHostLink } from "../../apps/laboratory/host/host-link.js";
import { readPlan } from "../../apps/laboratory/host/plan-text.js";
import { READY_PLANS } from "../../apps/laboratory/host/ready-plans.js";

const TEXT = `format: xen-balloon host 1
title: Two guests
question: Do they fit?
span: 2 min
base:
  size: 2 GiB
  policy: squeezed
guests:
  - name: a
    memory: 1 GiB
    minimum: 25%
    maximum: 2 GiB
    demand: { 0 s: 300 MiB, 1 min: 1.5 GiB }
  - name: b
    memory: 512 MiB
    minimum: 256 MiB
    demand: 100 MiB
    start: 30 s
    balloons: false
`;

function refusal(from: string, to: string): string {
  expect(TEXT).toContain(from);
  try {
    readPlan(TEXT.replace(from, to));
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a plan in the laboratory", () => {
  it("is read in KiB and ms, with the defaults of a plan", () => {
    const { policy, host } = readPlan(TEXT);
    expect([policy, host.totalKib, host.spanMs, host.usPerPage]).toEqual(["squeezed", 2 * 2 ** 20, 120_000, 4.3]);
    expect(host.guests[0]).toMatchObject({
      name: "a",
      driver: "modern",
      minimumKib: 2 ** 18,
      demand: [
        { timeMs: 0, usedKib: 300 * 1024 },
        { timeMs: 60_000, usedKib: 1.5 * 2 ** 20 },
      ],
    });
    expect(host.guests[1]).toMatchObject({ maximumKib: 2 ** 19, startMs: 30_000, balloons: false });
  });

  it.each([
    ["  size: 2 GiB", "  size: 2 GB", /^line 6, base\.size: expected a size in KiB, MiB, GiB or TiB, got "2 GB"/],
    ["policy: squeezed", "policy: [squeezed, xl]", /^line 7, base\.policy: .*got a list\. .*the laboratory shows one$/],
    ["policy: squeezed", "policy: mine", /^line 7, base\.policy: expected one of qmemman, .*, got "mine"$/],
    [
      "    memory: 1 GiB",
      "    memory: 3 GiB",
      /^line 10, guests\[0\]\.memory: expected maximumKib \(2097152 KiB\) or less/,
    ],
    ["    memory: 512 MiB", "    memroy: 512 MiB", /^line 15, guests\[1\]\.memroy: expected one of name, memory, /],
    ["name: b", "name: a", /^line 8, guests: expected each name once, got a twice$/],
    ["1 min: 1.5 GiB", "1 min: lots", /^line 13, guests\[0\]\.demand\.1 min: expected a size such as/],
    ["1 min: 1.5 GiB", "0 min: 1.5 GiB", /^line 13, guests\[0\]\.demand: expected a time after 0 ms, got 0 ms$/],
    ["demand: 100 MiB", "demand: week.csv", /^line 17, guests\[1\]\.demand: the laboratory reads no files/],
    ["balloons: false", "bootLog: dmesg.txt", /^line 19, guests\[1\]\.bootLog: the laboratory reads no files/],
    ["  size: 2 GiB", "  size: 768 MiB", /^line 6, base\.size: expected guests that fit into 786432 KiB at the start/],
    ["span: 2 min", "span: [", /^line \d+: expected YAML: /],
  ])("%s: %s", (from, to, message) => {
    expect(refusal(from, to)).toMatch(message);
  });

  it("comes back from a link with the moment and the guest on show", async () => {
    const shared = { text: TEXT, timeMs: 61_500, opened: "a" };
    const link = await encodeHost(shared);
    expect(isHostLink(link)).toBe(true);
    expect(await decodeHost(link)).toEqual(shared);
    expect(await decodeHost(await encodeHost({ ...shared, opened: null }))).toEqual({ ...shared, opened: null });
    await expect(decodeHost(link.slice(0, -9))).rejects.toThrow("the link is broken");
    await expect(decodeHost(link.replace("host1", "host2"))).rejects.toThrow("version 2 of a host");
    expect(isHostLink("#1.abc")).toBe(false);
  });

  it.each([
    ...READY_PLANS,
    { title: "the one above", text: TEXT.replace("policy: squeezed", "policy: keep\n  usPerPage: 4.3") },
  ])("is the same plan to the command: $title", ({ text }) => {
    const { policy, host } = readPlan(text);
    const none = (): never => {
      throw new Error("it names no file");
    };
    const { cases, jobOf, doubts } = loadPlan(text, "plan", { readDemand: none, readBytes: none, pathOf: none });
    expect(cases.length).toBe(1);
    expect(doubts).toEqual([]);
    const job = jobOf(cases[0]);
    expect(job.policy).toBe(policy);
    const { guests, pressure, ...rest } = host;
    expect(job.host).toMatchObject(rest);
    expect(job.host.pressure).toMatchObject(pressure);
    // the command leaves out what is the default
    for (const [i, guest] of job.host.guests.entries()) expect(guests[i]).toMatchObject(guest);
  });
});
