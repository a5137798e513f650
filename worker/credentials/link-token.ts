/**
 * The tokens that links carry: JSON Web Tokens (RFC 7519), HS256 only, one `typ`, audience and key for each purpose
 * (RFC 8725 3.11 and 3.12), so that a token of one purpose is noise to another. Stateless: what ends them is their
 * `exp`, and for a reset the security stamp inside. jose lives here and nowhere else.
 */
import { type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from 'jose';
// Each by its name: the package's `errors` would bring all of them along.
import { JOSEError, JWSSignatureVerificationFailed, JWTClaimValidationFailed, JWTExpired } from 'jose/errors';
import * as v from 'valibot';
import type { Config } from '../config.ts';
import { toBase64Url } from './base64.ts';

/** What a token of each purpose says. `register` proves a mailbox; `reset` and `change` are of one user under one stamp. */
export type LinkClaims = {
  register: { email: string };
  reset: { userId: string; stamp: string };
  /** A change of address, to `email`. */
  change: { userId: string; stamp: string; email: string };
  /** "This was not me": of what happened at `atMs`, and bound to no stamp. */
  secure: { userId: string; atMs: number };
};
export type LinkPurpose = keyof LinkClaims;

/** The claims as they travel, and the page that takes the token (its audience). */
const PURPOSES = {
  register: { page: '/complete-registration', claims: v.object({ email: v.string() }) },
  reset: { page: '/reset-password', claims: v.object({ userId: v.string(), stamp: v.string() }) },
  change: { page: '/change-email', claims: v.object({ userId: v.string(), stamp: v.string(), email: v.string() }) },
  secure: { page: '/secure-account', claims: v.object({ userId: v.string(), atMs: v.number() }) },
} as const;

const SECURE_LIFE_SECONDS = 7 * 24 * 3600;

export type IssuedLink = { url: string; expiresAtMs: number };

export type LinkOutcome<Purpose extends LinkPurpose> =
  | { kind: 'good'; claims: LinkClaims[Purpose]; expiresAtMs: number }
  /** `reason` is for the log alone: the world reads one answer for all of them. */
  | { kind: 'bad'; reason: 'expired' | 'forged' | 'malformed' | 'wrong_claims' };

export type LinkTokens = {
  /** The link of a mail, good for the purpose's life from `issuedAtSeconds`. The same input makes the same link. */
  issue<Purpose extends LinkPurpose>(
    purpose: Purpose,
    claims: LinkClaims[Purpose],
    issuedAtSeconds: number,
  ): Promise<IssuedLink>;
  verify<Purpose extends LinkPurpose>(purpose: Purpose, token: string, nowMs: number): Promise<LinkOutcome<Purpose>>;
  lifeSeconds(purpose: LinkPurpose): number;
};

type Key = { id: string; key: CryptoKey };

export const createLinkTokens = (config: Config): LinkTokens => {
  const rings = new Map<LinkPurpose, Promise<Key[]>>();
  const ringOf = (purpose: LinkPurpose): Promise<Key[]> => {
    const ring = rings.get(purpose) ?? Promise.all(config.tokenSecrets.map(secret => deriveKey(secret, purpose)));
    rings.set(purpose, ring);
    return ring;
  };

  const typeOf = (purpose: LinkPurpose) => `rekey-${purpose}+jwt`;
  const pageOf = (purpose: LinkPurpose) => `${config.appUrl}${PURPOSES[purpose].page}`;
  const lives: Record<LinkPurpose, number> = {
    register: config.linkTokenTtlSeconds,
    reset: config.resetTokenTtlSeconds,
    change: config.linkTokenTtlSeconds,
    secure: SECURE_LIFE_SECONDS,
  };
  const lifeSeconds = (purpose: LinkPurpose) => lives[purpose];

  return {
    lifeSeconds,

    async issue(purpose, claims, issuedAtSeconds) {
      const [signer] = await ringOf(purpose);
      if (!signer) throw new Error('the configuration holds no TOKEN_SECRET');
      const expiresAtSeconds = issuedAtSeconds + lifeSeconds(purpose);
      const token = await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256', typ: typeOf(purpose), kid: signer.id })
        .setIssuer(config.appUrl)
        .setAudience(pageOf(purpose))
        .setIssuedAt(issuedAtSeconds)
        .setNotBefore(issuedAtSeconds)
        .setExpirationTime(expiresAtSeconds)
        .sign(signer.key);
      return { url: `${pageOf(purpose)}#${token}`, expiresAtMs: expiresAtSeconds * 1000 };
    },

    async verify(purpose, token, nowMs) {
      const ring = await ringOf(purpose);
      // The key id only picks from our own ring (RFC 8725 3.10); no header names where a key is fetched from.
      const keyOf = ({ kid }: JWTHeaderParameters): CryptoKey => {
        const found = ring.find(({ id }) => id === kid);
        if (!found) throw new JWSSignatureVerificationFailed();
        return found.key;
      };
      let payload: JWTPayload;
      try {
        ({ payload } = await jwtVerify(token, header => keyOf(header as JWTHeaderParameters), {
          algorithms: ['HS256'],
          typ: typeOf(purpose),
          issuer: config.appUrl,
          audience: pageOf(purpose),
          requiredClaims: ['iat', 'nbf', 'exp'],
          currentDate: new Date(nowMs),
        }));
      } catch (error) {
        return { kind: 'bad', reason: reasonOf(error) };
      }
      const claims = v.safeParse(PURPOSES[purpose].claims, payload);
      if (!claims.success || payload.exp === undefined) return { kind: 'bad', reason: 'wrong_claims' };
      return { kind: 'good', claims: claims.output as LinkClaims[typeof purpose], expiresAtMs: payload.exp * 1000 };
    },
  };
};

/**
 * When a link that a job asks for is issued: the job's own moment plus the whole half-lives gone since. A retry soon
 * after repeats the link to the byte; one much later still mails a link with half of its life left.
 */
export const linkIssue = (
  jobMadeAtMs: number,
  lifeSeconds: number,
  nowMs: number,
): { issuedAtSeconds: number; repeat: number } => {
  const madeAtSeconds = Math.floor(jobMadeAtMs / 1000);
  const halfLifeSeconds = Math.ceil(lifeSeconds / 2);
  const repeat = Math.max(0, Math.floor((nowMs / 1000 - madeAtSeconds) / halfLifeSeconds));
  return { issuedAtSeconds: madeAtSeconds + repeat * halfLifeSeconds, repeat };
};

/** HKDF-SHA-256 (RFC 5869): a 256-bit key for one purpose, and an id that tells the keys apart and nothing else. */
const deriveKey = async (secret: Uint8Array<ArrayBuffer>, purpose: LinkPurpose): Promise<Key> => {
  const input = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey', 'deriveBits']);
  const hkdf = (info: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: new TextEncoder().encode(info),
  });
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  const key = await crypto.subtle.deriveKey(hkdf(`rekey link ${purpose}`), input, hmac, false, ['sign', 'verify']);
  const id = await crypto.subtle.deriveBits(hkdf(`rekey link ${purpose} key id`), input, 64);
  return { id: toBase64Url(new Uint8Array(id)), key };
};

const reasonOf = (error: unknown): 'expired' | 'forged' | 'malformed' | 'wrong_claims' => {
  if (error instanceof JWTExpired) return 'expired';
  if (error instanceof JWTClaimValidationFailed) return 'wrong_claims';
  if (error instanceof JWSSignatureVerificationFailed) return 'forged';
  if (error instanceof JOSEError) return 'malformed';
  throw error;
};
