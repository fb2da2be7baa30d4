/** Reads thrown values of any type. */

/** Returns an error's message, or any other value as text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
