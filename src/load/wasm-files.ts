/** The two Wasm files: where they may come from, and whether they are ours. */

import type { EngineModules } from "../engine/modules.js";
import { BUILD, CHECKSUMS } from "../generated/build.js";
import { describe, readOptions } from "../host/arguments.js";
import type { WasmBytes, WasmModule } from "../host/platform.js";
import { messageOf } from "../host/thrown.js";
import { crc32 } from "./crc32.js";

/** A Wasm file: its address, the answer to a request for it, its bytes, or what was compiled from them. */
export type WasmSource = URL | string | Response | WasmBytes | WasmModule;

/**
 * Both files, of the build of this package: its `balloon.wasm` and its `xen.wasm`. A file is refused where a bit of it is
 * another. Of a compiled module this cannot be seen: it is refused where it names another build.
 */
export interface WasmFiles {
  /** What a guest runs on, an instance each. */
  readonly balloon: WasmSource;
  /** What a machine runs on. */
  readonly xen: WasmSource;
}

/** What Node and browsers do each in their way. */
export interface WasmHost {
  /** The bytes at an address. */
  readUrl(url: URL): Promise<WasmBytes>;
  compile(bytes: WasmBytes): Promise<WasmModule>;
  /** As zlib has it. */
  crc32(bytes: Uint8Array): number;
}

/** In a browser or in Node: it fetches, and compiles at once where no page waits (why: node.ts). */
export const anywhere: WasmHost = {
  crc32,
  readUrl: fetchUrl,
  compile: async (bytes) =>
    typeof document === "undefined" ? new WebAssembly.Module(bytes) : WebAssembly.compile(bytes),
};

const NAMES = ["balloon", "xen"] as const;
type Name = (typeof NAMES)[number];

/**
 * Compiles both.
 *
 * @throws TypeError: what is no source, cannot be compiled, or is not of this build. Error: a file that cannot be read.
 */
export async function compileFiles(files: WasmFiles, host: WasmHost): Promise<EngineModules> {
  if (typeof files !== "object" || files === null) {
    throw new TypeError(`wasm: expected { balloon, xen }, got ${describe(files)}`);
  }
  const read = readOptions("wasm", files, NAMES);
  const [balloon, xen] = await Promise.all(NAMES.map((name) => compile(name, read[name], host)));
  return { balloon, xen };
}

async function compile(name: Name, source: WasmSource, host: WasmHost): Promise<WasmModule> {
  if (source instanceof WebAssembly.Module) return requireOurs(name, source);
  const bytes = await bytesOf(name, source, host);
  const compiling = host.compile(bytes).catch((error: unknown) => {
    throw new TypeError(`wasm.${name}: cannot be compiled: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  });
  // where it is compiled in another thread, meanwhile
  const checksum = host.crc32(bytesIn(bytes));
  const module = await compiling;
  requireOurs(name, module);
  if (!CHECKSUMS[name].includes(checksum)) {
    throw new TypeError(`wasm.${name}: expected ${name} ${BUILD}, got a damaged copy of it`);
  }
  return module;
}

function bytesIn(source: WasmBytes): Uint8Array {
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source);
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

async function bytesOf(name: Name, source: WasmSource, host: WasmHost): Promise<WasmBytes> {
  if (typeof source === "string" || source instanceof URL) {
    const url = urlOf(name, source);
    return named(`wasm.${name}: ${url}`, host.readUrl(url));
  }
  if (source instanceof Response) return named(`wasm.${name}: ${source.url || "response"}`, bytesOfResponse(source));
  if (isBytes(source)) return source;
  throw new TypeError(
    `wasm.${name}: expected a URL, a Response, bytes or a WebAssembly.Module, got ${describe(source)}`,
  );
}

function isBytes(source: unknown): source is WasmBytes {
  return source instanceof ArrayBuffer || ArrayBuffer.isView(source);
}

/** @throws Error that says what could not be read */
async function named<T>(what: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** An address without a scheme is relative to the page, where there is one. */
function urlOf(name: Name, source: string | URL): URL {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  try {
    return new URL(source, base);
  } catch (error) {
    throw new TypeError(`wasm.${name}: expected an absolute URL, got ${source}`, { cause: error });
  }
}

/** The bytes at an address that can be fetched. */
export async function fetchUrl(url: URL): Promise<WasmBytes> {
  return bytesOfResponse(await fetch(url));
}

/** @throws Error for an answer that is not the file. */
async function bytesOfResponse(response: Response): Promise<WasmBytes> {
  if (response.ok) return response.arrayBuffer();
  throw new Error(`expected a Wasm file, got HTTP status ${response.status}`);
}

/** The module itself, if its custom section names it and this build. */
function requireOurs(name: Name, module: WasmModule): WasmModule {
  const [section] = WebAssembly.Module.customSections(module, "xen-balloon");
  const said = section === undefined ? "one that is not of xen-balloon" : new TextDecoder().decode(section);
  if (said !== `${name} ${BUILD}`) throw new TypeError(`wasm.${name}: expected ${name} ${BUILD}, got ${said}`);
  return module;
}
