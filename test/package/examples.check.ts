/** The examples as they are in the package, run. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, read } from "./consumer.js";

const examples = "node_modules/xen-balloon/examples";

test.each(["server.mjs", "worker.mjs", "page.html"])("%s has fewer than 60 lines", (name) => {
  expect(new TextDecoder().decode(read(`${examples}/${name}`)).split("\n").length).toBeLessThan(60);
});

test("server.mjs tells a guest's stats, and moves its target", async () => {
  const child = spawn(process.execPath, [join(folder, examples, "server.mjs"), "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [said] = await once(child.stdout, "data");
    const stats = String(said).trim();
    const get = async (): Promise<Record<string, number>> => (await fetch(stats)).json();
    expect(await get()).toMatchObject({ currentPages: 1_048_576, balloonLowPages: 0, freeFrames: 0 });
    const set = (pages: string): Promise<Response> =>
      fetch(new URL(`/target?pages=${pages}`, stats), { method: "POST" });
    expect((await set("524288")).status).toBe(202);
    let now = await get();
    while (now.currentPages > 524_288) now = await get();
    expect(now).toMatchObject({ targetPages: 524_288, balloonLowPages: 524_288, freeFrames: 524_288 });
    const refused = await set("-1");
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: expect.stringMatching(/^target: expected pages from 0/) });
    expect((await fetch(new URL("/", stats))).status).toBe(404);
  } finally {
    child.kill();
  }
});

test.each(["http", "65536", ""])("server.mjs refuses the port %j in one line", (port) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, examples, "server.mjs"), port]);
  expect({ status, stdout: String(stdout) }).toEqual({ status: 2, stdout: "" });
  expect(String(stderr)).toBe(`server.mjs: expected a port from 0 to 65535, got "${port}"\n`);
});
