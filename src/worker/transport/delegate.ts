/** Gives an object the methods of another one that it stands for, from one list of their names. */

/** The names of the methods of T that answer with a promise. */
export type Asynchronous<T> = {
  [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof T & string];

/** A list of methods. TypeScript asks for each name once. */
export type Methods<Names extends string> = Readonly<Record<Names, true>>;

/**
 * Defines the methods of a list.
 *
 * @param to - the object, or the prototype of its class.
 * @param call - performs the call of a method.
 */
export function delegate<T extends object>(
  to: T,
  methods: Methods<string>,
  call: (self: T, method: string, args: readonly unknown[]) => Promise<unknown>,
): void {
  for (const method of Object.keys(methods)) {
    Object.defineProperty(to, method, {
      value(this: T, ...args: readonly unknown[]) {
        return call(this, method, args);
      },
      configurable: true,
      writable: true,
    });
  }
}
