/** The types of Node that the package's declarations are compiled with: of each line that package.json names. */
import { join } from "node:path";
import { install } from "../support/packed.js";

export const NODE_TYPES: readonly string[] = ["20.19.43", "22.20.5", "24.19.2"];

/** In the consumer's folder: two of them in one node_modules declare everything twice. */
export function typesFolder(version: string): string {
  return `types-${version}`;
}

/** @param folder - the consumer's. */
export function installNodeTypes(folder: string): void {
  for (const version of NODE_TYPES) {
    install(join(folder, typesFolder(version)), { dependencies: { "@types/node": version } });
  }
}
