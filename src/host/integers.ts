/** The bounds of the 32-bit integer types of the driver's C and of the Wasm modules. */

export const I32_MIN: number = -(2 ** 31);
export const I32_MAX: number = 2 ** 31 - 1;
export const U32_MAX: number = 2 ** 32 - 1;
