/** Lists of the guests that a host's options name. */

/** The part of a host's options that names its guests. */
interface NamedGuests<G> {
  readonly dom0?: G;
  readonly guests: readonly G[];
}

/** Lists every guest: dom0 first if it takes part, and the others in their order. */
export function everyGuest<G>({ dom0, guests }: NamedGuests<G>): readonly G[] {
  return dom0 === undefined ? guests : [dom0, ...guests];
}

/** Lists the guests that run from the start. */
export function firstGuests<G extends { readonly startMs?: number }>(host: NamedGuests<G>): readonly G[] {
  return everyGuest(host).filter((guest) => guest === host.dom0 || (guest.startMs ?? 0) === 0);
}
