/** Carries errors between threads, because a structured clone loses their class and their own fields. */
import { ConfigError } from "../host/config.js";
import { BalloonBug, BalloonError } from "../host/errors.js";

export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** The number of a BalloonError. */
  readonly errno?: number;
  /** The condition of a BalloonBug. */
  readonly condition?: string;
  /** The key and the problem of a ConfigError. */
  readonly option?: { readonly key: string; readonly problem: string };
  /** The guest that the error ended. Every later call on the guest throws it. */
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
  if (error instanceof ConfigError) return { name, message, stack, option: { key: error.key, problem: error.problem } };
  return { name, message, stack };
}

/** Makes the error again, with the stack it had in the thread. */
export function errorOf(sent: SentError): Error {
  const error = withoutStack(sent);
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
}

function withoutStack({ name, message, errno, condition, option }: SentError): Error {
  if (errno !== undefined) return new BalloonError(errno, message);
  if (condition !== undefined) return new BalloonBug(condition);
  if (option !== undefined) return new ConfigError(option.key, option.problem);
  return new (CLASSES[name] ?? Error)(message);
}

/** Errors whose stack names the caller already: an error that has ended a guest is thrown again. */
const tellingCaller = new WeakSet<Error>();

/**
 * Adds the caller's stack to the error's stack, which is the thread's.
 *
 * @param caller - an error made at the call.
 * @returns the error.
 */
export function tellCaller(error: Error, caller: Error): Error {
  if (!tellingCaller.has(error)) {
    tellingCaller.add(error);
    // only V8 begins a stack with the error's name
    error.stack += `\ncalled from another thread:\n${caller.stack?.replace(/^Error.*\n/, "")}`;
  }
  return error;
}
