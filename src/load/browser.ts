/** The compiled modules where there is fetch: from beside the package's own files. */
import type { EngineModules } from "../engine/modules.js";
import { anywhere, compileFiles } from "./wasm-files.js";

/**
 * Compiles the package's own Wasm files, once for many machines: `createMachine` takes them as `wasm`.
 *
 * @throws Error: a file cannot be fetched
 * @example
 * const wasm = await loadModules();
 * const machine = await createMachine({ hostPages: 8192, wasm });
 */
export async function loadModules(): Promise<EngineModules> {
  // each URL is one literal expression, because bundlers look for that
  const balloon = new URL("../../build/balloon.wasm", import.meta.url);
  const balloonModern = new URL("../../build/balloon-modern.wasm", import.meta.url);
  const xen = new URL("../../build/xen.wasm", import.meta.url);
  return compileFiles({ balloon, balloonModern, xen }, anywhere);
}
