/** What goes wrong with a queue, told in one line without the secrets of its URL. */

/** The queue cannot be used: a wrong URL, a package or a server that is missing. */
export class QueueError extends Error {
  override readonly name = "QueueError";
}

/** The queue went away in the middle of a study. What came before is good; the rest can be asked for again. */
export class QueueLost extends Error {
  override readonly name = "QueueLost";
}
