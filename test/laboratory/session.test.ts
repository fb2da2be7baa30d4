/** The laboratory's session and the engine in its worker, with everything that crosses between them. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { PageDetail, Snapshot } from "../../apps/laboratory/session/messages.js";
import { Session } from "../../apps/laboratory/session/session.js";
import { ScriptError } from "../../src/scenario/script-error.js";
import { rejection } from "../support/entries.js";

type Listener = (event: object) => void;
/** The script's listener to the messages of its worker. */
let serve: Listener;

/** A worker whose script runs here. */
class LocalWorker {
  static last: LocalWorker;
  readonly #failed: Listener[] = [];
  ended = false;

  constructor() {
    LocalWorker.last = this;
  }

  postMessage(data: unknown): void {
    serve({ data });
  }

  addEventListener(_: "error", listener: Listener): void {
    this.#failed.push(listener);
  }

  fail(event: object): void {
    for (const listener of this.#failed) listener(event);
  }

  terminate(): void {
    this.ended = true;
  }
}

beforeAll(() => {
  vi.stubGlobal("Worker", LocalWorker);
  vi.stubGlobal("addEventListener", (_: "message", listener: Listener) => {
    serve = listener;
  });
});
afterAll(() => vi.unstubAllGlobals());

const shown: { snapshots: Snapshot[]; pages: PageDetail[]; failures: string[] } = {
  snapshots: [],
  pages: [],
  failures: [],
};
let session: Session;

beforeEach(async () => {
  vi.resetModules();
  // the script makes an engine, as in every worker
  await import("../../apps/laboratory/session/engine-worker.js");
  shown.snapshots = [];
  shown.pages = [];
  shown.failures = [];
  session = new Session({
    onSnapshot: (snapshot) => shown.snapshots.push(snapshot),
    onPage: (detail) => shown.pages.push(detail),
    onFailure: ({ message }) => shown.failures.push(message),
  });
});
afterEach(() => session.end());

async function boot(config = "config max_pfn=4096 nr_pages=4096"): Promise<void> {
  await session.configure(config);
  expect(await session.perform("boot")).toBe(0);
}

test("operations are answered, and the guest's standing comes with every answer", async () => {
  expect(session.standing).toEqual({ nowMs: 0, workDueMs: null, bug: null });
  await boot();
  expect(await session.perform("host_take 9999")).toBe(0);
  expect(await session.perform("target 1000")).toBe(0);
  expect(session.standing).toEqual({ nowMs: 0, workDueMs: 0, bug: null });
  expect(await session.perform("run")).toBe(0);
  expect(await session.perform("advance 1500")).toBe(0);
  expect(session.standing).toEqual({ nowMs: 1500, workDueMs: null, bug: null });
});

test("an operation that is none: a ScriptError of no line", async () => {
  await boot();
  const error = await rejection(session.perform("target minus"));
  expect(error).toBeInstanceOf(ScriptError);
  expect(error).toMatchObject({
    name: "ScriptError",
    line: null,
    message: 'target: expected pages from 0 to 4294967295, got "minus"',
  });
});

test("a configuration that is none: a ScriptError of its line", async () => {
  const error = await rejection(session.configure("config max_pfn=4096\nconfig size=1"));
  expect(error).toBeInstanceOf(ScriptError);
  expect(error).toMatchObject({ line: 2, message: expect.stringContaining('line 2: config: no key "size"') });
  expect(await rejection(session.perform("boot"))).toMatchObject({ message: "no guest is configured yet" });
});

test("a BUG ends the guest, and is no error of its operation", async () => {
  await boot();
  for (const line of ["on_cpu 3", "target 500", "run"]) expect(await session.perform(line)).toBe(0);
  const { bug } = session.standing;
  expect(bug).toEqual(expect.any(String));
  const error = await rejection(session.perform("target 1"));
  expect(error).toMatchObject({ message: `the guest has ended in BUG_ON(${bug}): boot another` });
  session.look(null);
  await vi.waitFor(() => expect(shown.snapshots).toMatchObject([{ now: null, figures: { now: { nowMs: 0 } }, bug }]));
});

test("one look at a time, each with what happened since the last", async () => {
  await boot();
  await session.perform("target 1000");
  await session.perform("run");
  for (let i = 0; i < 3; i++)
    session.look({ pfn: 0, pages: 4096, cellPages: 4096 }, { pfn: 0, pages: 4096, cellPages: 2048 });
  await vi.waitFor(() => expect(shown.snapshots).not.toEqual([]));
  session.look(null);
  await vi.waitFor(() => expect(shown.snapshots).toHaveLength(2));
  const [first, second] = shown.snapshots;
  expect(first.overview?.counts.ballooned).toEqual(Uint32Array.of(2047, 1049));
  expect(first.census?.counts.ballooned).toEqual(Uint32Array.of(3096));
  expect(first.now).toMatchObject({ nowMs: 0, stats: { current_pages: 1000 } });
  expect(first.events).toContainEqual(expect.objectContaining({ kind: "operation", line: "target 1000" }));
  expect(first.samples.at(-1)).toEqual({ ...first.now, wallMs: expect.any(Number), operation: 2 });
  expect(second).toMatchObject({ census: null, events: [], samples: [] });
});

test("a page of the guest has a state and a frame; others are not shown", async () => {
  await boot("config domain=hvm max_pfn=4096 nr_pages=4096");
  session.inspect(5000);
  session.inspect(17);
  await vi.waitFor(() =>
    expect(shown.pages).toMatchObject([{ pfn: 17, state: "free", mfn: expect.any(Number), table: "physmap" }]),
  );
});

test("the end rejects what is under way and all that follows, and shows nothing more", async () => {
  await boot();
  const calls = [rejection(session.perform("advance 10")), rejection(session.perform("advance 10"))];
  session.look(null);
  session.end();
  const ended = { message: "another guest has been booted" };
  expect(await Promise.all(calls)).toMatchObject([ended, ended]);
  expect(await rejection(session.perform("run"))).toMatchObject(ended);
  session.look(null);
  session.inspect(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(shown).toEqual({ snapshots: [], pages: [], failures: [] });
  expect(LocalWorker.last.ended).toBe(true);
});

test.each([
  [{}, "the engine's worker failed: its script cannot be loaded"],
  [{ message: "Error: out of memory" }, "the engine's worker failed: Error: out of memory"],
])("a worker that fails with %o", async (event, message) => {
  await boot();
  const call = rejection(session.perform("run"));
  LocalWorker.last.fail(event);
  expect(await call).toMatchObject({ message });
  expect(await rejection(session.perform("run"))).toMatchObject({ message });
  expect(shown.failures).toEqual([message]);
});
