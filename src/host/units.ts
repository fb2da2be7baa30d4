/**
 * The kinds of numbers, as types: a page of a guest, a frame of the machine and a count of them do not pass for each
 * other. A plain number passes for each kind, so that literals and the results of arithmetic need no conversion. No number has the member `kind`: it only tells the types apart.
 */

/** The number of a page of a guest. */
export type Pfn = number & { readonly kind?: "pfn" };

/** The number of a frame of the machine. */
export type Mfn = number & { readonly kind?: "mfn" };

/** A count of pages or frames of 4096 bytes. */
export type Pages = number & { readonly kind?: "pages" };
