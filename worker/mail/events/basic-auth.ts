/** HTTP basic auth (RFC 7617), for providers whose webhooks carry no signature: the secret is `user:password`. */
import { fromPaddedBase64 } from '../../credentials/base64.ts';

/** Null where the credentials are the secret. Compared under a key of the moment, so that no time tells how much is right. */
export const refusalOfBasicAuth = async (
  headers: Headers,
  secret: string,
): Promise<{ kind: 'refused'; reason: 'unsigned' | 'forged' } | null> => {
  const [, encoded] = /^basic +(\S+)$/i.exec(headers.get('Authorization') ?? '') ?? [];
  const given = encoded === undefined ? null : fromPaddedBase64(encoded);
  if (!given) return { kind: 'refused', reason: 'unsigned' };
  const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
  const expected = await crypto.subtle.sign('HMAC', key as CryptoKey, new TextEncoder().encode(secret));
  const isRight = await crypto.subtle.verify('HMAC', key as CryptoKey, expected, given);
  return isRight ? null : { kind: 'refused', reason: 'forged' };
};
