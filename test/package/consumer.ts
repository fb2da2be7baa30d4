/** A program that uses the installed package, and what it must say. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { inject } from "vitest";

export const folder: string = inject("consumer");

/** The packed package's command. */
export const main: string = join(folder, "node_modules/xen-balloon/dist/cli/main.js");

/** Half of a guest out and its frames back with the machine: what `use` answers. */
export const USE = `
export async function use(createMachine) {
  const machine = await createMachine({ hostPages: 4096 });
  const guest = await machine.boot({ maxPfn: 4096 });
  await guest.setTarget({ pages: 1024 });
  await guest.settle();
  const { currentPages } = await guest.stats();
  return currentPages + " " + (await machine.freeFrames());
}
`;
export const SAID = "1024 3072";

/** Writes a file of the consumer: its path. */
export function write(name: string, content: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of this command line, in the consumer's folder, until it ends by itself. */
export async function end(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const [[status], stdout, stderr] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { status, stdout, stderr };
}

/** Runs it and returns its output without the last newline. A status other than 0, or text on stderr, is an error. */
export async function run(...command: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await end(command);
  if (status !== 0 || stderr !== "") throw new Error(`status ${status}: ${stderr}${stdout}`);
  return stdout.trimEnd();
}

export function read(name: string): Uint8Array {
  return readFileSync(join(folder, name));
}
