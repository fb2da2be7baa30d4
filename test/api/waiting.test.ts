/** Several who wait at once, and who stop waiting: nobody is left behind, and nobody is told too much. */

import { describe, expect, test } from "vitest";
import type { Guest, Machine } from "../../src/api/exports.js";
import { ArgumentTypeError } from "../../src/host/argument-error.js";
import { type CreateMachine, entries, rejection, wrong } from "../support/entries.js";

const PAGES = 4096;

/** One page a batch: a run of thousands of batches that pauses several times. */
async function longRun(createMachine: CreateMachine, clock: "virtual" | "real"): Promise<[Machine, Guest]> {
  const machine = await createMachine({ hostPages: 2 * PAGES, clock });
  const guest = await machine.boot({ maxPfn: PAGES, frameListCapacity: 1 });
  return [machine, guest];
}

describe.each(entries)("%s", (_, createMachine) => {
  test("on a real clock an abort does not strand another who waits", async () => {
    const [, guest] = await longRun(createMachine, "real");
    await guest.setTarget({ pages: 1000 });
    const controller = new AbortController();
    const given = guest.settle({ signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) });
    const other = guest.settle();
    expect((await rejection(given)) as Error).toMatchObject({ message: "enough" });
    expect(await other).toMatchObject({ creditPages: 0, workDueMs: null });
  });

  test("on a real clock a target set while a run stops is not lost", async () => {
    const [, guest] = await longRun(createMachine, "real");
    await guest.setTarget({ pages: 1000 });
    const controller = new AbortController();
    const stopped = rejection(
      guest.settle({
        signal: controller.signal,
        onProgress: () => {
          controller.abort();
          void guest.setTarget({ pages: 2000 });
        },
      }),
    );
    await stopped;
    // nobody settles: the work goes on by itself
    while ((await guest.stats()).currentPages !== 2000) await new Promise((resolve) => setTimeout(resolve, 1));
    expect((await guest.stats()).targetPages).toBe(2000);
  });

  test("on a virtual clock who aborts while others drive is told at once", async () => {
    const [machine, guest] = await longRun(createMachine, "virtual");
    const other = await machine.boot({ maxPfn: 100 });
    await guest.setTarget({ pages: 1000 });
    await other.setTarget({ pages: 50 });
    const controller = new AbortController();
    let driving = true;
    const first = guest.settle({ onProgress: () => controller.abort(new Error("enough")) }).then(() => {
      driving = false;
    });
    await rejection(other.settle({ signal: controller.signal }));
    expect(driving).toBe(true);
    await first;
    expect(await other.settle()).toMatchObject({ creditPages: 0 });
  });

  test("the same function listens twice, and stops once", async () => {
    const [, guest] = await longRun(createMachine, "virtual");
    let heard = 0;
    const listener = (): void => {
      heard++;
    };
    guest.on("progress", listener);
    await guest.setTarget({ pages: PAGES - 1 });
    await guest.settle({ onProgress: listener });
    const both = heard;
    await guest.setTarget({ pages: PAGES });
    await guest.settle();
    expect(heard).toBeGreaterThan(both);
  });

  test("a listener that stopped hears nothing more", async () => {
    const [, guest] = await longRun(createMachine, "virtual");
    let heard = 0;
    const stop = guest.on("hypercall", () => {
      heard++;
      stop();
    });
    await guest.setTarget({ pages: PAGES - 10 });
    await guest.settle();
    expect(heard).toBe(1);
  });

  test("options of a wrong kind are refused before anything moves", async () => {
    const [, guest] = await longRun(createMachine, "virtual");
    await guest.setTarget({ pages: 1000 });
    await expect(guest.settle({ onProgress: wrong(false) })).rejects.toThrow(
      new ArgumentTypeError("onProgress", "a function", "boolean"),
    );
    for (const refused of [
      guest.settle({ signal: wrong({}) }),
      guest.takeBallooned(1, { highmem: wrong("no") }),
      guest.takePages(1, { highmem: wrong(1) }),
      guest.inject({ populate: wrong(0) }),
      guest.inject({ partial: wrong(null) }),
    ]) {
      expect(await rejection(refused)).toBeInstanceOf(TypeError);
    }
    expect((await guest.stats()).currentPages).toBe(PAGES);
  });

  test("the configuration of a guest cannot be changed behind its back", async () => {
    const [, guest] = await longRun(createMachine, "virtual");
    expect(() => {
      (guest.config as { pfnLimit: number }).pfnLimit = 2 ** 31;
    }).toThrow(TypeError);
  });
});

test("a machine runs 256 guests, and says so", async () => {
  const [, createMachine] = entries[0];
  const machine = await createMachine({ hostPages: 300 });
  const guests = await Promise.all(Array.from({ length: 256 }, () => machine.boot({ maxPfn: 1 })));
  expect(await rejection(machine.boot({ maxPfn: 1 }))).toMatchObject({
    code: "ENOMEM",
    message: expect.stringMatching(/256 domains/),
  });
  await guests[7].close();
  await machine.boot({ maxPfn: 1 });
});
