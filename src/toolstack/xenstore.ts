/** The part of a xenstore that memory daemons and guests share: the keys below /local/domain/N of each domain. */

/** Hears every write of a key, also of the value that it had (docs/misc/xenstore.txt). */
export type StoreWatch = (value: string | undefined) => void;

/** The keys of one domain, and who watches them. */
interface Node {
  readonly values: Map<string, string>;
  readonly watches: Map<string, StoreWatch[]>;
}

/** The keys of domains, as a policy sees them: relative to /local/domain/N, such as `memory/target`. Values are text. */
export interface Store {
  /** Reads a key; undefined where the key, or the domain, does not exist. */
  read(domid: number, key: string): string | undefined;
  /** Writes a key and tells its watches. @throws RangeError - there is no such domain, target, or key of memory */
  write(domid: number, key: string, value: string): void;
  /** Removes a key and tells its watches. @throws RangeError - there is no such domain */
  remove(domid: number, key: string): void;
  /** Registers a watch, which fires once at once. @throws RangeError - there is no such domain */
  watch(domid: number, key: string, watch: StoreWatch): void;
}

/**
 * Keys and values of domains, as text. Keys are relative to /local/domain/N: `memory/target`. A value of memory is in KiB,
 * in decimal digits.
 */
export class XenStore implements Store {
  readonly #nodes = new Map<number, Node>();

  /** Makes the node of a domain. One that exists loses its keys. */
  introduce(domid: number): void {
    this.#nodes.set(domid, { values: new Map(), watches: new Map() });
  }

  /** Removes a domain with its keys and watches. */
  release(domid: number): void {
    this.#nodes.delete(domid);
  }

  /** Reads a key; undefined where the key, or the domain, does not exist. */
  read(domid: number, key: string): string | undefined {
    return this.#nodes.get(domid)?.values.get(key);
  }

  /** Writes a key and tells its watches. @throws RangeError - there is no such domain */
  write(domid: number, key: string, value: string): void {
    const node = this.#nodeOf(domid);
    node.values.set(key, value);
    for (const watch of node.watches.get(key) ?? []) watch(value);
  }

  /** Removes a key and tells its watches. @throws RangeError - there is no such domain */
  remove(domid: number, key: string): void {
    const node = this.#nodeOf(domid);
    if (!node.values.delete(key)) return;
    for (const watch of node.watches.get(key) ?? []) watch(undefined);
  }

  /** Registers a watch, which fires once at once. @throws RangeError - there is no such domain */
  watch(domid: number, key: string, watch: StoreWatch): void {
    const node = this.#nodeOf(domid);
    const watches = node.watches.get(key);
    if (watches === undefined) node.watches.set(key, [watch]);
    else watches.push(watch);
    watch(node.values.get(key));
  }

  #nodeOf(domid: number): Node {
    const node = this.#nodes.get(domid);
    if (node === undefined) throw new RangeError(`domid: expected a domain of the host, got ${domid}`);
    return node;
  }
}
