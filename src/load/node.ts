/** The compiled modules where there is a file system: from the package's own files. */
import { readFile } from "node:fs/promises";
import type { EngineModules } from "../engine/modules.js";
import { bytesOfResponse, compileFiles } from "./wasm-files.js";

/** @param build - `debug`: with assertions and the validator. */
export async function loadModules(build: "release" | "debug" = "release"): Promise<EngineModules> {
  const suffix = build === "debug" ? ".debug.wasm" : ".wasm";
  const file = (name: string): URL => new URL(`../../build/${name}${suffix}`, import.meta.url);
  return compileFiles({ balloon: file("balloon"), xen: file("xen") }, readUrl);
}

/** @throws what a failed read or fetch throws */
export async function readUrl(url: URL): Promise<BufferSource> {
  return url.protocol === "file:" ? readFile(url) : bytesOfResponse(await fetch(url));
}
