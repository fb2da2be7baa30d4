/** CRC-32 of zlib and gzip. It detects any damage within 32 consecutive bits, and works without SubtleCrypto. */

/** The polynomial, lowest bit first. */
const POLYNOMIAL = 0xedb8_8320;

/** @returns 0 to 2^32 - 1. */
export function crc32(bytes: Uint8Array): number {
  const table = Int32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
    return remainder;
  });
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]) & 0xff];
  return ~crc >>> 0;
}
