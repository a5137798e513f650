/** Bytes as text: base64url for tokens and keys, standard base64 without padding for PHC strings. */

export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll('=', '');

export const toBase64Url = (bytes: Uint8Array): string => toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_');

/** The bytes of standard base64 without padding, or null where it is none. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | null => {
  if (!/^[A-Za-z0-9+/]*$/.test(text) || text.length % 4 === 1) return null;
  return Uint8Array.from(atob(text), char => char.charCodeAt(0));
};

/** The bytes of standard base64 with its padding or without, or null. */
export const fromPaddedBase64 = (text: string): Uint8Array<ArrayBuffer> | null =>
  fromBase64(text.replace(/={1,2}$/, ''));

export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> | null =>
  /[+/]/.test(text) ? null : fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));

/** So many bytes from the platform's CSPRNG, in base64url: 16 make 22 characters, 32 make 43. */
export const randomBase64Url = (bytes: number): string => toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)));
