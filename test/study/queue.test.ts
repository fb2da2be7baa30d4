/** The queue of exact cases: nothing is lost, and nothing counted twice, whoever is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { afterEach, describe, expect, type TestContext, test, vi } from "vitest";
import type { ExactCase, ExactOutcome, Outcome } from "../../apps/study/exact-job.js";
import { queueAddress } from "../../apps/study/queue/address.js";
import { QueueError, QueueLost } from "../../apps/study/queue/errors.js";
import { jobId, queueName } from "../../apps/study/queue/jobs.js";
import { queueModules } from "../../apps/study/queue/modules.js";
import { runOnQueue } from "../../apps/study/queue/run-on-queue.js";
import { workOnQueue } from "../../apps/study/queue/work-on-queue.js";
import type { ExactMeasures } from "../../apps/study/results.js";
import { freePort } from "../support/free-port.js";
import { ensureRedis, RedisServer } from "../support/redis.js";

const WORKER: string = fileURLToPath(new URL("../support/queue-worker.mjs", import.meta.url));
const BUILD = "0.1.0:a1b2";

afterEach(() => {
  vi.restoreAllMocks();
});

async function redis(test: TestContext, ...options: string[]): Promise<RedisServer> {
  const server = await RedisServer.start(...options);
  test.onTestFinished(() => server.remove());
  return server;
}

/** Counts how often cases are run, by their seeds. */
function runsFile(test: TestContext): { file: string; seeds: () => number[] } {
  const directory = mkdtempSync(join(tmpdir(), "xen-balloon-runs-"));
  test.onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "runs");
  const seeds = (): number[] =>
    existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number) : [];
  return { file, seeds };
}

interface TestWorker {
  readonly process: ChildProcess;
  readonly lines: readonly string[];
  /** SIGTERM: what it printed last. */
  end(): Promise<string | undefined>;
}

async function startWorker(test: TestContext, url: string, runs: string, build: string = BUILD): Promise<TestWorker> {
  const child = spawn(process.execPath, [WORKER, url, build, runs], { stdio: ["ignore", "pipe", "pipe"] });
  test.onTestFinished(() => void child.kill("SIGKILL"));
  const lines: string[] = [];
  const told = new Promise<void>((resolve) => {
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on("line", (line) => {
        lines.push(line);
        resolve();
      });
    }
  });
  await told;
  return {
    process: child,
    lines,
    async end() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "close");
      return lines.at(-1);
    },
  };
}

function casesOf(count: number, workload = "bulk"): ExactCase[] {
  return Array.from({ length: count }, (_, seed) => ({
    id: `pages=512 kib:${workload}/${seed}`,
    job: { settings: { workload }, seed, demand: null },
  }));
}

/** The results that the workers must reach. */
const expected = (cases: readonly ExactCase[]): ExactOutcome[] =>
  cases.map(({ id, job: { seed } }) => ({
    case: id,
    measures: { pagesOut: seed * seed, pagesIn: seed + 1 } as ExactMeasures,
  }));

const byCase = (results: readonly ExactOutcome[]): ExactOutcome[] =>
  [...results].sort((a, b) => (a.case < b.case ? -1 : 1));

interface Asked {
  readonly build?: string;
  readonly signal?: AbortSignal;
  readonly told?: (line: string) => void;
  /** After how many something is done. */
  readonly at?: number;
  readonly act?: () => unknown;
  readonly results?: ExactOutcome[];
}

/** All results of a study. */
async function study(url: string, cases: readonly ExactCase[], asked: Asked = {}): Promise<ExactOutcome[]> {
  const { build = BUILD, signal = new AbortController().signal, told = () => {}, results = [] } = asked;
  for await (const result of runOnQueue(url, build, cases, { signal, told })) {
    results.push(result);
    if (results.length === asked.at) await asked.act?.();
  }
  return results;
}

describe.skipIf(!ensureRedis())("with Redis", () => {
  test.concurrent("a server that is gone ends the study, and not the worker", async (t) => {
    const server = await redis(t);
    const { file } = runsFile(t);
    const worker = await startWorker(t, server.url, file);
    const results: ExactOutcome[] = [];
    const cases = casesOf(300);
    const lost = study(server.url, cases, { results, at: 20, act: () => server.kill() });
    const error = await lost.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(QueueLost);
    expect(error.message).toBe(`lost the queue at 127.0.0.1:${server.port}: connection refused for 10 s`);
    expect(results.length).toBeGreaterThanOrEqual(20);
    expect(expected(cases)).toEqual(expect.arrayContaining(results));
    expect(worker.process.exitCode).toBeNull();
    expect(await worker.end()).toBe("ended");
    expect(worker.lines.slice(1)).toEqual([`lost the queue at 127.0.0.1:${server.port}: waiting for it`, "ended"]);
  });

  test.concurrent("a server that hangs ends the study", async (t) => {
    const server = await redis(t);
    const { file } = runsFile(t);
    await startWorker(t, server.url, file);
    const lost = study(server.url, casesOf(300), { at: 1, act: () => server.stop() });
    await expect(lost).rejects.toThrow(`lost the queue at 127.0.0.1:${server.port}: no answer for 10 s`);
  });

  test.concurrent("a server that never answers is given up", async (t) => {
    const mute = createServer(() => {}).listen(0, "127.0.0.1");
    t.onTestFinished(() => void mute.close());
    await once(mute, "listening");
    const { port } = mute.address() as AddressInfo;
    await expect(study(`redis://127.0.0.1:${port}`, casesOf(1))).rejects.toThrow(
      `cannot use the queue at 127.0.0.1:${port}: no answer within 5 s`,
    );
  });

  test.concurrent("each case comes once where a worker is killed", async (t) => {
    const { url } = await redis(t);
    const { file, seeds } = runsFile(t);
    const workers = await Promise.all([1, 2, 3].map(() => startWorker(t, url, file)));
    const cases = casesOf(200);
    const results = await study(url, cases, { at: 50, act: () => workers[0]?.process.kill("SIGKILL") });
    expect(byCase(results)).toEqual(byCase(expected(cases)));
    expect(new Set(seeds()).size).toBe(200);
    expect(await workers[1]?.end()).toBe("ended");
    expect(await workers[2]?.end()).toBe("ended");
  });

  test.concurrent("a case is done by another worker when its own was killed", async (t) => {
    const { url } = await redis(t);
    const { file, seeds } = runsFile(t);
    const cases = casesOf(1, "hangs at first");
    const results = study(url, cases);
    const first = await startWorker(t, url, file);
    await vi.waitUntil(() => seeds().length === 1, 30_000);
    first.process.kill("SIGKILL");
    await startWorker(t, url, file);
    expect(await results).toEqual(expected(cases));
    expect(seeds()).toEqual([0, 0]);
  });

  test.concurrent("a study that is given up and asked for again runs nothing twice", async (t) => {
    const { url } = await redis(t);
    const { file, seeds } = runsFile(t);
    const cases = casesOf(300);
    const ending = new AbortController();
    const before: ExactOutcome[] = [];
    await startWorker(t, url, file);
    await startWorker(t, url, file);
    const given = study(url, cases, {
      signal: ending.signal,
      results: before,
      at: 40,
      act: () => ending.abort(new Error("given up")),
    });
    await expect(given).rejects.toThrow("given up");
    expect(before.length).toBeLessThan(300);
    const results = await study(url, cases);
    expect(byCase(results)).toEqual(byCase(expected(cases)));
    for (const result of before) expect(results).toContainEqual(result);
    expect([...seeds()].sort((a, b) => a - b)).toEqual(cases.map(({ job }) => job.seed));
  });

  test.concurrent("two studies share what they both ask for", async (t) => {
    const { url } = await redis(t);
    const { file, seeds } = runsFile(t);
    const cases = casesOf(100);
    await startWorker(t, url, file);
    const [some, all] = await Promise.all([
      study(url, [...cases.slice(0, 60), ...cases.slice(50, 60)]),
      study(url, cases.toReversed()),
    ]);
    expect(byCase(some)).toEqual(byCase(expected(cases.slice(0, 60))));
    expect(byCase(all)).toEqual(byCase(expected(cases)));
    expect(seeds()).toHaveLength(100);
  });

  test.concurrent("a case that is at fault is a result, and not tried again", async (t) => {
    const { url } = await redis(t);
    const { file, seeds } = runsFile(t);
    await startWorker(t, url, file);
    const cases = casesOf(3, "broken");
    const problems = cases.map(({ id }) => ({ case: id, problem: "cannot be booted" }));
    expect(byCase(await study(url, cases))).toEqual(problems);
    expect(byCase(await study(url, cases))).toEqual(problems);
    expect(seeds()).toHaveLength(3);
  });

  test.concurrent.for([
    ["with its data", ["--appendonly", "yes"]],
    ["without its data", []],
  ] as const)("a server that comes back %s is an outage, not the end", async ([, options], t) => {
    const server = await redis(t, ...options);
    const { file, seeds } = runsFile(t);
    const worker = await startWorker(t, server.url, file);
    const cases = casesOf(60);
    const results = await study(server.url, cases, {
      at: 20,
      act: async () => {
        await server.kill();
        await server.start();
      },
    });
    expect(byCase(results)).toEqual(byCase(expected(cases)));
    expect(new Set(seeds()).size).toBe(60);
    expect(await worker.end()).toBe("ended");
    expect(worker.lines.filter((line) => line.startsWith("lost the queue"))).toHaveLength(1);
    expect(worker.lines).toContain(`the queue at 127.0.0.1:${server.port} is back`);
  });

  test("a worker that is told to end finishes what it has", async (t) => {
    const { url } = await redis(t);
    const ending = new AbortController();
    const measures = { pagesOut: 9 } as ExactMeasures;
    let taken = 0;
    let finish = (): void => {};
    const finishing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const run = async (): Promise<Outcome> => {
      taken++;
      await finishing;
      return { measures };
    };
    const working = workOnQueue(url, BUILD, run, { signal: ending.signal, concurrency: 2, told: () => {} });
    const leaving = new AbortController();
    const results: ExactOutcome[] = [];
    const given = study(url, casesOf(5), { results, at: 2, act: () => leaving.abort(), signal: leaving.signal });
    const left = expect(given).rejects.toThrow("abort");
    await vi.waitUntil(() => taken === 2, 30_000);
    ending.abort();
    finish();
    await working;
    await left;
    expect(results).toEqual([
      { case: expect.any(String), measures },
      { case: expect.any(String), measures },
    ]);
    expect(taken).toBe(2);
  });

  test("workers of another build take nothing, which the study says", async (t) => {
    const { port } = await redis(t, "--requirepass", "s3cret");
    const url = `redis://:s3cret@127.0.0.1:${port}`;
    const { file, seeds } = runsFile(t);
    const other = await startWorker(t, url, file, "0.2.0");
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + later);
    let later = 0;
    const told: string[] = [];
    const cases = casesOf(5);
    const results = study(url, cases, { told: (line) => told.push(line) });
    await sleep(100);
    expect(told).toEqual([]);
    await vi.waitUntil(() => {
      later += 30_000;
      return told.length > 0;
    }, 30_000);
    await startWorker(t, url, file);
    expect(byCase(await results)).toEqual(expected(cases));
    expect(told).toEqual([
      "no worker of this build (0.1.0:a1b2) has taken a case for 30 s: " +
        `start one with xen-balloon work --queue redis://…@127.0.0.1:${port}`,
    ]);
    expect(seeds()).toHaveLength(5);
    expect(other.lines).toEqual([`takes cases of build 0.2.0 from redis://…@127.0.0.1:${port}`]);
  });

  test("the same case with another demand is another", async (t) => {
    const { url } = await redis(t);
    const ending = new AbortController();
    const working = workOnQueue(
      url,
      BUILD,
      async ({ demand }) => ({ measures: { pagesOut: demand?.points[0]?.usedPages } as ExactMeasures }),
      { signal: ending.signal, concurrency: 1, told: () => {} },
    );
    const demanded = (usedPages: number): ExactCase => ({
      id: "replay",
      job: {
        settings: { demand: "demand.csv" },
        seed: 1,
        demand: { vm: "", points: [{ timeMs: 0, usedPages, provisionedPages: null }] },
      },
    });
    expect(await study(url, [demanded(7)])).toEqual([{ case: "replay", measures: { pagesOut: 7 } }]);
    const { Queue, Redis } = await queueModules();
    const connection = new Redis(url, { maxRetriesPerRequest: null });
    const job = () => new Queue(queueName(BUILD), { connection }).getJob(jobId(BUILD, demanded(7)));
    await vi.waitUntil(async () => (await job())?.data === null, 30_000);
    connection.disconnect();
    expect(await study(url, [demanded(8)])).toEqual([{ case: "replay", measures: { pagesOut: 8 } }]);
    ending.abort();
    await working;
  });

  test("a case of which a worker can say nothing is put on the queue again", async (t) => {
    const { url } = await redis(t);
    const { file } = runsFile(t);
    const cases = casesOf(1);
    const { Queue, Redis } = await queueModules();
    const connection = new Redis(url, { maxRetriesPerRequest: null });
    t.onTestFinished(() => connection.disconnect());
    const id = jobId(BUILD, cases[0] as ExactCase);
    await new Queue(queueName(BUILD), { connection }).add("emptied", null, { jobId: id, removeOnFail: true });
    await startWorker(t, url, file);
    expect(await study(url, cases)).toEqual(expected(cases));
  });

  test("a case that ends all that run it is given up, and put on the queue again when it is asked for anew", async (t) => {
    const { url } = await redis(t);
    const ending = new AbortController();
    const told: string[] = [];
    let runs = 0;
    const run = async (): Promise<Outcome> => {
      if (++runs <= 5) throw new Error("out of memory");
      return { measures: { pagesOut: 0, pagesIn: 1 } as ExactMeasures };
    };
    const options = { signal: ending.signal, concurrency: 1, told: (line: string) => told.push(line) };
    const working = workOnQueue(url, BUILD, run, options);
    const [one] = casesOf(1) as [ExactCase];
    expect(await study(url, [one])).toEqual([{ case: one.id, problem: "it was lost 5 times: see what workers say" }]);
    expect(runs).toBe(5);
    await vi.waitUntil(() => told.filter((line) => line.endsWith("has ended: out of memory")).length === 5);
    expect(await study(url, [one])).toEqual(expected([one]));
    ending.abort();
    await working;
  });

  test("what a server may do to the queue is told, not printed", async (t) => {
    const { url, port } = await redis(t, "--maxmemory-policy", "allkeys-lru", "--maxmemory", "100mb");
    const printed = (["log", "warn", "error"] as const).map((name) => vi.spyOn(console, name));
    const told: string[] = [];
    expect(await study(url, [], { told: (line) => told.push(line) })).toEqual([]);
    expect(told).toEqual([expect.stringContaining(`Redis at 127.0.0.1:${port} may drop cases`)]);
    expect(told[0]).toContain("allkeys-lru, not noeviction");
    for (const each of printed) expect(each).not.toHaveBeenCalled();
  });

  test("a wrong password is told without it", async (t) => {
    const { port } = await redis(t, "--requirepass", "s3cret");
    const error = await study(`redis://:wr0ng@127.0.0.1:${port}`, casesOf(1)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(QueueError);
    expect(error.message).toMatch(`cannot use the queue at 127.0.0.1:${port}: WRONGPASS`);
    expect(inspect(error)).not.toContain("wr0ng");
    await expect(study(`redis://127.0.0.1:${port}`, casesOf(1))).rejects.toThrow(/127.0.0.1:\d+: NOAUTH/);
  });
});

describe("without Redis", () => {
  const sides = [
    ["study", (url: string) => study(url, casesOf(1))],
    [
      "worker",
      (url: string) => {
        const signal = new AbortController().signal;
        const run = () => Promise.reject(new Error("nothing to run"));
        return workOnQueue(url, BUILD, run, { signal, concurrency: 1, told: () => {} });
      },
    ],
  ] as const;

  test.each(sides)("a %s says that it cannot connect", async (_, start) => {
    const port = await freePort();
    const error = await start(`redis://me:s3cret@127.0.0.1:${port}/2`).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(QueueError);
    expect(error.message).toBe(`cannot use the queue at 127.0.0.1:${port}: connection refused`);
    expect(inspect(error)).not.toContain("s3cret");
  });

  test.each([
    ["", "got nothing"],
    ["localhost:6379", "got localhost:6379"],
    ["http://me:s3cret@host:6379", "got http://…@host:6379"],
    ["me:s3cret@host:6379", "got …@host:6379"],
    ["redis://me:s3?#cr@et@host:port", "got redis://…@host:port"],
    ["redis://host/queue", "got redis://host/queue"],
    ["redis://host/queue?password=s3cret", "got redis://host/queue?…"],
    ["redis://", "got redis://"],
    ["redis://host#s3cret", "got redis://host?…"],
  ])("%j is no queue", (url, message) => {
    let error: unknown;
    try {
      queueAddress(url);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(QueueError);
    const text = (error as QueueError).message;
    expect(text).toContain("expected redis://HOST:PORT or rediss://HOST:PORT");
    expect(text.slice(text.indexOf("; ") + 2)).toBe(message);
  });

  test.each([
    ["redis://host", "host:6379", "redis://host"],
    ["rediss://me:s3cret@host:7000/3", "host:7000", "rediss://…@host:7000/3"],
    ["redis://[::1]:7000/", "[::1]:7000", "redis://[::1]:7000/"],
  ])("%j is one", (url, host, shown) => {
    expect(queueAddress(url)).toEqual({ url, host, shown });
  });

  test("packages that are missing are named", async () => {
    const missing = Object.assign(new Error("Cannot find package 'bullmq'"), { code: "ERR_MODULE_NOT_FOUND" });
    await expect(queueModules(() => Promise.reject(missing))).rejects.toThrow(
      "the queue needs bullmq and ioredis: npm install bullmq@6.7.0 ioredis@6.0.0",
    );
    await expect(queueModules(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  });

  test("names are those that BullMQ takes, and the same for the same", () => {
    const [one, other] = casesOf(2) as [ExactCase, ExactCase];
    const again: ExactCase = { ...one, job: { seed: 0, demand: null, settings: { workload: "bulk" } } };
    expect(queueName(BUILD)).not.toContain(":");
    expect(jobId(BUILD, one)).toMatch(/^case-[0-9a-f]{32}$/);
    expect(jobId(BUILD, again)).toBe(jobId(BUILD, one));
    expect(jobId(BUILD, other)).not.toBe(jobId(BUILD, one));
    expect(jobId("0.2.0", one)).not.toBe(jobId(BUILD, one));
  });
});
