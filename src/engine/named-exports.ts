/** Numbers that a guest's module exports under a name each: where the host and the module meet by name and not by place. */

/**
 * The exported numbers whose names begin with `prefix`, by the rest of their names.
 *
 * @param what - they are, for the message.
 * @param names - all that the host knows.
 * @throws Error that names what only one of the two knows.
 */
export function namedExports(
  exports: object,
  prefix: string,
  what: string,
  names: readonly string[],
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [name, value] of Object.entries(exports)) {
    if (name.startsWith(prefix)) found.set(name.slice(prefix.length), value.value >>> 0);
  }
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) throw new Error(`the guest's module does not know the ${what} ${missing}`);
  for (const name of found.keys()) {
    if (!names.includes(name))
      throw new Error(`the guest's module has the ${what} ${name}, which the host does not know`);
  }
  return found;
}
