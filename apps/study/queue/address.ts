/** Where a queue is: a Redis URL, and what of it may be shown. */
import { QueueError } from "./errors.js";

export interface QueueAddress {
  readonly url: string;
  /** `HOST:PORT`. */
  readonly host: string;
  /** The URL, without user, password and query. */
  readonly shown: string;
}

/** @throws QueueError: no redis:// or rediss:// URL. */
export function queueAddress(text: string): QueueAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  const known = url?.protocol === "redis:" || url?.protocol === "rediss:";
  if (!known || url.hostname === "" || !/^(\/\d*)?$/.test(url.pathname) || url.hash !== "") {
    const expected = "redis://HOST:PORT or rediss://HOST:PORT, a database's number after it as in redis://HOST:PORT/1";
    throw new QueueError(`queue: expected ${expected}; got ${text === "" ? "nothing" : withoutSecrets(text)}`);
  }
  return { url: url.href, host: `${url.hostname}:${url.port || "6379"}`, shown: withoutSecrets(url.href) };
}

/** A password may be what makes a URL unreadable, so this does not depend on its being one. */
function withoutSecrets(text: string): string {
  return text.replace(/^([a-z]+:\/\/)?.*@/is, "$1…@").replace(/[?#].*$/s, "?…");
}
