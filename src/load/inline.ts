/** The compiled modules from the package's own text: no file, no request. */
import type { EngineModules } from "../engine/modules.js";
import { BALLOON, XEN } from "../generated/wasm-text.js";

/** In Node and in browsers, hence as it is done in either: at once, or not on the thread that draws. */
export async function loadModules(): Promise<EngineModules> {
  if (typeof document === "undefined") return loadModulesSync();
  const [balloon, xen] = await Promise.all([BALLOON, XEN].map((text) => WebAssembly.compile(bytesOf(text))));
  return { balloon, xen };
}

/** The same before it returns. Some browsers refuse to on their main thread; these files are small enough for most. */
export function loadModulesSync(): EngineModules {
  return { balloon: new WebAssembly.Module(bytesOf(BALLOON)), xen: new WebAssembly.Module(bytesOf(XEN)) };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}
