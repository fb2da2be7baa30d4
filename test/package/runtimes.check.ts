/** The packed package in every runtime it is for: imported, required, in a worker, as a command, as the README shows. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { fences, promisedBy } from "../support/readme.js";
import { RedisServer } from "../support/redis.js";
import { type Ended, end, folder, main, run, SAID, USE, write } from "./consumer.js";
import { isThere, nameOf, runtimeOf, runtimes, TOO_OLD } from "./runtimes.js";

const ENTRIES = ["xen-balloon", "xen-balloon/inline", "xen-balloon/reference", "xen-balloon/worker"];
const EXAMPLES = join(folder, "node_modules/xen-balloon/examples");
const readme = readFileSync(join(folder, "node_modules/xen-balloon/README.md"), "utf8");
const BOOT_LOG = new URL("../fixtures/bootlogs/hvm-linux4.9.txt", import.meta.url);

const SCRIPT = "config nr_pages=4096 max_pfn=4096\nboot\ntarget 1024\nsettle\n";
/** Times and a count, of two cases. */
const STUDY = `format: xen-balloon study 1
title: Scrub in a small guest
question: What does clearing pages cost?
base: { workload: bulk, contents: true, maxPfn: 4096 }
factors:
  scrub: { levels: [false, true], baseline: false }
measures: [time, scrubbedPages]
replications: 2
`;
/** The environment without the warning of Node 20 and 22 about require of a module, which is no error. */
const QUIET = { ...process.env, NODE_NO_WARNINGS: "1" };

beforeAll(() => {
  write("use.js", USE);
  write("small.ops", SCRIPT);
  write("small.yaml", STUDY);
  write("boot.txt", readFileSync(BOOT_LOG, "utf8"));
  write("readme.ops", fences(readme, "").find((text) => text.startsWith("config")) ?? "");
});

describe.each(runtimes(folder).map(({ name, command }) => [name, command] as const))("%s", (name, command) => {
  const slug = name.replaceAll(/[^a-z0-9]/gi, "-");
  const program = (...args: readonly string[]): Promise<string> => run(...command, ...args);
  const xenBalloon = (...args: readonly string[]): Promise<Ended> => end([...command, main, ...args]);

  describe("import", () => {
    test.each(ENTRIES)("%s", async (entry) => {
      const file = write(
        "import.js",
        `import { createMachine } from "${entry}"; import { use } from "./use.js"; console.log(await use(createMachine));`,
      );
      expect(await program(file)).toBe(SAID);
    });

    test("does nothing by itself", async () => {
      const imports = ENTRIES.map((entry) => `await import("${entry}");`).join(" ");
      const file = write(
        "quiet.js",
        `const before = Object.keys(globalThis).join(); let compiled = 0;
         WebAssembly.compile = () => compiled++;
         WebAssembly.Module = class { constructor() { compiled++; } }; ${imports}
         console.log(compiled, Object.keys(globalThis).join() === before);`,
      );
      expect(await program(file)).toBe("0 true");
    });
  });

  describe("require", () => {
    test.each(ENTRIES)("%s", async (entry) => {
      const file = write(
        "require.cjs",
        `const { createMachine } = require("${entry}"); import("./use.js").then(({ use }) => use(createMachine)).then(console.log);`,
      );
      expect(await end([...command, file], QUIET)).toEqual({ status: 0, stdout: `${SAID}\n`, stderr: "" });
    });
  });

  describe("README", () => {
    test("its example prints what its comments say", async () => {
      const [example] = fences(readme, "js");
      expect((await program(write("readme.js", example))).split("\n")).toEqual(promisedBy(example));
    });

    test("its rehearsal ends", async () => {
      const [, rehearsal] = fences(readme, "js");
      const program = `import { createMachine } from "xen-balloon";
        const machine = await createMachine({ hostPages: 20_000 });
        ${rehearsal}
        console.log(await machine.freeFrames());`;
      expect(await run(...command, write("rehearsal.js", program))).toBe("20000");
    });

    test("its script waits as it tells", async () => {
      const { status, stdout } = await xenBalloon("run", "readme.ops");
      expect(status).toBe(0);
      expect(stdout).toMatch(/3\.000 s {2}advance 3000.*2 failures, next try at 6\.000 s/);
    });

    test("examples/worker.mjs moves a guest's memory while its own thread goes on", async () => {
      expect(await program(join(EXAMPLES, "worker.mjs"))).toMatch(
        /^[1-9]\d* GiB moved while this thread ticked \d\d+ times$/,
      );
    });

    test("examples/server.mjs tells a guest's stats", async () => {
      const [file, ...args] = [...command, join(EXAMPLES, "server.mjs"), "0"];
      const server = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
      try {
        const [url] = await once(createInterface({ input: server.stdout }), "line");
        expect(await (await fetch(url)).json()).toMatchObject({ currentPages: 1_048_576, freeFrames: 0 });
      } finally {
        server.kill();
      }
    });
  });

  describe("worker", () => {
    /** A program with a machine of `xen-balloon/worker`: its lines. */
    const story = async (options: string, text: string): Promise<string[]> => {
      const file = write(
        "story.js",
        `import { BalloonError, createMachine } from "xen-balloon/worker";
         const machine = await createMachine(${options});
         ${text}`,
      );
      return (await program(file)).split("\n");
    };

    test("a guest is awaited, heard, aborted, and ends the process by itself", async () => {
      const said = await story(
        "{ hostPages: 300_000 }",
        `const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1 });
         let calls = 0;
         guest.on("hypercall", () => calls++);
         await guest.setTarget({ pages: 1000 });
         const controller = new AbortController();
         const onProgress = () => controller.abort("enough");
         await guest.settle({ signal: controller.signal, onProgress }).catch((reason) => console.log(reason));
         await guest.settle();
         console.log(calls, (await guest.stats()).currentPages);
         await guest.takeBallooned(2 ** 20).catch((error) => console.log(error instanceof BalloonError, error.code));`,
      );
      expect(said).toEqual(["enough", "299000 1000", "true ENOMEM"]);
    });

    test("a real clock is waited for while work is due", async () => {
      const said = await story(
        '{ hostPages: 1000, clock: "real" }',
        `const guest = await machine.boot({ maxPfn: 1000 });
         await guest.setTarget({ pages: 500 });
         await guest.settle();
         await machine.takeFrames(500);
         await guest.tune({ maxRetryCount: 2, maxScheduleDelaySeconds: 1 });
         for (const name of ["retry", "cancelled"]) guest.on(name, () => console.log(name));
         await guest.setTarget({ pages: 1000 });`,
      );
      expect(said).toEqual(["retry", "cancelled"]);
    });

    test("terminate ends what is under way", async () => {
      const said = await story(
        "{ hostPages: 300_000 }",
        `const guest = await machine.boot({ maxPfn: 300_000, frameListCapacity: 1 });
         await guest.setTarget({ pages: 1000 });
         guest.on("progress", () => machine.terminate());
         await guest.settle().catch((error) => console.log(error.message));`,
      );
      expect(said).toEqual(["the machine was terminated"]);
    });

    test("a worker of one's own, with modules compiled outside", async () => {
      write("own-worker.js", `import { serve } from "xen-balloon/worker"; serve();`);
      const file = write(
        "own.js",
        `import { readFile } from "node:fs/promises"; import { Worker } from "node:worker_threads";
         import { fileURLToPath } from "node:url"; import { createMachine } from "xen-balloon/worker";
         import { use } from "./use.js";
         const compile = async (name) =>
           new WebAssembly.Module(await readFile(fileURLToPath(import.meta.resolve("xen-balloon/" + name + ".wasm"))));
         const wasm = { balloon: await compile("balloon"), xen: await compile("xen") };
         const worker = new Worker(new URL("./own-worker.js", import.meta.url));
         console.log(await use((options) => createMachine({ ...options, wasm, worker })));`,
      );
      expect(await program(file)).toBe(SAID);
    });
  });

  describe("command", () => {
    test.each(["wasm", "wasm-debug", "reference"])("run, --trace and --time on %s", async (engine) => {
      const told = await xenBalloon("run", "--engine", engine, "small.ops");
      expect(told).toMatchObject({ status: 0, stderr: "" });
      expect(told.stdout).toMatch(/^current_pages +1,024 /m);
      const traced = await xenBalloon("run", "--engine", engine, "--trace", "small.ops");
      expect(traced.stdout.split("\n")).toHaveLength(4);
      const timed = await xenBalloon("run", "--engine", engine, "--time", "small.ops");
      const lines = timed.stdout.trimEnd().split("\n");
      expect(lines.map((line) => JSON.parse(line).calls)).toEqual([0, 0, 6]);
    });

    test("boot reads a log", async () => {
      expect((await xenBalloon("boot", "boot.txt")).stdout).toMatch(/^current_pages +129024/m);
      expect((await xenBalloon("boot", "--script", "boot.txt")).stdout).toMatch(/^config /m);
    });

    test("demo checks every count", async () => {
      const { status, stdout } = await xenBalloon("demo");
      expect(status).toBe(0);
      expect(stdout).toMatch(/^1 GiB +wasm, each batch /m);
      expect(stdout).toMatch(/^1 GiB +reference /m);
    });

    test("serve answers", async () => {
      const [file, ...args] = [...command, main, "serve", "--port", "0"];
      const server = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
      const ended = once(server, "exit");
      const [url] = await once(createInterface({ input: server.stdout }), "line");
      const answer = await fetch(url);
      expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(await answer.text()).toContain("<title>xen-balloon laboratory</title>");
      server.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    });

    test("what is wrong is told in one line", async () => {
      const { status, stdout, stderr } = await xenBalloon("run", "nowhere.ops");
      expect({ status, stdout, stderr }).toEqual({
        status: 2,
        stdout: "",
        stderr: "xen-balloon: nowhere.ops: no such file\n",
      });
    });
  });

  describe("study", () => {
    test("is planned, run with times, reported and compared", async () => {
      expect((await xenBalloon("study", "small.yaml", "--dry-run")).stdout).toMatch(/2 cases, each counted once/);
      const out = `study-${slug}`;
      expect(await xenBalloon("study", "small.yaml", "--out", out)).toMatchObject({ status: 0 });
      const [header, ...lines] = readFileSync(join(folder, out, "results.jsonl"), "utf8")
        .trimEnd()
        .split("\n");
      expect(JSON.parse(header).environment.runtime).toBe(name);
      const timed = lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === "timed");
      expect(timed.length).toBeGreaterThanOrEqual(4);
      for (const { first, warm } of timed) {
        for (const ns of [first.outNs, first.inNs, warm.outNs, warm.inNs]) expect(ns).toBeGreaterThan(0);
      }
      expect(await xenBalloon("report", out)).toMatchObject({ status: 0, stdout: `${out}/report.html\n` });
      expect((await xenBalloon("compare", out, out)).stdout).toMatch(/no sign that there is none\.\n$/);
    });

    test.skipIf(!inject("redis"))("is counted by a worker of a queue", async () => {
      write("exact.yaml", STUDY.replace("time, ", "").replace("replications: 2\n", ""));
      const redis = await RedisServer.start();
      const [file, ...args] = [...command, main, "work", "--queue", redis.url];
      const worker = spawn(file, args, { cwd: folder, stdio: "ignore" });
      const ended = once(worker, "exit");
      try {
        const out = `queue-${slug}`;
        const study = await xenBalloon("study", "exact.yaml", "--out", out, "--queue", redis.url);
        expect(study).toMatchObject({ status: 0, stdout: `${out}/report.html\n` });
        worker.kill("SIGTERM");
        expect(await ended).toEqual([0, null]);
      } finally {
        worker.kill("SIGKILL");
        await redis.remove();
      }
    });
  });
});

const tooOld = TOO_OLD.filter((old) => isThere(old, folder));

describe.each(tooOld.map((old) => [nameOf(old), old] as const))("%s", (name, old) => {
  const { command } = runtimeOf(old, folder);
  const message = `xen-balloon needs Node 20.19.0 or newer, got ${name}`;

  test("the command says that it is too old", async () => {
    expect(await end([...command, main, "run", "small.ops"])).toEqual({
      status: 2,
      stdout: "",
      stderr: `${message}\n`,
    });
  });

  // older ones cannot read the syntax of the package's classes
  if (Number.parseInt(old.version, 10) >= 16) {
    test.each(["xen-balloon", "xen-balloon/worker"])("import %s says so, too", async (entry) => {
      const file = write("old.js", `import("${entry}").catch((error) => console.log(error.message));`);
      expect(await run(...command, file)).toBe(message);
    });
  }
});
