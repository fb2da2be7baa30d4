/** The driver's watch of memory/target (drivers/xen/xen-balloon.c). */
export class BalloonWatch {
  /** @returns the driver's new target in pages; null where the key is no number. */
  event(value: string | undefined): number | null {
    return value === undefined ? null : Math.floor(Number(value) / 4);
  }
}
