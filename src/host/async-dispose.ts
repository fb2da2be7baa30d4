/** The method that `await using` calls at the end of a block. */

interface Disposable {
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/**
 * Gives a class the method. A runtime that has no Symbol.asyncDispose gets the symbol by which compilers of `await using`
 * replace it.
 */
export function onAsyncDispose<T extends Disposable>(
  type: { prototype: T },
  dispose: (self: T) => Promise<void>,
): void {
  const name = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
  Object.defineProperty(type.prototype, name, {
    value(this: T) {
      return dispose(this);
    },
    configurable: true,
    writable: true,
  });
}
