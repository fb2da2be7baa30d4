/** The array of pages of the caller that lends or gives back ballooned pages: the module reads and writes it in pieces. */
export class LentPages {
  /** The array of the present call. */
  pfns: Uint32Array = new Uint32Array(0);
}
