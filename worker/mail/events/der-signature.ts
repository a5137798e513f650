/** An ECDSA signature of P-256 from DER, as OpenSSL and its kind write it, to the two numbers that Web Crypto takes. */

const NUMBER_BYTES = 32;

/** SEQUENCE { INTEGER r, INTEGER s } as r and s of 32 bytes each; null where it is not exactly that (X.690 8.3, 10.1). */
export const rawSignature = (der: Uint8Array): Uint8Array<ArrayBuffer> | null => {
  // Both numbers together are below 128 bytes, so a length is always one byte.
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  const r = integerAt(der, 2);
  const s = r && integerAt(der, r.end);
  if (!r || !s || s.end !== der.length) return null;
  const raw = new Uint8Array(2 * NUMBER_BYTES);
  raw.set(r.bytes, NUMBER_BYTES - r.bytes.length);
  raw.set(s.bytes, 2 * NUMBER_BYTES - s.bytes.length);
  return raw;
};

const integerAt = (der: Uint8Array, start: number): { bytes: Uint8Array; end: number } | null => {
  const length = der[start + 1] ?? 0;
  const end = start + 2 + length;
  if (der[start] !== 0x02 || length < 1 || end > der.length) return null;
  const bytes = der.subarray(start + 2, end);
  const [first = 0, second = 0] = bytes;
  // Neither negative nor written longer than it is: a zero stands in front only of what would else look negative.
  if (first >= 0x80 || (first === 0 && (length === 1 || second < 0x80))) return null;
  const digits = first === 0 ? bytes.subarray(1) : bytes;
  return digits.length <= NUMBER_BYTES ? { bytes: digits, end } : null;
};
