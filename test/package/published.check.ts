/** What tools say of the package as it would be published, and how large it is. */
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { folder, read, run } from "./consumer.js";

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
  const wasm = ["./balloon.wasm", "./xen.wasm"];
  // it ends with 1 where there is a problem
  const said = await run(bin("attw"), tarball, "--profile", "esm-only", "--exclude-entrypoints", ...wasm);
  expect(said).toMatch(/node16 \(from ESM\): 🟢/);
  expect(said).not.toMatch(/(node16 \(from ESM\)|bundler): [^🟢]/u);
});

/** Bytes, gzipped, that each file may have. What a bundler made has a hash in its name: a * here. */
const BUDGET: Record<string, number> = {
  "build/balloon.wasm": 7_500,
  "build/xen.wasm": 4_000,
  "dist/generated/wasm-text.js": 14_000,
  "dist/guest.js": 6_000,
  "dist/engine/guest.js": 4_500,
  "dist/worker/connection.js": 1_850,
  "dist/worker/machine-server.js": 1_450,
  "dist/worker/remote-guest.js": 2_000,
  "dist/laboratory/assets/index-*.js": 52_000,
  "dist/laboratory/assets/engine-worker-*.js": 12_500,
  "dist/laboratory/assets/comparison-worker-*.js": 36_000,
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
