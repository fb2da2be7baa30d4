/**
 * Outcomes of the driver and of the machine, named as the kernel names them. A wrong argument is a TypeError or a
 * RangeError instead.
 */

/** The kernel's error numbers that can occur here, negative as the kernel returns them. */
export const ENOENT = -2;
export const ENOMEM = -12;
export const EBUSY = -16;
export const EEXIST = -17;
export const ENODEV = -19;
export const EINVAL = -22;
export const ERANGE = -34;

const NAMES: Readonly<Record<number, string>> = {
  [ENOENT]: "ENOENT",
  [ENOMEM]: "ENOMEM",
  [EBUSY]: "EBUSY",
  [EEXIST]: "EEXIST",
  [ENODEV]: "ENODEV",
  [EINVAL]: "EINVAL",
  [ERANGE]: "ERANGE",
};

/**
 * An error for a correct call that the driver or the machine refused.
 *
 * @example
 * try {
 *   await guest.takeBallooned(1_000_000);
 * } catch (error) {
 *   if (error instanceof BalloonError && error.code === "ENOMEM") console.log("the guest has no page to spare");
 * }
 */
export class BalloonError extends Error {
  /** `BalloonError`. */
  override readonly name = "BalloonError";
  /** The kernel's name for the error, for example `ENOMEM`. */
  readonly code: string;
  /** The kernel's number for the error, negative. */
  readonly errno: number;

  constructor(errno: number, message: string) {
    const code = NAMES[errno] ?? `E${-errno}`;
    super(`${code}: ${message}`);
    this.code = code;
    this.errno = errno;
  }
}

/**
 * A BUG_ON of the driver fired. The guest has ended; other guests and the machine go on. The call that met the
 * BUG_ON throws this error, and so does every later call on that guest.
 *
 * @example
 * await guest.inject({ decrease: { rc: -1, times: 1 } });
 * await guest.setTarget({ pages: 100 });
 * await guest.settle().catch((error) => {
 *   if (error instanceof BalloonBug) console.log(`the guest has ended: ${error.condition}`); // ret != nr_pages
 * });
 */
export class BalloonBug extends Error {
  /** `BalloonBug`. */
  override readonly name = "BalloonBug";
  /** The condition that fired, as the driver writes it. */
  readonly condition: string;

  constructor(condition: string) {
    super(`BUG_ON(${condition}): the guest has ended`);
    this.condition = condition;
  }
}
