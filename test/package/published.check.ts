/** Tools accept the package as it would be published, and its size stays within budget. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, inject, test } from "vitest";
import { BROWSERS } from "../support/browsers/all.js";
import { folder, read, run } from "./consumer.js";
import { PINNED } from "./runtimes.js";

const bin = (name: string): string => `node_modules/.bin/${name}`;

test("publint finds nothing", async () => {
  expect(await run(bin("publint"), "node_modules/xen-balloon", "--strict")).toContain("All good!");
});

test("knip finds nothing that nobody uses", async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  expect(await run(bin("knip"), "--directory", root, "--no-config-hints")).toBe("");
});

test("the types are right for everyone who can import it", async () => {
  const tarball = new TextDecoder().decode(read("tarball.txt"));
  const wasm = ["./balloon.wasm", "./balloon-modern.wasm", "./xen.wasm"];
  // it ends with 1 where there is a problem
  const said = await run(bin("attw"), tarball, "--profile", "esm-only", "--exclude-entrypoints", ...wasm);
  expect(said).toMatch(/node16 \(from ESM\): 🟢/);
  expect(said).not.toMatch(/(node16 \(from ESM\)|bundler): [^🟢]/u);
});

const versionsOf = (kind: string): string[] =>
  PINNED.filter((pinned) => pinned.kind === kind).map(({ version }) => version);

test("whoever installs the package installs nothing else", () => {
  const manifest = JSON.parse(new TextDecoder().decode(read("node_modules/xen-balloon/package.json")));
  expect(Object.keys(manifest)).not.toContain("dependencies");
  const optional = Object.keys(manifest.peerDependenciesMeta).filter(
    (name) => manifest.peerDependenciesMeta[name].optional,
  );
  expect(Object.keys(manifest.peerDependencies)).toEqual(optional);
});

test("package.json asks for what is tested, from the oldest of each line on", () => {
  const { engines } = JSON.parse(new TextDecoder().decode(read("node_modules/xen-balloon/package.json")));
  const oldest = (kind: string): string[] => {
    const versions = versionsOf(kind);
    return versions.filter((version, i) => version.split(".")[0] !== versions[i - 1]?.split(".")[0]);
  };
  const lines = oldest("Node");
  const ranges = lines.map((version, i) => `${i === lines.length - 1 ? ">=" : "^"}${version}`);
  const others = { bun: `>=${oldest("Bun")}`, deno: `>=${oldest("Deno")}` };
  expect(engines).toEqual({ node: ranges.join(" || "), ...others });
});

describe("the README names what is tested", () => {
  const readme = new TextDecoder().decode(read("node_modules/xen-balloon/README.md")).replaceAll(/\s+/g, " ");

  test("runtimes", () => {
    const kinds = [...new Set(PINNED.map(({ kind }) => kind))];
    const named = kinds.map((kind) => `${kind} ${versionsOf(kind).join(", ")}`);
    expect(readme).toContain(`Tested on Linux in ${named.join("; ")};`);
  });

  // Debian's move on by themselves: what the README names was tested when it was written, or is now
  test.skipIf(inject("browsers").includes(false)).each(BROWSERS.map(({ name }) => name))("%s", (name) => {
    const [, browser, now] = /^(\w+) (\d+\.\d+)/.exec(name) ?? [];
    const [, said] = new RegExp(`${browser} (\\d+\\.\\d+)`).exec(readme) ?? [];
    console.log(`${browser}: ${said} in the README, ${now} here`);
    const order = (version = ""): string => version.replaceAll(/\d+/g, (part) => part.padStart(6, "0"));
    expect(order(said) <= order(now)).toBe(true);
    expect(Number.parseInt(now ?? "", 10) - Number.parseInt(said ?? "", 10)).toBeLessThan(20);
  });
});

test("a file that names a source map has it beside it", () => {
  const root = join(folder, "node_modules/xen-balloon");
  const named = readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((name) => /^(dist|build)\b.*\.(js|mjs|css|d\.ts|wasm)$/.test(name))
    .flatMap((name) => {
      // a comment's last line, or a custom section: its name, a length, the address
      const [, url] =
        /sourceMappingURL[=\0-\x7f]([\w./-]+\.map)\b/.exec(readFileSync(join(root, name), "latin1")) ?? [];
      return url === undefined ? [] : [join(dirname(name), url)];
    });
  // of the debug builds of the Wasm
  expect(named).toHaveLength(3);
  for (const file of named) expect(existsSync(join(root, file)), file).toBe(true);
});

/**
 * Bytes, gzipped, that each file may have: about a twentieth more than it had when its budget was set, for a budget is to
 * show what grows by a library, not by a line. What a bundler made has a hash in its name: a * here.
 */
const BUDGET: Record<string, number> = {
  "build/balloon.wasm": 10_300,
  "build/balloon-modern.wasm": 12_350,
  "build/xen.wasm": 5_150,
  "dist/generated/wasm-text.js": 34_000,
  "dist/api/guest.js": 6_000,
  "dist/engine/guest.js": 4_500,
  "dist/worker/transport/connection.js": 2_150,
  "dist/worker/transport/server.js": 1_500,
  "dist/worker/remote-guest.js": 2_050,
  "dist/laboratory/assets/index-*.js": 2_000,
  "dist/laboratory/assets/page-*.js": 110_000,
  "dist/laboratory/assets/engine-worker-*.js": 33_000,
  "dist/laboratory/assets/comparison-worker-*.js": 42_000,
  "dist/laboratory/assets/host-room-*.js": 44_000,
  "dist/laboratory/assets/host-worker-*.js": 36_000,
};

/** The package's files by a path in which the last part may have a *. */
function matching(path: string): string[] {
  const [before, after] = basename(path).split("*");
  if (after === undefined) return [path];
  return readdirSync(join(folder, "node_modules/xen-balloon", dirname(path)))
    .filter((name) => name.startsWith(before) && name.endsWith(after))
    .map((name) => join(dirname(path), name));
}

test.each(Object.entries(BUDGET))("%s keeps to its budget of %i bytes", (name, budget) => {
  const [file, ...more] = matching(name);
  expect(more).toEqual([]);
  const bytes = gzipSync(read(`node_modules/xen-balloon/${file}`)).length;
  console.log(`${file}: ${bytes} bytes gzipped of ${budget}`);
  expect(bytes).toBeLessThanOrEqual(budget);
});
