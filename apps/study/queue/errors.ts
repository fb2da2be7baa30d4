/** The errors of a queue; each message is one line, without the secrets of the URL. */

/** The queue cannot be used: the URL is wrong, or a package or the server is missing. */
export class QueueError extends Error {
  override readonly name = "QueueError";
}

/** The queue was lost during a study. The results before it are good; the study can be resumed for the rest. */
export class QueueLost extends Error {
  override readonly name = "QueueLost";
}
