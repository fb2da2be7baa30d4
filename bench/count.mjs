import { InvalidArgumentError } from "commander";

/** Reads an option that counts something: a whole number from 1 on. */
export function count(text) {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("Expected a whole number from 1 on.");
  return Number(text);
}
