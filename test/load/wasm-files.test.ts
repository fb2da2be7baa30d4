/** The Wasm files load from every allowed source, and wrong ones are refused; the inline entry contains them. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Machine } from "../../src/api/machine.js";
import { createMachine as createInBrowser } from "../../src/browser.js";
import { BUILD } from "../../src/generated/build.js";
import { createMachine, type WasmSource } from "../../src/index.js";
import { createMachine as createInline, createMachineSync } from "../../src/inline.js";
import { crc32 } from "../../src/load/crc32.js";
import { rejection, wrong } from "../support/entries.js";
import { runs } from "../support/seed.js";

const file = (name: string): URL => new URL(`../../build/${name}.wasm`, import.meta.url);
const bytes = (name: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(file(name)));

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const name = /^\/(balloon|xen)\.wasm$/.exec(request.url ?? "")?.[1];
    if (name === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/wasm" }).end(bytes(name));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

/** Half of a guest out: what is left. */
async function halfOf(machine: Machine): Promise<number> {
  const guest = await machine.boot({ maxPfn: 4096 });
  await guest.setTarget({ pages: 2048 });
  await guest.settle();
  return (await guest.stats()).currentPages;
}

describe("wasm", () => {
  const sources: [string, (name: string) => WasmSource | Promise<WasmSource>][] = [
    ["a file URL", file],
    ["the text of one", (name) => file(name).href],
    ["an http URL", (name) => new URL(`${origin}/${name}.wasm`)],
    ["a Response", (name) => fetch(`${origin}/${name}.wasm`)],
    ["bytes", bytes],
    ["an ArrayBuffer", (name) => bytes(name).buffer],
    ["a compiled module", (name) => WebAssembly.compile(bytes(name))],
  ];

  test.each(sources)("from %s", async (_, source) => {
    const wasm = { balloon: await source("balloon"), xen: await source("xen") };
    expect(await halfOf(await createMachine({ hostPages: 4096, wasm }))).toBe(2048);
  });

  test.each(sources.slice(2))("from %s, in the entry for browsers", async (_, source) => {
    const wasm = { balloon: await source("balloon"), xen: await source("xen") };
    expect(await halfOf(await createInBrowser({ hostPages: 4096, wasm }))).toBe(2048);
  });

  test("compiled once, for many machines", async () => {
    const wasm = { balloon: await WebAssembly.compile(bytes("balloon")), xen: await WebAssembly.compile(bytes("xen")) };
    for (let i = 0; i < 3; i++) expect(await halfOf(await createMachine({ hostPages: 4096, wasm }))).toBe(2048);
  });

  /** The file as another build would have it. */
  function otherBuild(name: string): Uint8Array<ArrayBuffer> {
    const other = bytes(name);
    other.set(new TextEncoder().encode("0123456789abcdef"), other.length - 16);
    return other;
  }

  const EMPTY = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const refused: [string, WasmSource, RegExp][] = [
    ["the other file", bytes("xen"), /^wasm\.balloon: expected balloon [0-9a-f]{16}, got xen [0-9a-f]{16}$/],
    ["another build", otherBuild("balloon"), /^wasm\.balloon: expected balloon .*, got balloon 0123456789abcdef$/],
    ["another's file", EMPTY, /^wasm\.balloon: expected balloon .*, got one that is not of xen-balloon$/],
    ["another's module", new WebAssembly.Module(EMPTY), /got one that is not of xen-balloon$/],
    ["no Wasm", new Uint8Array(8), /^wasm\.balloon: cannot be compiled: /],
    ["half a file", bytes("balloon").subarray(0, 5000), /^wasm\.balloon: cannot be compiled: /],
    ["no address", "balloon.wasm", /^wasm\.balloon: expected an absolute URL, got balloon\.wasm$/],
    ["a number", wrong(7), /^wasm\.balloon: expected a URL, a Response, bytes or a WebAssembly\.Module, got number$/],
  ];

  test.each(refused)("is refused: %s", async (_, balloon, message) => {
    const error = await rejection(createMachine({ hostPages: 4096, wasm: { balloon, xen: bytes("xen") } }));
    expect(error).toBeInstanceOf(TypeError);
    expect((error as TypeError).message).toMatch(message);
  });

  test("is refused: what is not there", async () => {
    const wasm = { balloon: `${origin}/none.wasm`, xen: bytes("xen") };
    const error = await rejection(createMachine({ hostPages: 4096, wasm }));
    expect(String(error)).toBe(`Error: wasm.balloon: ${origin}/none.wasm: expected a Wasm file, got HTTP status 404`);
    const missing = rejection(createMachine({ hostPages: 4096, wasm: { ...wasm, balloon: file("none") } }));
    expect(String(await missing)).toMatch(/^Error: wasm\.balloon: file:.*none.*: ENOENT/);
    const nowhere = rejection(
      createMachine({ hostPages: 4096, wasm: { ...wasm, balloon: "http://127.0.0.1:9/b.wasm" } }),
    );
    expect(String(await nowhere)).toMatch(
      /^Error: wasm\.balloon: http:\/\/127\.0\.0\.1:9\/b\.wasm: fetch failed$|: bad port$/,
    );
    const read = new Response(bytes("balloon"));
    await read.arrayBuffer();
    const again = rejection(createMachine({ hostPages: 4096, wasm: { ...wasm, balloon: read } }));
    expect(String(await again)).toMatch(/^Error: wasm\.balloon: response: Body/);
  });

  test("is refused: neither file", async () => {
    const error = await rejection(createMachine({ hostPages: 4096, wasm: wrong("balloon.wasm") }));
    expect(String(error)).toBe('TypeError: wasm: expected { balloon, xen }, got "balloon.wasm"');
    const more = { balloon: bytes("balloon"), xen: bytes("xen"), other: bytes("xen") };
    expect(String(await rejection(createMachine({ hostPages: 4096, wasm: more })))).toBe(
      "TypeError: wasm: expected options named balloon, balloonModern, xen, got other",
    );
  });

  test.each(["balloon", "xen"] as const)("is refused: %s with a bit that is another, whichever it is", async (name) => {
    const wasm = { balloon: bytes("balloon"), xen: bytes("xen") };
    const bits = fc.nat(wasm[name].length * 8 - 1);
    let compiled = 0;
    await fc.assert(
      fc.asyncProperty(bits, async (bit) => {
        const damaged = wasm[name].slice();
        damaged[bit >>> 3] ^= 1 << (bit & 7);
        const error = await rejection(createMachine({ hostPages: 4096, wasm: { ...wasm, [name]: damaged } }));
        expect(error).toBeInstanceOf(TypeError);
        const { message } = error as TypeError;
        expect(message).toMatch(
          new RegExp(`^wasm\\.${name}: (cannot be compiled: |expected ${name} [0-9a-f]{16}, got )`),
        );
        if (message.endsWith("got a damaged copy of it")) compiled++;
      }),
      runs(300),
    );
    // the others are no Wasm any more
    expect(compiled).toBeGreaterThan(30);
    expect(await halfOf(await createMachine({ hostPages: 4096, wasm }))).toBe(2048);
  });

  test("CRC-32 is zlib's", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(crc32(bytes)).toBe(zlibCrc32(bytes));
      }),
    );
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf4_3926);
  });

  test("each file names its build", () => {
    for (const name of ["balloon", "balloon.debug", "xen", "xen.debug"]) {
      const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes(name)), "xen-balloon");
      expect(new TextDecoder().decode(section)).toBe(`${name.replace(".debug", "")} ${BUILD}`);
    }
  });
});

describe("inline", () => {
  test("starts without a file, at once or not", async () => {
    expect(await halfOf(await createInline({ hostPages: 4096 }))).toBe(2048);
    expect(await halfOf(createMachineSync({ hostPages: 4096 }))).toBe(2048);
  });

  test("takes other files, too", async () => {
    const wasm = { balloon: bytes("balloon"), xen: bytes("xen") };
    expect(await halfOf(await createInline({ hostPages: 4096, wasm }))).toBe(2048);
  });

  test("refuses what the other entries refuse", async () => {
    expect(() => createMachineSync({ hostPages: 0 })).toThrow(RangeError);
    expect(await rejection(createInline({ hostPages: -1 }))).toBeInstanceOf(RangeError);
    expect(await rejection(createInline(wrong({ hostPages: 1, wsam: 1 })))).toBeInstanceOf(TypeError);
    expect(await rejection(createInline(wrong(null)))).toBeInstanceOf(TypeError);
    expect(await createInline(wrong({ hostPages: 1, wasm: undefined }))).toBeDefined();
  });
});
