/**
 * Outcomes of the driver and of the machine, named as the kernel names them. A wrong argument is a TypeError or a
 * RangeError instead.
 */

/** The kernel's error numbers that can be met here, negative as the kernel returns them. */
export const ENOENT = -2;
export const ENOMEM = -12;
export const EEXIST = -17;
export const ENODEV = -19;
export const EINVAL = -22;

const NAMES: Readonly<Record<number, string>> = {
  [ENOENT]: "ENOENT",
  [ENOMEM]: "ENOMEM",
  [EEXIST]: "EEXIST",
  [ENODEV]: "ENODEV",
  [EINVAL]: "EINVAL",
};

/**
 * The driver or the machine refused: nothing is wrong with the call, but it could not be done.
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
  /** The kernel's name of the error, as in `ENOMEM`. */
  readonly code: string;
  /** The kernel's number of it, negative. */
  readonly errno: number;

  constructor(errno: number, message: string) {
    const code = NAMES[errno] ?? `E${-errno}`;
    super(`${code}: ${message}`);
    this.code = code;
    this.errno = errno;
  }
}

/**
 * A BUG_ON of the driver fired. The guest has ended; other guests and the machine go on. Thrown by the call that met
 * it, and again by every later call on that guest.
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
  /** The condition that was met, as the driver writes it. */
  readonly condition: string;

  constructor(condition: string) {
    super(`BUG_ON(${condition}): the guest has ended`);
    this.condition = condition;
  }
}
