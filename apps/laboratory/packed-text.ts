/** Packs a text for the fragment of a link: deflate, then base64url. */
import { quote } from "xen-balloon/core";

const BASE64URL = /^[A-Za-z0-9_-]*$/;

/** The most bytes a link unpacks to, because a packed text can unpack to a thousand times its size. */
const MAX_TEXT_BYTES = 2 ** 24;
/** The longest address that every browser takes: Firefox has the lowest limit, 1 MiB. */
const MAX_LINK_CHARACTERS = 1_000_000;

/**
 * Packs a text.
 *
 * @throws Error: it is too long for a link.
 */
export async function pack(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const pieces: Uint8Array[] = [];
  for await (const piece of through(bytes, new CompressionStream("deflate-raw"))) pieces.push(piece);
  const packed = toBase64url(pieces);
  if (bytes.length > MAX_TEXT_BYTES || packed.length > MAX_LINK_CHARACTERS) {
    throw new Error(`too long for a link (${packed.length} characters): save it as a file`);
  }
  return packed;
}

/** @throws Error: it is broken, or too long. */
export async function unpack(data: string): Promise<string> {
  const packed = fromBase64url(data);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  let text = "";
  try {
    for await (const piece of through(packed, new DecompressionStream("deflate-raw"))) {
      bytes += piece.length;
      if (bytes > MAX_TEXT_BYTES) break;
      text += decoder.decode(piece, { stream: true });
    }
    if (bytes <= MAX_TEXT_BYTES) return text + decoder.decode();
  } catch (cause) {
    throw new Error("the link is broken: a part of it is missing or was changed", { cause });
  }
  throw new Error(`the link is refused: it unpacks to more than ${MAX_TEXT_BYTES / 2 ** 20} MiB`);
}

/** Transforms `bytes` piece by piece. A consumer that stops reading stops the work. */
async function* through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): AsyncGenerator<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(transform).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
  } finally {
    // for a failed stream this rejects again with the error thrown above
    await reader.cancel().catch(() => undefined);
  }
}

/** Converts in pieces, because the arguments of one call hold only some ten thousand bytes. */
const PIECE_BYTES = 8192;

function toBase64url(pieces: readonly Uint8Array[]): string {
  let binary = "";
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i += PIECE_BYTES) {
      binary += String.fromCharCode(...piece.subarray(i, i + PIECE_BYTES));
    }
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!BASE64URL.test(text) || text.length % 4 === 1) {
    throw new Error(`the link is broken: expected base64url after the point, got ${quote(brief(text))}`);
  }
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0));
}

/** So much of a text as fits into a sentence. */
export function brief(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
