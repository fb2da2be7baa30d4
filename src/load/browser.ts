/** The compiled modules where there is fetch: from beside the package's own files. */
import type { EngineModules } from "../engine/modules.js";

/** @throws Error when a file cannot be fetched */
export async function loadModules(): Promise<EngineModules> {
  // each URL is one literal expression, which is what bundlers look for
  const [balloon, xen] = await Promise.all([
    compile(new URL("../../build/balloon.wasm", import.meta.url)),
    compile(new URL("../../build/xen.wasm", import.meta.url)),
  ]);
  return { balloon, xen };
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: expected a Wasm file, got HTTP status ${response.status}`);
  return WebAssembly.compile(await response.arrayBuffer());
}
