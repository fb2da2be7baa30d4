/** xen-balloon serve, as a user runs it: a copy of the command beside a page of this test's own, or beside none. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const outer = mkdtempSync(join(tmpdir(), "xen-balloon-command-"));
const bare = install("bare");
const whole = install("whole");
mkdirSync(join(outer, "whole/dist/laboratory"));
writeFileSync(join(outer, "whole/dist/laboratory/index.html"), "<!doctype html><title>laboratory</title>");

/** The package without its page; @returns the command's file. */
function install(name: string): string {
  const folder = join(outer, name);
  cpSync(join(root, "dist"), join(folder, "dist"), {
    recursive: true,
    filter: (source) => basename(source) !== "laboratory",
  });
  for (const part of ["package.json", "node_modules"]) symlinkSync(join(root, part), join(folder, part));
  return join(folder, "dist/cli/main.js");
}

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(outer, { recursive: true }));

/** It serves: the line it printed. */
async function started(...args: string[]): Promise<{ child: ChildProcess; line: string }> {
  const child = spawn(process.execPath, [whole, "serve", ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [said] = await once(child.stdout, "data");
  return { child, line: String(said) };
}

/** It does not: one line, which says this, and status 2. */
function expectRefusal(args: readonly string[], message: string | RegExp, main: string = whole): void {
  const ended = spawnSync(process.execPath, [main, "serve", ...args], { encoding: "utf8", timeout: 20_000 });
  expect(ended).toMatchObject({ status: 2, stdout: "", stderr: expect.stringMatching(message) });
  expect(ended.stderr).toMatch(/^xen-balloon: [^\n]+\n$/);
}

test.each(["SIGTERM", "SIGINT"] as const)("says where it listens, answers, and ends on %s", async (signal) => {
  const { child, line } = await started("--port", "0");
  expect(line).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/\n$/);
  const answer = await fetch(line.trim());
  expect(await answer.text()).toContain("<title>laboratory</title>");
  expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin");
  // the connection that fetch keeps must not hold it
  child.kill(signal);
  expect(await once(child, "exit")).toEqual([0, null]);
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));

test.skipIf(!hasIpv6).each(["::1", "::ffff:127.0.0.1"])("another address of this machine: %s", async (host) => {
  const { line } = await started("--port", "0", "--host", host);
  expect(line.startsWith(`http://[${host}]:`)).toBe(true);
  expect((await fetch(line.trim())).status).toBe(200);
});

test("on every address it prints those a browser can open, and says that the Host check is off", async () => {
  const child = spawn(process.execPath, [whole, "serve", "--port", "0", "--host", "0.0.0.0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const [[said], [warned]] = await Promise.all([once(child.stdout, "data"), once(child.stderr, "data")]);
  const urls = String(said).trim().split("\n");
  expect(urls).toContainEqual(expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/));
  expect(String(said)).not.toContain("0.0.0.0");
  for (const url of urls) expect((await fetch(url)).status).toBe(200);
  expect(String(warned)).toMatch(
    /^xen-balloon: other machines can open the laboratory; the Host check .* is off, .*\n$/,
  );
});

test("the port is 8080 unless told otherwise", () => {
  const { stdout } = spawnSync(process.execPath, [whole, "serve", "--help"], { encoding: "utf8" });
  expect(stdout).toMatch(/--port <n> .*\(default: 8080\)/);
  const words = stdout.replace(/\s+/g, " ");
  expect(words).toMatch(/--host <address> .* everyone can reach the page, .* \(default: "127\.0\.0\.1"\)/);
});

test("a port in use", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  try {
    expectRefusal(["--port", String(port)], `cannot listen on 127.0.0.1:${port}: the port is in use`);
  } finally {
    other.close();
  }
});

test.each(["http", "65536", "-1", "1.5", "", "0x50", "123456"])("no port: %j", (port) => {
  expectRefusal(["--port", port], "Expected a port, 0 to 65535");
});

test.each([
  ["192.0.2.1", "cannot listen on 192.0.2.1:0: no address of this machine"],
  ["nowhere.invalid", /cannot listen on nowhere\.invalid:0: (no such host|the host's name cannot be looked up)/],
  ["", "host: expected a name or an address, got nothing"],
])("no address: %j", (host, message) => expectRefusal(["--port", "0", "--host", host], message));

test("no page", () => {
  expectRefusal(["--port", "0"], /laboratory.index\.html: no such file; npm run build makes it/, bare);
});

test("a word too many", () => expectRefusal(["here"], "too many arguments"));
