/** The sizes of guests, in pages, whose limits are measured. */
export const TERABYTE = 2 ** 28;
export const SMALLER = 2 ** 22;
/** Guests of 1 TiB on one machine of 15.75 TiB: each has a quarter of its pages, and the rest in the balloon. */
export const MANY = { guests: 60, nrPages: TERABYTE / 4, hostPages: 15.75 * TERABYTE };
