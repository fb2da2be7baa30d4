/**
 * The kinds of numbers, as types: a page of a guest, a frame of the machine and a count of them do not pass for each
 * other. A plain number passes for each kind, so that literals and the results of arithmetic need no conversion.
 */

/** The number of a page of a guest. */
export type Pfn = number & {
  /** No number has it: it tells the types apart. */
  readonly kind?: "pfn";
};

/** The number of a frame of the machine. */
export type Mfn = number & {
  /** No number has it: it tells the types apart. */
  readonly kind?: "mfn";
};

/** A count of pages or frames of 4096 bytes. */
export type Pages = number & {
  /** No number has it: it tells the types apart. */
  readonly kind?: "pages";
};
