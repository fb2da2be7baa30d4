/** The README's two commands on the newest Node: what somebody installs today. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { folder } from "./consumer.js";
import { isThere, PINNED, runtimeOf } from "./runtimes.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const newest = PINNED.filter(({ kind }) => kind === "Node").at(-1) as (typeof PINNED)[number];

const MINUTE_MS = 60_000;

describe(`Node ${newest.version}`, () => {
  describe("the README's commands", () => {
    test.skipIf(!isThere(newest, folder)).each(["start", "test"])(
      "npm %s",
      async (script) => {
        const { name, command } = runtimeOf(newest, folder);
        // what vitest tells its own workers is not for another vitest
        const own = Object.entries(process.env).filter(([key]) => !/^(VITEST.*|NODE_ENV|TEST)$/.test(key));
        const env = { ...Object.fromEntries(own), PATH: [dirname(command[0]), process.env.PATH].join(delimiter) };
        expect(execFileSync("node", ["--version"], { env, encoding: "utf8" })).toBe(`v${newest.version}\n`);
        const child = spawn("npm", [script], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
        const [[status], out, err] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
        expect({ name, status, end: status === 0 ? "" : (out + err).slice(-4000) }).toEqual({
          name,
          status: 0,
          end: "",
        });
      },
      20 * MINUTE_MS,
    );
  });
});
