/** Machines and guests that are closed, by a call or at the end of a block, and the guests that are left. */
import ts from "typescript";
import { describe, expect, test, vi } from "vitest";
import { onAsyncDispose } from "../../src/host/async-dispose.js";
import { entries, isAfar, rejection } from "../support/entries.js";

describe.each(entries)("%s", (entry, createMachine) => {
  test("guests are those that are not closed, in the order of their boots", async () => {
    const machine = await createMachine({ hostPages: 1000 });
    const [one, two, three] = [
      await machine.boot({ maxPfn: 100 }),
      await machine.boot({ maxPfn: 100 }),
      await machine.boot({ maxPfn: 100 }),
    ];
    await rejection(machine.boot({ maxPfn: 2000 }));
    expect(machine.guests).toEqual([one, two, three]);
    expect(machine.guests[1]).toBe(two);
    await two.close();
    await two.close();
    const four = await machine.boot({ maxPfn: 100 });
    await one.inject({ decrease: { rc: -1, times: 1 } });
    await one.setTarget({ pages: 10 });
    await rejection(one.settle());
    expect(machine.guests.map((guest) => [one, three, four].indexOf(guest))).toEqual([0, 1, 2]);
    await one.close();
    expect(machine.guests).toHaveLength(2);
  });

  test("close of a machine closes its guests; later calls on either are refused", async () => {
    const machine = await createMachine({ hostPages: 1000 });
    const guest = await machine.boot({ maxPfn: 500 });
    await Promise.all([machine.close(), machine.close()]);
    await machine.close();
    const closed = "Error: the machine is closed";
    for (const call of [
      machine.boot({ maxPfn: 1 }),
      machine.freeFrames(),
      machine.takeFrames(1),
      machine.giveFrames(1),
      machine.advance(1),
      machine.m2p(0, 1),
    ]) {
      expect(String(await rejection(call))).toBe(closed);
    }
    expect(String(await rejection(guest.stats()))).toBe(isAfar(entry) ? closed : "Error: the guest is closed");
    expect([machine.guests, machine.hostPages, machine.nowMs]).toEqual([[], 1000, 0]);
  });

  test("close of a machine waits for the run that is under way", async () => {
    const machine = await createMachine({ hostPages: 300_000 });
    const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1 });
    let moved = 0;
    guest.on("hypercall", () => moved++);
    await guest.setTarget({ pages: 1000 });
    const settling = rejection(guest.settle());
    const begun = new Promise((resolve) => guest.on("progress", resolve));
    await begun;
    await machine.close();
    expect(String(await settling)).toMatch(/^Error: the (guest|machine) is closed$/);
    expect(moved).toBe(299_000);
  });

  test("await using closes what a block has declared, guests first, whatever ends it", async () => {
    const story = `async (createMachine, said) => {
      try {
        await using machine = await createMachine({ hostPages: 1000 });
        said.push(machine);
        {
          await using guest = await machine.boot({ maxPfn: 400 });
          said.push(guest, await machine.freeFrames());
        }
        said.push(await machine.freeFrames());
        await using guest = await machine.boot({ maxPfn: 400 });
        throw new Error("enough");
      } catch (error) {
        said.push(String(error));
      }
    }`;
    const { outputText } = ts.transpileModule(story, { compilerOptions: { target: ts.ScriptTarget.ES2023 } });
    const said: unknown[] = [];
    // biome-ignore lint/security/noGlobalEval: Node 20 cannot read it as it stands
    await globalThis.eval(outputText)(createMachine, said);
    const [machine, guest, ...others] = said as [Awaited<ReturnType<typeof createMachine>>, unknown, ...unknown[]];
    expect(guest).toHaveProperty("config");
    expect(others).toEqual([600, 1000, "Error: enough"]);
    expect(String(await rejection(machine.freeFrames()))).toBe("Error: the machine is closed");
  });
});

test("a runtime without Symbol.asyncDispose gets the symbol that compilers take", async () => {
  class Door {
    isOpen = true;
    declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  }
  vi.stubGlobal("Symbol", { for: Symbol.for });
  try {
    onAsyncDispose(Door, async (door) => {
      door.isOpen = false;
    });
  } finally {
    vi.unstubAllGlobals();
  }
  const door = new Door();
  const close: unknown = Reflect.get(door, Symbol.for("Symbol.asyncDispose"));
  await (close as () => Promise<void>).call(door);
  expect(door.isOpen).toBe(false);
});
