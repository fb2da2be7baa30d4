/** Compiles the modules from the package's own code, without a file or a request. */
import type { OwnFiles } from "../api/create-machine.js";
import type { EngineModules } from "../engine/modules.js";
import { BALLOON, BALLOON_MODERN, XEN } from "../generated/wasm-text.js";
import type { WasmModule } from "../host/platform.js";
import { anywhere } from "./wasm-files.js";

/**
 * Compiles the package's own Wasm files, once for many machines: `createMachine` takes them as `wasm`.
 *
 * @example
 * const wasm = await loadModules();
 * const machine = await createMachine({ hostPages: 8192, wasm });
 */
export async function loadModules(): Promise<EngineModules> {
  const texts = [BALLOON, BALLOON_MODERN, XEN];
  const [balloon, balloonModern, xen] = await Promise.all(texts.map((text) => anywhere.compile(bytesOf(text))));
  return { balloon, balloonModern, xen };
}

/**
 * Compiles them before it returns. Some browsers refuse this on their main thread, but most accept files this small.
 */
export function loadModulesSync(): EngineModules {
  const compile = (text: string): WasmModule => new WebAssembly.Module(bytesOf(text));
  return { balloon: compile(BALLOON), balloonModern: compile(BALLOON_MODERN), xen: compile(XEN) };
}

/** The modules that createMachine compiles by itself. */
export const own: OwnFiles = {
  load: async () => {
    const [balloon, xen] = await Promise.all([BALLOON, XEN].map((text) => anywhere.compile(bytesOf(text))));
    return { balloon, xen };
  },
  loadModern: () => anywhere.compile(bytesOf(BALLOON_MODERN)),
};

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}
