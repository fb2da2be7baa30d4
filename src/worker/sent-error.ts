/** How errors cross: a structured clone would forget their class, and what they carry. */
import { BalloonBug, BalloonError } from "../errors.js";

export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a BalloonError. */
  readonly errno?: number;
  /** Of a BalloonBug. */
  readonly condition?: string;
  /** The guest that it ended, which throws it ever after. */
  readonly ended?: number;
}

const CLASSES: Readonly<Record<string, new (message: string) => Error>> = {
  TypeError,
  RangeError,
  RuntimeError: WebAssembly.RuntimeError,
};

export function sentOf(error: Error): SentError {
  const { name, message, stack } = error;
  if (error instanceof BalloonError) {
    return { name, message: message.slice(`${error.code}: `.length), stack, errno: error.errno };
  }
  if (error instanceof BalloonBug) return { name, message, stack, condition: error.condition };
  return { name, message, stack };
}

/** The error again, with the stack it had in the thread. */
export function errorOf({ name, message, stack, errno, condition }: SentError): Error {
  const error =
    errno !== undefined
      ? new BalloonError(errno, message)
      : condition !== undefined
        ? new BalloonBug(condition)
        : new (CLASSES[name] ?? Error)(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
