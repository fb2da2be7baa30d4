/** Reads the Wasm files from their sources and checks that they belong to this build. */

import type { EngineModules } from "../engine/modules.js";
import { BUILD, CHECKSUMS } from "../generated/build.js";
import { ArgumentTypeError } from "../host/argument-error.js";
import { describe, readOptions } from "../host/arguments.js";
import type { WasmBytes, WasmModule } from "../host/platform.js";
import { messageOf } from "../host/thrown.js";
import { crc32 } from "./crc32.js";

/** A Wasm file: its address, the response to a request for it, its bytes, or the compiled module. */
export type WasmSource = URL | string | Response | WasmBytes | WasmModule;

/**
 * Files of this package's build: its `balloon.wasm`, its `xen.wasm`, and its `balloon-modern.wasm` for guests with the
 * modern driver. A file is refused if any bit differs. A
 * compiled module does not show its bits, so it is refused only if it names another build.
 */
export interface WasmFiles {
  /** The module of a guest with the driver of 2013. Each guest has an instance of it. */
  readonly balloon: WasmSource;
  /** The module of a guest with the modern driver. Only such guests need it. */
  readonly balloonModern?: WasmSource;
  /** The module of a machine. */
  readonly xen: WasmSource;
}

/** The operations that Node and browsers do differently. */
export interface WasmHost {
  /** Reads the bytes at an address. */
  readUrl(url: URL): Promise<WasmBytes>;
  compile(bytes: WasmBytes): Promise<WasmModule>;
  /** Computes the CRC-32 of zlib. */
  crc32(bytes: Uint8Array): number;
}

/** The host in a browser or in Node: it fetches, and compiles synchronously where no page waits (node.ts says why). */
export const anywhere: WasmHost = {
  crc32,
  readUrl: fetchUrl,
  compile: async (bytes) =>
    typeof document === "undefined" ? new WebAssembly.Module(bytes) : WebAssembly.compile(bytes),
};

const NAMES = ["balloon", "balloonModern", "xen"] as const;
type Name = (typeof NAMES)[number];

/** The name of a file without its ending, which its custom section has, too. */
const FILES: Readonly<Record<Name, string>> = { balloon: "balloon", balloonModern: "balloon-modern", xen: "xen" };

/**
 * Compiles the files.
 *
 * @throws TypeError: a source of the wrong type, one that cannot be compiled, or one of another build. Error: a file
 * cannot be read.
 */
export async function compileFiles(files: WasmFiles, host: WasmHost): Promise<EngineModules> {
  if (typeof files !== "object" || files === null) {
    throw new ArgumentTypeError("wasm", "{ balloon, xen }", describe(files));
  }
  const read = readOptions("wasm", files, NAMES);
  const [balloon, xen, balloonModern] = await Promise.all([
    compile("balloon", read.balloon, host),
    compile("xen", read.xen, host),
    read.balloonModern === undefined ? undefined : compile("balloonModern", read.balloonModern, host),
  ]);
  return { balloon, xen, ...(balloonModern && { balloonModern }) };
}

/** Compiles one file. */
export async function compile(name: Name, source: WasmSource, host: WasmHost): Promise<WasmModule> {
  if (source instanceof WebAssembly.Module) return requireOurs(name, source);
  const bytes = await bytesOf(name, source, host);
  const compiling = host.compile(bytes).catch((error: unknown) => {
    throw new TypeError(`wasm.${name}: cannot be compiled: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  });
  // runs meanwhile, where another thread compiles
  const checksum = host.crc32(bytesIn(bytes));
  const module = await compiling;
  requireOurs(name, module);
  if (!CHECKSUMS[name].includes(checksum)) {
    throw new ArgumentTypeError(`wasm.${name}`, `${FILES[name]} ${BUILD}`, "a damaged copy of it");
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
  throw new ArgumentTypeError(`wasm.${name}`, "a URL, a Response, bytes or a WebAssembly.Module", describe(source));
}

function isBytes(source: unknown): source is WasmBytes {
  return source instanceof ArrayBuffer || ArrayBuffer.isView(source);
}

/** @throws Error: its message names the file that could not be read */
async function named<T>(what: string, read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    throw new Error(`${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** Resolves an address. One without a scheme is relative to the page, if there is a page. */
function urlOf(name: Name, source: string | URL): URL {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  try {
    return new URL(source, base);
  } catch (error) {
    throw new ArgumentTypeError(`wasm.${name}`, "an absolute URL", String(source), { cause: error });
  }
}

/** Fetches the bytes at an address. */
export async function fetchUrl(url: URL): Promise<WasmBytes> {
  return bytesOfResponse(await fetch(url));
}

/** @throws Error: the response is not the file. */
async function bytesOfResponse(response: Response): Promise<WasmBytes> {
  if (response.ok) return response.arrayBuffer();
  throw new Error(`expected a Wasm file, got HTTP status ${response.status}`);
}

/** Returns the module if its custom section names it and this build. */
function requireOurs(name: Name, module: WasmModule): WasmModule {
  const [section] = WebAssembly.Module.customSections(module, "xen-balloon");
  const said = section === undefined ? "one that is not of xen-balloon" : new TextDecoder().decode(section);
  const ours = `${FILES[name]} ${BUILD}`;
  if (said !== ours) throw new ArgumentTypeError(`wasm.${name}`, ours, said);
  return module;
}
