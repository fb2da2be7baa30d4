/** Goes to a page by its number. */
import { grouped, quote } from "xen-balloon/core";
import type { Attempt } from "../notices.js";

const PFN = /^(?:0x[0-9a-f]+|[0-9][0-9,]*)$/i;

/**
 * Reads the number of a page of a guest: decimal, with commas or without, or hexadecimal with 0x.
 *
 * @throws RangeError: no such number, or none of a page of this guest
 */
export function readPfn(text: string, pfnLimit: number): number {
  const written = text.trim();
  const pfn = PFN.test(written) ? Number(written.replaceAll(",", "")) : Number.NaN;
  if (pfn < pfnLimit) return pfn;
  const last = pfnLimit - 1;
  throw new RangeError(
    `expected a PFN from 0 to ${grouped(last)} (0x${last.toString(16)}), decimal or with 0x, got ${quote(written)}`,
  );
}

/**
 * Has a form with the field `pfn` go to the page in it.
 *
 * @param pfnLimit - of the guest on show; null: there is none.
 */
export function listenToGoTo(
  form: HTMLFormElement,
  attempt: Attempt,
  pfnLimit: () => number | null,
  goTo: (pfn: number) => void,
): void {
  const field = form.elements.namedItem("pfn") as HTMLInputElement;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(field, () => {
      const limit = pfnLimit();
      if (limit === null) throw new Error("there is no guest yet: boot one");
      goTo(readPfn(field.value, limit));
    });
  });
}
