/** A program that uses the installed package, and what it must say. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";

export const folder: string = inject("consumer");

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
export function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** What a program prints, without the newline at its end. Anything on stderr is an error. */
export async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: folder });
  if (stderr !== "") throw new Error(stderr);
  return stdout.trimEnd();
}

export function read(name: string): Uint8Array {
  return readFileSync(join(folder, name));
}
