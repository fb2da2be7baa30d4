import { Command, InvalidArgumentError } from "commander";

/** Makes a command whose wrong usage ends with status 2, as that of xen-balloon does. */
export function command(name) {
  return new Command(name).exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

/** Ends with status 2, and says in a line what is wrong. */
export function fail(name, problem) {
  process.stderr.write(`${name}: ${problem}\n`);
  process.exit(2);
}

/** Reads an option that counts something: a whole number from 1 on. */
export function count(text) {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Expected a whole number from 1 on.");
  return Number(text);
}
