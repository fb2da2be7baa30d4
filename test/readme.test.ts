/** The README's examples work unchanged. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { fences, promisedBy } from "./support/readme.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "readme-"));
afterAll(() => rmSync(folder, { recursive: true }));

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" });
}

test("the example of the API prints what its comments say", () => {
  const [example] = fences(readme, "js");
  const said = node("--input-type=module", "--eval", example).trim().split("\n");
  const promised = promisedBy(example);
  expect(promised.length).toBeGreaterThan(1);
  expect(said).toEqual(promised);
});

test("the rehearsal of a program of one's own leaves the machine as it was", () => {
  const [, rehearsal, ...others] = fences(readme, "js");
  expect(others).toEqual([]);
  const program = `
    import { createMachine } from "xen-balloon";
    const machine = await createMachine({ hostPages: 20_000 });
    ${rehearsal}
    console.log(await machine.freeFrames());`;
  expect(node("--input-type=module", "--eval", program)).toBe("20000\n");
});

describe("the script", () => {
  const [script] = fences(readme, "").filter((text) => text.startsWith("config"));
  const file = join(folder, "script.ops");
  writeFileSync(file, script);
  writeFileSync(join(folder, "dmesg.txt"), readFileSync(join(root, "test/fixtures/bootlogs/hvm-linux4.9.txt")));

  test("waits as the README tells", () => {
    const said = node("dist/cli/main.js", "run", file);
    expect(said).toMatch(/3\.000 s {2}advance 3000.*2 failures, next try at 6\.000 s/);
    expect(said).toMatch(/6\.000 s {2}settle +\+2,048/);
  });

  const commands = fences(readme, "sh")
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.startsWith("npx xen-balloon") && !/ (demo|serve|study|host|compare|report) /.test(line))
    .map((line) => line.replace(/ *#.*/, "").replace("…", "script.ops").slice("npx xen-balloon ".length));

  test("every verb of the command is shown", () => expect(commands.length).toBeGreaterThan(5));

  test.each(commands)("xen-balloon %s", (command) => {
    const args = command.split(" ").map((word) => word.replace(/^(script|dmesg)\./, `${folder}/$1.`));
    expect(node("dist/cli/main.js", ...args)).not.toBe("");
  });
});

describe("a study", () => {
  writeFileSync(join(folder, "mine.yaml"), fences(readme, "yaml")[0]);
  writeFileSync(join(folder, "week.csv"), "time_s,vm,used_mib\n0,a,300\n0,b,400\n60,a,350\n");
  const studies = fences(readme, "sh")
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.startsWith("npx xen-balloon study") && !line.includes("--resume"))
    .map((line) => line.replace(/ *#.*/, "").slice("npx xen-balloon ".length));

  test("one that comes along, one of your own, and one of a demand are shown", () => expect(studies).toHaveLength(4));

  test.each(studies)("xen-balloon %s is planned", (command) => {
    const args = command.split(" ").map((word) => word.replace(/^(mine|week)\./, `${folder}/$1.`));
    expect(node("dist/cli/main.js", ...args, "--dry-run")).toMatch(/\d cases, each counted once/);
  });
});

describe("a host", () => {
  const plan = join(folder, "two.yaml");
  writeFileSync(plan, fences(readme, "yaml")[1]);
  mkdirSync(join(folder, "answers"));
  const answer = { fn: "sanitize_and_parse_meminfo", input: "100", result: 102_400 };
  writeFileSync(join(folder, "answers", "one.json"), JSON.stringify([answer]));
  const planned = node("dist/cli/main.js", "host", plan, "--dry-run");
  const [id] = /^[0-9a-f]{16}/m.exec(planned) as RegExpExecArray;
  const hosts = fences(readme, "sh")
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.startsWith("npx xen-balloon host"))
    .map((line) => line.replace(/ *#.*/, "").slice("npx xen-balloon ".length));

  test("is planned, explained, and compared with real daemons", () => expect(hosts).toHaveLength(5));

  test.each(hosts)("xen-balloon %s", (command) => {
    const args = command
      .replace("two.yaml", plan)
      .replace("CASE", id)
      .replace("folder/", join(folder, "answers"))
      .split(" ");
    const runs = args.some((word) => ["--log", "--vectors"].includes(word));
    const dry = runs || args.includes("--dry-run") ? [] : ["--dry-run"];
    expect(node("dist/cli/main.js", ...args, ...dry)).not.toBe("");
  });
});
