/** Studies and plans over Redis as a user runs them: the commands study, host and work, in processes of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { command, main } from "../support/command.js";
import { ensureRedis, RedisServer } from "../support/redis.js";

const CASES = 400;
const STUDY = `format: xen-balloon study 1
title: Four hundred cases
question: Are they counted alike wherever they are run?
base: { workload: rand }
factors:
  frameListCapacity: { levels: [16, 32, 64, 100, 128, 200, 256, 512, 1000, 4096], baseline: 512 }
  maxPfn: { levels: [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000] }
  domain: { levels: [pv, hvm] }
seeds: [1, 2]
measures: [pagesMoved, memoryOps, extentsPerCall, longestStepPages, memoryBytes]
`;

const folder = mkdtempSync(join(tmpdir(), "xen-balloon-work-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Running {
  readonly process: ChildProcess;
  /** Its output so far, on both streams. */
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

function start(...args: readonly string[]): Running {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  return { process: child, said: () => said, ended: once(child, "exit").then(([status]) => status) };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), "utf8");
const exactLines = (out: string): string[] =>
  existsSync(join(folder, out, "results.jsonl"))
    ? read(out, "results.jsonl")
        .split("\n")
        .filter((line) => line.startsWith('{"kind":"exact"'))
    : [];

describe.skipIf(!ensureRedis())("with Redis", () => {
  test("400 cases, three workers and one of them killed: the same to the byte as on this machine alone", async () => {
    const file = join(folder, "many.yaml");
    writeFileSync(file, STUDY);
    expect(command("study", file, "--out", join(folder, "local")).status).toBe(0);
    const server = await RedisServer.start();
    const workers = [1, 2, 3].map(() => start("work", "--queue", server.url));
    try {
      await until(() => workers.every(({ said }) => said().includes("takes cases of build")));
      const study = start("study", file, "--out", join(folder, "queued"), "--queue", server.url);
      await until(() => exactLines("queued").length >= CASES / 4);
      workers[1].process.kill("SIGKILL");
      expect(await study.ended).toBe(0);
      expect(exactLines("queued").length).toBe(CASES);
      expect([...exactLines("queued")].sort()).toEqual([...exactLines("local")].sort());
      expect(read("queued", "exact.csv")).toBe(read("local", "exact.csv"));
      for (const worker of [workers[0], workers[2]]) {
        worker.process.kill("SIGTERM");
        expect(await worker.ended).toBe(0);
      }
    } finally {
      for (const worker of workers) worker.process.kill("SIGKILL");
      await server.remove();
    }
  });

  test("a host's plan on the queue has the results that it has here", async () => {
    const file = join(folder, "host.yaml");
    writeFileSync(
      file,
      `format: xen-balloon host 1
title: A host on a queue
question: Is it the same?
span: 5 min
base: { size: [1 GiB, 1280 MiB], policy: [qmemman, squeezed, xl] }
guests:
  - { name: web, memory: 512 MiB, minimum: 256 MiB, maximum: 1 GiB, demand: { 0 s: 300 MiB, 2 min: 700 MiB } }
  - { name: db, memory: 300 MiB, minimum: 256 MiB, maximum: 512 MiB, demand: 280 MiB }
`,
    );
    expect(command("host", file, "--out", join(folder, "host-here")).status).toBe(0);
    const server = await RedisServer.start();
    const workers = [1, 2].map(() => start("work", "--queue", server.url));
    try {
      await until(() => workers.every(({ said }) => said().includes("takes cases of build")));
      const queued = start("host", file, "--out", join(folder, "host-queued"), "--queue", server.url);
      expect(await queued.ended).toBe(0);
      expect(exactLines("host-queued")).toHaveLength(12);
      expect([...exactLines("host-queued")].sort()).toEqual([...exactLines("host-here")].sort());
      expect(read("host-queued", "guests.csv")).toBe(read("host-here", "guests.csv"));
    } finally {
      for (const worker of workers) worker.process.kill("SIGKILL");
      await server.remove();
    }
  });

  test("a queue that goes away loses nothing: the study says how to go on, and goes on without it", async () => {
    const file = join(folder, "many.yaml");
    const server = await RedisServer.start();
    const worker = start("work", "--queue", server.url);
    try {
      const study = start("study", file, "--out", join(folder, "lost"), "--queue", server.url);
      await until(() => exactLines("lost").length >= 20);
      server.kill();
      expect(await study.ended).toBe(2);
      expect(study.said()).toMatch(
        /lost the queue at .*: \d+ of 400 runs done and kept in .*lost; the rest: .* --resume --queue redis:\/\/127\.0\.0\.1:\d+\n$/,
      );
      const kept = exactLines("lost");
      expect(kept.length).toBeLessThan(CASES);
      expect(command("study", file, "--out", join(folder, "lost"), "--resume").status).toBe(0);
      expect(exactLines("lost").slice(0, kept.length)).toEqual(kept);
      expect(read("lost", "exact.csv")).toBe(read("local", "exact.csv"));
    } finally {
      worker.process.kill("SIGKILL");
      await server.remove();
    }
  });
});

test("no queue, or a wrong one, is told in a line", () => {
  const refused = command("work", "--queue", "redis://127.0.0.1:1");
  expect(refused).toMatchObject({ status: 2, stdout: "" });
  expect(refused.stderr).toBe("xen-balloon: cannot use the queue at 127.0.0.1:1: connection refused\n");
  expect(command("work").stderr).toMatch(/required option '--queue <url>' not specified/);
});
