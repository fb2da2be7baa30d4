/** The command xen-balloon: what it prints, where, and how it ends. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { command, type Ended, fed, piped } from "../support/command.js";

const fixture = (path: string): string => fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
const scenario = (name: string): string => fixture(`scenarios/${name}.ops`);
const bootLog = (name: string): string => fixture(`bootlogs/${name}.txt`);

const folder = mkdtempSync(join(tmpdir(), "xen-balloon-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** A file of these lines. */
function script(...lines: readonly string[]): string {
  const file = join(folder, `${files++}.ops`);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return file;
}

const lines = (text: string): string[] => text.split("\n").slice(0, -1);

/** It was refused: nothing on stdout, one line on stderr, status 2. */
function expectRefusal({ status, stdout, stderr }: Ended, ...messages: readonly (string | RegExp)[]): void {
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  for (const message of messages) expect(stderr).toMatch(message);
  expect(lines(stderr)).toHaveLength(1);
  expect(stderr.endsWith("\n")).toBe(true);
}

describe("run", () => {
  const starving = script(
    "config nr_pages=4096 max_pfn=4096 host_pages=6000",
    "boot",
    "target 2048",
    "run",
    "host_take 9999",
    "target 4096",
    "advance 3000",
    "host_give 9999",
    "settle",
  );
  const told = command("run", starving);

  test("reads a script from standard input, too", () => {
    expect(fed(readFileSync(starving, "utf8"), "run", "-")).toEqual(told);
    expectRefusal(
      fed("config max_pfn=64\nboot\nfly 3\n", "run", "-"),
      /^xen-balloon: standard input: line 3: no operation "fly"/,
    );
  });

  test("tells what happened at each operation, and the stats at the end", () => {
    const { status, stdout, stderr } = told;
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const account = lines(stdout);
    expect(account.slice(0, 3)).toEqual([
      "guest    pv, memory up to 4,096 pages (16.00 MiB), max_pages 4,096 pages (16.00 MiB), 1 CPU",
      "machine  6,000 frames (23.44 MiB) from MFN 0 on",
      "",
    ]);
    expect(account[3]).toMatch(/^ +time {2}operation +pages moved +size +calls +what came of it$/);
    const [boot, log, target, inflate, take, , refused, give, deflate] = account.slice(4);
    expect(boot).toMatch(/^ +0\.000 s {2}boot +4,096 pages \(16\.00 MiB\) current, 0 pages in the balloon$/);
    expect(log).toMatch(/^ +log: xen:balloon: Initialising balloon driver$/);
    expect(target).toMatch(/^ +0\.000 s {2}target 2048 +2,048 pages \(8\.00 MiB\) to give to Xen; worker due now$/);
    expect(inflate).toMatch(/^ +0\.000 s {2}run +-2,048 +-8\.00 MiB +4$/);
    expect(take).toMatch(/^ +0\.000 s {2}host_take 9999 +3,952 pages \(15\.44 MiB\) of 9,999$/);
    expect(refused).toMatch(
      /^ +3\.000 s {2}advance 3000 +2 {2}Xen gave nothing in 2 calls: the machine has no free frame; /,
    );
    expect(refused).toMatch(/2,048 pages \(8\.00 MiB\) to get from Xen, 2 failures, next try at 6\.000 s$/);
    expect(give).toMatch(/host_give 9999 +3,952 pages/);
    expect(deflate).toMatch(/^ +6\.000 s {2}settle +\+2,048 +\+8\.00 MiB +4$/);
    const table = account.slice(account.indexOf("At the end"));
    expect(table).toContainEqual(expect.stringMatching(/^current_pages +4,096 pages +16\.00 MiB$/));
    expect(table).toContainEqual(expect.stringMatching(/^balloon_low +0 pages$/));
    expect(table).toContainEqual(expect.stringMatching(/^max_retry_count +unlimited$/));
    expect(table).toContainEqual(expect.stringMatching(/^max_pages +4,096 pages +16\.00 MiB$/));
    expect(table).toContainEqual(expect.stringMatching(/^free on the machine +1,904 pages +7\.44 MiB$/));
    expect(table).toContainEqual(expect.stringMatching(/^flush_tlb_all +4 calls$/));
  });

  test("a guest that ends in a BUG: status 1, and the stats before it", () => {
    const { status, stdout, stderr } = command("run", scenario("bug-decrease"));
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout).toMatch(
      /BUG_ON\(ret != nr_pages\): the guest has ended\n\nAfter operation 5, target 1000 \(line 7\): the last before the BUG_ON\n\ncurrent_pages/,
    );
  });

  test("a guest that does not run on Xen is told so; that is no failure of the command", () => {
    const { status, stdout } = command("run", script("config max_pfn=100 xen=0", "boot", "target 5"));
    expect(status).toBe(0);
    expect(stdout).toContain("ENODEV: not running on Xen");
    expect(stdout).toContain("ENODEV: not booted");
  });

  test("a script of nothing", () => {
    expect(command("run", "--trace", script())).toEqual({ status: 0, stdout: "", stderr: "" });
    const told = command("run", script("# nothing", ""));
    expect(told.status).toBe(2);
    expect(told.stderr).toMatch(/expected a line that boots the guest \(boot\), got none: nothing could be done\n$/);
  });

  describe.each(["wasm", "wasm-debug", "reference"])("--engine %s", (engine) => {
    test.each([
      ["hotplug-grow", 0],
      ["bug-decrease", 1],
    ])("--trace prints the trace of %s, status %d", (name, expected) => {
      const { status, stdout, stderr } = command("run", "--trace", "--engine", engine, scenario(name));
      expect({ status, stderr }).toEqual({ status: expected, stderr: "" });
      const trace = (text: string): unknown[] => lines(text).map((line) => JSON.parse(line, withoutCondition));
      expect(trace(stdout)).toEqual(trace(readFileSync(fixture(`scenarios/${name}.trace`), "utf8")));
    });

    test("--time prints the calls of each operation", () => {
      const { status, stdout, stderr } = command("run", "--engine", engine, "--time", scenario("hotplug-grow"));
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const timed = lines(stdout).map((line) => JSON.parse(line));
      for (const line of timed) {
        expect(Object.keys(line)).toEqual(["op", "ns", "calls"]);
        expect(line.ns).toBeGreaterThanOrEqual(0);
        expect(Number.isInteger(line.ns)).toBe(true);
      }
      const trace = lines(readFileSync(fixture("scenarios/hotplug-grow.trace"), "utf8")).map((line) =>
        JSON.parse(line),
      );
      expect(timed.map(({ op, calls }) => [op, calls])).toEqual(trace.map(({ op, calls }) => [op, calls?.n ?? 0]));
    });

    test("tells the same story", () => {
      expect(command("run", "--engine", engine, starving)).toEqual(told);
    });
  });

  test("--time ends with status 1 on a BUG as well", () => {
    const { status, stdout, stderr } = command("run", "--time", scenario("bug-decrease"));
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(JSON.parse(lines(stdout).at(-1) ?? "")).toMatchObject({ op: "run", calls: 1 });
  });

  describe("refuses", () => {
    test.each<[string, readonly string[], RegExp]>([
      [
        "an unknown word",
        ["boot", "frobnicate"],
        /line 3: no operation "frobnicate"; there are boot, target, .*, online$/m,
      ],
      [
        "an unknown key",
        ["config pages=5", "boot"],
        /line 2: config: no key "pages"; there are driver, xen, domain, nr_pages, /m,
      ],
      [
        "a value out of range",
        ["boot", "target 4294967296"],
        /line 3: target: expected pages from 0 .* got 4294967296$/m,
      ],
      ["a config value out of range", ["config cpus=65", "boot"], /line 2: cpus: expected CPUs from 1 to 64, got 65$/m],
      ["a value that is no number", ["boot", "", "target 1k"], /line 4: target: expected pages .* got "1k"$/m],
      ["a missing value", ["boot", "target"], /line 3: target: expected pages .* got nothing$/m],
      ["a word too many", ["boot", "run 5"], /line 3: run: expected no more words, got 5$/m],
      ["half of a fault", ["boot", "fail nothing -1 1"], /line 3: fail: expected populate .* got "nothing"$/m],
      ["config after an operation", ["boot", "config cpus=2"], /line 3: config: expected before the first operation$/m],
      ["CR line ends", ["boot\r", "target 5\r"], /line 2: expected lines that end in LF alone, got a CR$/m],
      ["a host too small", ["config host_pages=10", "boot"], /line 2: host_pages: expected a frame for each of 100 /m],
    ])("%s", (_case, more, message) => {
      const file = script("config nr_pages=100 max_pfn=100", ...more);
      expectRefusal(command("run", file), `xen-balloon: ${file}: line `, message);
    });

    test("what is wrong at the end before anything runs", () => {
      const file = script("config max_pfn=100", "boot", ...Array(100).fill("target 50"), "targets 50");
      for (const option of ["--trace", "--time"]) expectRefusal(command("run", option, file), /line 103: /);
    });

    test.each([
      ["told", []],
      ["traced", ["--trace"]],
      ["timed", ["--time"]],
    ])("a guest too large, and says how many pages would fit: %s", (_case, options) => {
      const file = script("config max_pfn=1073741824", "boot");
      expectRefusal(command("run", ...options, file), `xen-balloon: ${file}: line `, /do not fit .*; \d+ would$/m);
    });

    test("a file that is not there", () => {
      const file = join(folder, "none.ops");
      expectRefusal(command("run", file), `xen-balloon: ${file}: no such file`);
    });

    test("a file below a file", () => {
      const file = join(script("boot"), "none.ops");
      expectRefusal(command("run", file), `xen-balloon: ${file}: `);
    });

    test("a directory", () => {
      expectRefusal(command("run", folder), `xen-balloon: ${folder}: is a directory, not a file`);
    });

    test("a picture", () => {
      const file = join(folder, "picture.png");
      writeFileSync(file, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0xff]));
      expectRefusal(command("run", file), `xen-balloon: ${file}: line 1: `);
    });

    test("--trace together with --time", () => {
      expectRefusal(command("run", "--trace", "--time", starving), "--trace", "--time");
    });

    test("an unknown engine, and names those there are", () => {
      expectRefusal(command("run", "--engine", "quick", starving), "quick", "wasm, wasm-debug, reference");
    });

    test("an option without its value", () => {
      expectRefusal(command("run", starving, "--engine"), "--engine");
    });

    test("no script", () => {
      expectRefusal(command("run"), "script");
    });

    test("two scripts", () => {
      expectRefusal(command("run", starving, starving), "too many arguments");
    });
  });

  test("a reader that has seen enough ends it without a word", () => {
    const file = script("config nr_pages=100 max_pfn=100", "boot", ...Array(10_000).fill("target 50"));
    for (const option of ["--trace", "--time"]) {
      const { stdout, stderr } = piped(["run", option, file], "| head -n 1");
      expect(lines(stdout)).toHaveLength(1);
      expect(JSON.parse(stdout)).toMatchObject({ op: "boot" });
      expect(stderr).toBe("status 0\n");
    }
  });

  test("all of it reaches a reader in a pipe", () => {
    const { stdout, stderr } = piped(["run", "--trace", scenario("log-long")], "| cat");
    expect(stderr).toBe("status 0\n");
    expect(stdout).toBe(command("run", "--trace", scenario("log-long")).stdout);
    expect(lines(stdout)).toHaveLength(lines(readFileSync(fixture("scenarios/log-long.trace"), "utf8")).length);
  });
});

/** Which BUG_ON is free in its wording. */
function withoutCondition(key: string, value: unknown): unknown {
  return key === "bug" ? typeof value : value;
}

describe("boot", () => {
  test("shows the memory and what the driver would start with", () => {
    const { status, stdout, stderr } = command("boot", bootLog("pv-dom0-linux3.9"));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const shown = lines(stdout);
    expect(shown[0]).toBe("pv guest (line 29)");
    expect(shown).toContainEqual(expect.stringMatching(/^hole +157 +255 +99 +0\.4$/));
    expect(shown).toContainEqual(expect.stringMatching(/^extra +1059555 +1310719 +251165 +981\.1$/));
    expect(shown).toContainEqual(
      expect.stringMatching(/^nr_pages +400000 +1562\.5 +line 8, the size of the Phys-Mach map$/),
    );
    expect(shown).toContainEqual(expect.stringMatching(/^current_pages +400000 +1562\.5$/));
    expect(shown).toContainEqual(expect.stringMatching(/^balloon_low +251165 +981\.1$/));
    expect(shown.at(-1)).toMatch(/^checked: of nr_pages 400000, 10979 frames lie in holes; 10979 were moved/);
  });

  test("of an auto-translated guest", () => {
    const { status, stdout } = command("boot", bootLog("hvm-linux4.9"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^hvm guest \(line 11\)\n/);
    expect(stdout).toMatch(/^current_pages +129024 +504\.0$/m);
  });

  test("names what the log does not say, and the option that gives it", () => {
    const { status, stdout, stderr } = command("boot", bootLog("pv-domU-linux3.1"));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^nr_pages +missing$/m);
    expect(stdout).toMatch(/^current_pages +missing$/m);
    expect(lines(stdout).at(-2)).toMatch(
      /^nr_pages is missing from the boot log: .* \(option --nr-pages; .* would fit\)$/,
    );
  });

  test("takes a figure that is given", () => {
    const { status, stdout } = command("boot", "--nr-pages", "262144", bootLog("pv-domU-linux3.1"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^nr_pages +262144 +1024\.0 +given$/m);
    expect(stdout).toMatch(/^current_pages +262144 +1024\.0$/m);
    expect(stdout).toMatch(/^balloon_low +2048 +8\.0$/m);
    expect(stdout).not.toContain("missing");
  });

  test("takes all of them", () => {
    const options = {
      "nr-pages": 1048576,
      "ram-pages": 1052576,
      released: 0,
      "max-pfn": 1839104,
      remapped: 786432,
      "highmem-start": "none",
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const { status, stdout } = command("boot", "--script", ...args, bootLog("pv-domU-linux6.1-remapped"));
    expect(status).toBe(0);
    expect(lines(stdout)).toContain("config driver=modern domain=pv nr_pages=1048576 released=0 max_pfn=1839104");
  });

  test("takes that a kernel has no high memory", () => {
    const args = ["--highmem-start", "none", "--nr-pages", "262144"];
    const { status, stdout } = command("boot", ...args, bootLog("pv-domU-linux3.1"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^balloon_low +2048 /m);
  });

  test("--script with missing figures: each on the error stream, a script that does not run, and status 2", () => {
    const log = bootLog("pv-domU-linux3.1");
    const { status, stdout, stderr } = command("boot", "--script", log);
    expect(status).toBe(2);
    expect(lines(stderr)).toEqual([
      expect.stringMatching(
        /^xen-balloon: .*: nr_pages is missing from the boot log: .*--nr-pages; 262144 \(memory=1024\)/,
      ),
      expect.stringMatching(/^xen-balloon: .*: extra is missing from the boot log: .*--nr-pages/),
    ]);
    expect(lines(stdout)).toEqual([
      expect.stringMatching(/^# nr_pages is missing from the boot log: .*--nr-pages/),
      "config nr_pages=MISSING",
      expect.stringMatching(/^# extra is missing from the boot log: .*--nr-pages/),
      "config extra=MISSING",
      "config domain=pv released=0 max_pfn=264192",
      "config hole=160,96",
    ]);
    expectRefusal(command("run", script(...lines(stdout), "boot")), ": line 2: nr_pages: expected ", 'got "MISSING"');
  });

  test("--boot chooses one of two boots", () => {
    const both = join(folder, "two-boots.txt");
    const logs = ["pv-dom0-linux3.9", "pv-dom0-linux3.18"].map((name) => readFileSync(bootLog(name), "utf8"));
    writeFileSync(both, logs.join(""));
    expectRefusal(command("boot", both), "found 2 that differ", "--boot");
    expect(command("boot", "--boot", "2", both).stdout).toMatch(/^nr_pages +262144 /m);
    expectRefusal(command("boot", "--boot", "3", both), "expected a boot from 1 to 2");
  });

  test("reads the bytes of a file: UTF-16", () => {
    const wide = join(folder, "utf-16.txt");
    writeFileSync(wide, `\ufeff${readFileSync(bootLog("hvm-linux4.9"), "utf8")}`, "utf16le");
    const { status, stdout } = command("boot", wide);
    expect(status).toBe(0);
    expect(stdout).toContain("decoded from UTF-16LE");
  });

  test("--script makes a script that boots with what was shown", () => {
    const config = command("boot", "--script", "--nr-pages", "262144", bootLog("pv-domU-linux3.1")).stdout;
    const { status, stdout } = command("run", "--trace", script(...lines(config), "boot"));
    expect(status).toBe(0);
    expect(JSON.parse(stdout).stats).toMatchObject({ current_pages: 262144, balloon_low: 2048 });
  });

  test.each(["no-boot-log", "malformed-map-line"])("refuses %s", (name) => {
    expectRefusal(command("boot", bootLog(name)), `xen-balloon: ${bootLog(name)}: `, /expected .*, found /);
  });

  test("names the line that is wrong", () => {
    expectRefusal(command("boot", bootLog("malformed-map-line")), ": line 4: ");
  });

  test.each([
    ["--nr-pages", "many"],
    ["--max-pfn", "-5"],
    ["--remapped", ""],
    ["--highmem-start", "99999999999999999999"],
  ])("refuses %s %s", (option, value) => {
    expectRefusal(command("boot", option, value, bootLog("pv-domU-linux3.1")), option);
  });

  test("refuses a figure past 2^32 - 1", () => {
    expectRefusal(command("boot", "--nr-pages", "4294967296", bootLog("pv-domU-linux3.1")), "4294967296");
  });

  test("refuses figures that contradict the log", () => {
    expectRefusal(command("boot", "--nr-pages", "264192", "--remapped", "1", bootLog("pv-domU-linux3.1")), "remapped");
  });

  test("refuses no log, a directory and a file that is not there", () => {
    expectRefusal(command("boot"), "log");
    expectRefusal(command("boot", folder), `${folder}: is a directory`);
    expectRefusal(command("boot", join(folder, "none")), "no such file");
  });
});

describe("the command itself", () => {
  test("--version", () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(command("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  test.each([[["--help"]], [["help"]]])("%s names every command", (args) => {
    const { status, stdout, stderr } = command(...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const name of ["run", "boot", "demo", "serve"]) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
  });

  test("run --help names its options", () => {
    const { status, stdout } = command("run", "--help");
    expect(status).toBe(0);
    for (const name of ["--trace", "--time", "--engine", "wasm-debug"]) expect(stdout).toContain(name);
  });

  test("run --help-script tells every config key and operation, and needs no script", () => {
    const { status, stdout, stderr } = command("run", "--help-script");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^ {2}frame_list=VALUE$/m);
    expect(stdout).toMatch(/^ {2}balloon_free NAME \[EVERY\]$/m);
  });

  test("no arguments are refused in one line", () => {
    expectRefusal(command());
  });

  test.each([
    ["an unknown command", ["frobnicate"], "frobnicate"],
    ["a mistyped command", ["rum", "x.ops"], "rum"],
    ["an unknown option", ["--frobnicate"], "--frobnicate"],
    ["an unknown option of run", ["run", "--frobnicate", "x.ops"], "--frobnicate"],
    ["a mistyped option of run", ["run", "--trac", "x.ops"], "--trac"],
    ["an argument of demo", ["demo", "1 TiB"], "demo"],
  ])("%s is refused in one line", (_case, args, name) => {
    expectRefusal(command(...args), name);
  });

  test("demo moves guests of 1 GiB and more, on both engines, and says where it stops", () => {
    const { status, stdout } = command("demo");
    expect(status).toBe(0);
    for (const way of ["wasm, batches merged", "wasm, each batch", "wasm, each batch, watched", "reference"]) {
      expect(stdout).toMatch(new RegExp(`^1 GiB +${way} +[0-9.]+ +524,288 +1,024 `, "m"));
      expect(stdout).toMatch(
        new RegExp(`^1 TiB +${way} +[0-9.]+ +536,870,912 +1,048,576 |^${way} stops before .*: .+`, "m"),
      );
    }
  });
});
