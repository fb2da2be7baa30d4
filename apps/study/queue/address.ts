/** The address of a queue: a Redis URL, and the part of it that may be shown. */
import { QueueError } from "./errors.js";

/** The address of a queue. */
export interface QueueAddress {
  readonly url: string;
  /** `HOST:PORT`. */
  readonly host: string;
  /** The URL, without user, password and query. */
  readonly shown: string;
}

/**
 * Reads the URL of a queue.
 *
 * @throws QueueError: no redis:// or rediss:// URL.
 */
export function queueAddress(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  const known = url?.protocol === "redis:" || url?.protocol === "rediss:";
  if (!known || url.hostname === "" || !/^(\/\d*)?$/.test(url.pathname) || url.hash !== "") {
    const expected = "redis://HOST:PORT or rediss://HOST:PORT, a database's number after it as in redis://HOST:PORT/1";
    throw new QueueError(`queue: expected ${expected}; got ${text === "" ? "nothing" : withoutSecrets(text)}`);
  }
  return { url: url.href, host: `${url.hostname}:${url.port || "6379"}`, shown: withoutSecrets(url.href) };
}

/** Removes user, password and query. It does not parse the URL: the password may be what makes it invalid. */
function withoutSecrets(text: string): string {
  return text.replace(/^([a-z]+:\/\/)?.*@/is, "$1…@").replace(/[?#].*$/s, "?…");
}
