/** The entries, which have one API, and what the tests of that API share. */
import type { Guest, Machine, MachineOptions } from "../../src/api/exports.js";
import { createMachine as createWasmMachine } from "../../src/index.js";
import { createMachine as createReferenceMachine } from "../../src/reference.js";
import { createMachine as createWorkerMachine } from "../../src/worker-node.js";
import { LocalThread } from "./local-thread.js";

export type CreateMachine = (options: MachineOptions) => Promise<Machine>;

export const entries: readonly (readonly [name: string, createMachine: CreateMachine])[] = [
  ["wasm", createWasmMachine],
  ["reference", createReferenceMachine],
  // Machine has private members, and RemoteMachine all others
  ["worker", (options) => createWorkerMachine({ ...options, worker: new LocalThread() }) as Promise<unknown> as never],
];

/** True where a guest goes on before its caller hears of what it did. */
export function isAfar(entry: string): boolean {
  return entry === "worker";
}

/** Returns the error with which the promise rejects. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const nothing = {};
  const error = await promise.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  if (error === nothing) throw new Error("expected a rejection");
  return error;
}

/** A value that TypeScript would not let through, as a JavaScript program may pass it. */
export function wrong<T>(value: unknown): T {
  return value as T;
}

/** Everything that a call which was refused must leave as it was. */
export async function snapshot(machine: Machine, guest: Guest): Promise<object> {
  return {
    stats: await guest.stats(),
    status: await guest.status(),
    freeFrames: await machine.freeFrames(),
    ballooned: await guest.balloonedPages(guest.config.pfnLimit),
    p2m: await guest.p2m(0, guest.config.pfnLimit),
    kernelLog: [...guest.kernelLog],
    nowMs: machine.nowMs,
  };
}

/** `from`, `from + 1`, … `to`; descending where `to` is less. */
export function range(from: number, to: number): number[] {
  const step = to < from ? -1 : 1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => from + i * step);
}

/** A guest of 1024 pages, 512 of them ballooned out, on a machine that has no frame left to give back. */
export async function starve(createMachine: CreateMachine): Promise<{ machine: Machine; guest: Guest }> {
  const machine = await createMachine({ hostPages: 1024 });
  const guest = await machine.boot({ maxPfn: 1024 });
  await guest.setTarget({ pages: 512 });
  await guest.settle();
  await machine.takeFrames(512);
  await guest.setTarget({ pages: 1024 });
  return { machine, guest };
}

/** A call of every method that asks the driver, by its name. @param lent - pages lent out. @param taken - pages taken. */
export function callsThatAsk(
  guest: Guest,
  lent: Uint32Array,
  taken: Uint32Array,
): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    setTarget: () => guest.setTarget({ pages: 60 }),
    settle: () => guest.settle(),
    stats: () => guest.stats(),
    status: () => guest.status(),
    takeBallooned: () => guest.takeBallooned(1),
    giveBallooned: () => guest.giveBallooned(lent),
    takePages: () => guest.takePages(1),
    givePages: () => guest.givePages(taken),
    fillPages: () => guest.fillPages(taken, 1),
    readWord: () => guest.readWord(0, 0),
    tune: () => guest.tune({ maxRetryCount: 1 }),
    cpuUp: () => guest.cpuUp(1),
    onCpu: () => guest.onCpu(0),
    online: () => guest.online(),
    setMaxPages: () => guest.setMaxPages(10),
    inject: () => guest.inject({}),
    p2m: () => guest.p2m(0, 1),
    balloonedPages: () => guest.balloonedPages(1),
  };
}
