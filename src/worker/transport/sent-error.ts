/** Carries errors between threads, because a structured clone loses their class and their own fields. */

/** Classes of errors, each before the class it extends. */
export type ErrorTypes = readonly (abstract new (...args: never[]) => Error)[];

export interface SentError {
  /** The index of its class; -1 for a plain Error. */
  readonly type: number;
  readonly message: string;
  readonly stack: string | undefined;
  /** The error's own fields. */
  readonly fields: object;
  /** The target that has told this error in an event. It is one error on the other side, too, whenever it is sent. */
  readonly toldBy: number | undefined;
}

/** Adds the classes of the language. A page without WebAssembly may load this file. */
const withNative = (types: ErrorTypes): ErrorTypes => [...types, TypeError, RangeError, WebAssembly.RuntimeError];

export function sentOf(error: Error, types: ErrorTypes = [], toldBy?: number): SentError {
  const { message, stack } = error;
  const type = withNative(types).findIndex((type) => error instanceof type);
  return { type, message, stack, fields: { ...error }, toldBy };
}

/** Makes the error again, with the stack it had in the thread. */
export function errorOf({ type, message, stack, fields }: SentError, types: ErrorTypes): Error {
  const error = new Error(message);
  Object.setPrototypeOf(error, (withNative(types)[type] ?? Error).prototype);
  if (stack !== undefined) error.stack = stack;
  return Object.assign(error, fields);
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
