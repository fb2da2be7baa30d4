/** Defines the method that `await using` calls at the end of a block. */

interface Disposable {
  readonly [Symbol.asyncDispose]: () => Promise<void>;
}

/**
 * Gives a class the method. A runtime without Symbol.asyncDispose gets the symbol that compilers of `await using` use
 * in its place.
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
