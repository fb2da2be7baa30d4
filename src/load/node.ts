/** Compiles the modules from the package's own files, on a host with a file system. */
import { readFile } from "node:fs/promises";
// an older Node lacks crc32: it is to be told that it is too old, and not that this name is missing
import * as zlib from "node:zlib";
import type { EngineModules } from "../engine/modules.js";
import { compileFiles, fetchUrl, type WasmHost } from "./wasm-files.js";

/**
 * Compiles the package's own Wasm files, once for many machines: `createMachine` takes them as `wasm`.
 *
 * @param build - `debug`: with assertions and the validator, slow. Default: `release`.
 * @throws Error: a file cannot be read
 * @example
 * const wasm = await loadModules();
 * const machine = await createMachine({ hostPages: 8192, wasm });
 */
export async function loadModules(build: "release" | "debug" = "release"): Promise<EngineModules> {
  const suffix = build === "debug" ? ".debug.wasm" : ".wasm";
  const file = (name: string): URL => new URL(`../../build/${name}${suffix}`, import.meta.url);
  return compileFiles({ balloon: file("balloon"), balloonModern: file("balloon-modern"), xen: file("xen") }, node);
}

export const node: WasmHost = {
  crc32: (bytes) => zlib.crc32(bytes),
  async readUrl(url) {
    return url.protocol === "file:" ? readFile(url) : fetchUrl(url);
  },
  // Node 24 can end during WebAssembly.compile if nothing else holds it; these files compile within one turn
  async compile(bytes) {
    return new WebAssembly.Module(bytes);
  },
};
