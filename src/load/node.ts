/** The compiled modules where there is a file system: from the package's own files. */
import { readFile } from "node:fs/promises";
import type { EngineModules } from "../engine/modules.js";

/** @param build - `debug`: with assertions and the validator. */
export async function loadModules(build: "release" | "debug" = "release"): Promise<EngineModules> {
  const suffix = build === "debug" ? ".debug.wasm" : ".wasm";
  const compile = async (name: string): Promise<WebAssembly.Module> =>
    WebAssembly.compile(await readFile(new URL(`../../build/${name}${suffix}`, import.meta.url)));
  const [balloon, xen] = await Promise.all([compile("balloon"), compile("xen")]);
  return { balloon, xen };
}
