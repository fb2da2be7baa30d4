/** The compiled modules where there is fetch: from beside the package's own files. */
import type { OwnFiles } from "../api/create-machine.js";
import type { EngineModules } from "../engine/modules.js";
import { anywhere, compile, compileFiles } from "./wasm-files.js";

// each URL is one literal expression, because bundlers look for that
const balloon = (): URL => new URL("../../build/balloon.wasm", import.meta.url);
const balloonModern = (): URL => new URL("../../build/balloon-modern.wasm", import.meta.url);
const xen = (): URL => new URL("../../build/xen.wasm", import.meta.url);

/** The files that createMachine loads by itself. */
export const own: OwnFiles = {
  load: () => compileFiles({ balloon: balloon(), xen: xen() }, anywhere),
  loadModern: () => compile("balloonModern", balloonModern(), anywhere),
};

/**
 * Compiles the package's own Wasm files, once for many machines: `createMachine` takes them as `wasm`.
 *
 * @throws Error: a file cannot be fetched
 * @example
 * const wasm = await loadModules();
 * const machine = await createMachine({ hostPages: 8192, wasm });
 */
export async function loadModules(): Promise<EngineModules> {
  return compileFiles({ balloon: balloon(), balloonModern: balloonModern(), xen: xen() }, anywhere);
}
