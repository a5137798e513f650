/** The tokens of links: what they say, how long they live, and what each of them opens. Forged ones: link-token-attacks. */
import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createLinkTokens, type LinkClaims, type LinkPurpose, linkIssue } from '../../worker/credentials/link-token.ts';
import { configWith, SECRET_A, SECRET_B } from './settings.ts';

const USER = '00000000-0000-4000-8000-000000000000';
const STAMP = 'AAAAAAAAAAAAAAAAAAAAAA';
const CLAIMS: LinkClaims = {
  register: { email: 'ada@example.com' },
  reset: { userId: USER, stamp: STAMP },
  change: { userId: USER, stamp: STAMP, email: 'ada@new.example.com' },
  secure: { userId: USER, atMs: 1_799_999_999_123 },
};
const PAGES: Record<LinkPurpose, string> = {
  register: '/complete-registration',
  reset: '/reset-password',
  change: '/change-email',
  secure: '/secure-account',
};
const LIVES: Record<LinkPurpose, number> = { register: 86_400, reset: 1800, change: 86_400, secure: 604_800 };
const PURPOSES = Object.keys(PAGES) as LinkPurpose[];
const AT = 1_800_000_000;

const tokens = createLinkTokens(configWith());
const issueBy = async (linkTokens: typeof tokens, purpose: LinkPurpose, at = AT): Promise<string> => {
  const { url } = await linkTokens.issue(purpose, CLAIMS[purpose], at);
  return url.split('#')[1] ?? '';
};
const partsOf = (token: string) =>
  token
    .split('.')
    .slice(0, 2)
    .map(part => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));

describe.each(PURPOSES)('a %s token', purpose => {
  const life = LIVES[purpose];

  test('is good for what it was made for, until its end', async () => {
    const token = await issueBy(tokens, purpose);
    expect(await tokens.verify(purpose, token, AT * 1000)).toEqual({
      kind: 'good',
      claims: CLAIMS[purpose],
      expiresAtMs: (AT + life) * 1000,
    });
  });

  test('says in its header the one algorithm, its own type and which key signed, and nothing else', async () => {
    const [header] = partsOf(await issueBy(tokens, purpose));
    expect(header).toEqual({ alg: 'HS256', typ: `rekey-${purpose}+jwt`, kid: expect.stringMatching(/^[\w-]{11}$/) });
  });

  test('says who made it for which page, from when until when, and the claims of its purpose', async () => {
    const [, payload] = partsOf(await issueBy(tokens, purpose));
    expect(payload).toEqual({
      ...CLAIMS[purpose],
      iss: 'https://app.example.com',
      aud: `https://app.example.com${PAGES[purpose]}`,
      iat: AT,
      nbf: AT,
      exp: AT + life,
    });
  });

  test('is signed by HMAC-SHA-256 under an HKDF key of its purpose (RFC 7515, RFC 5869), as node:crypto does it', async () => {
    const token = await issueBy(tokens, purpose);
    const signed = token.slice(0, token.lastIndexOf('.'));
    const key = hkdfSync('sha256', Buffer.from(SECRET_A, 'base64url'), '', `rekey link ${purpose}`, 32);
    const signature = createHmac('sha256', Buffer.from(key)).update(signed).digest('base64url');
    expect(token).toBe(`${signed}.${signature}`);
  });

  test('travels in the fragment of its page, in characters that no mail client breaks', async () => {
    const { url, expiresAtMs } = await tokens.issue(purpose, CLAIMS[purpose], AT);
    expect(url).toMatch(new RegExp(`^https://app\\.example\\.com${PAGES[purpose]}#[\\w-]+\\.[\\w-]+\\.[\\w-]+$`));
    expect(expiresAtMs).toBe((AT + life) * 1000);
  });

  test('of the same input is the same to the byte, also from another isolate', async () => {
    const again = createLinkTokens(configWith());
    expect(await issueBy(tokens, purpose)).toBe(await issueBy(tokens, purpose));
    expect(await issueBy(again, purpose)).toBe(await issueBy(tokens, purpose));
    expect(await issueBy(tokens, purpose, AT + 1)).not.toBe(await issueBy(tokens, purpose));
  });

  test('lives to the second: good in its last, expired with its end', async () => {
    const token = await issueBy(tokens, purpose);
    const end = (AT + life) * 1000;
    expect(await tokens.verify(purpose, token, end - 1000)).toMatchObject({ kind: 'good' });
    expect(await tokens.verify(purpose, token, end - 1)).toMatchObject({ kind: 'good' });
    expect(await tokens.verify(purpose, token, end)).toEqual({ kind: 'bad', reason: 'expired' });
    expect(await tokens.verify(purpose, token, end + 86_400_000)).toEqual({ kind: 'bad', reason: 'expired' });
  });

  test('is not good before it was made', async () => {
    const token = await issueBy(tokens, purpose);
    expect(await tokens.verify(purpose, token, AT * 1000 - 1)).toEqual({ kind: 'bad', reason: 'wrong_claims' });
  });
});

test('lives as long as the settings say, and "this was not me" 7 days whatever they say', async () => {
  const short = createLinkTokens(configWith({ RESET_TOKEN_TTL: '10', LINK_TOKEN_TTL: '20' }));
  const lives: Record<LinkPurpose, number> = { register: 20, reset: 10, change: 20, secure: 604_800 };
  for (const purpose of PURPOSES) {
    expect(short.lifeSeconds(purpose), purpose).toBe(lives[purpose]);
    const { expiresAtMs } = await short.issue(purpose, CLAIMS[purpose], AT);
    expect(expiresAtMs, purpose).toBe((AT + lives[purpose]) * 1000);
  }
});

test.each(PURPOSES.flatMap(made => PURPOSES.filter(used => used !== made).map(used => [made, used] as const)))(
  'a token made to %s is noise where one to %s is taken',
  async (made, used) => {
    const outcome = await tokens.verify(used, await issueBy(tokens, made), AT * 1000);
    expect(outcome).toEqual({ kind: 'bad', reason: 'forged' });
  },
);

describe('when the secret is replaced', () => {
  const before = createLinkTokens(configWith({ TOKEN_SECRET: SECRET_A }));
  const during = createLinkTokens(configWith({ TOKEN_SECRET: `${SECRET_B},${SECRET_A}` }));
  const after = createLinkTokens(configWith({ TOKEN_SECRET: SECRET_B }));

  test.each(PURPOSES)('the first of two signs: %s', async purpose => {
    expect(await issueBy(during, purpose)).toBe(await issueBy(after, purpose));
  });

  test('links of both are good while both stand, wherever the old one stands', async () => {
    const all = createLinkTokens(configWith({ TOKEN_SECRET: `${'D'.repeat(43)},${SECRET_B},${SECRET_A}` }));
    for (const purpose of PURPOSES) {
      for (const maker of [before, during, after]) {
        expect(await during.verify(purpose, await issueBy(maker, purpose), AT * 1000)).toMatchObject({ kind: 'good' });
        expect(await all.verify(purpose, await issueBy(maker, purpose), AT * 1000)).toMatchObject({ kind: 'good' });
      }
    }
  });

  test.each(PURPOSES)('links of the old one die with it: %s', async purpose => {
    const outcome = await after.verify(purpose, await issueBy(before, purpose), AT * 1000);
    expect(outcome).toEqual({ kind: 'bad', reason: 'forged' });
  });
});

test('a key id differs for each purpose and secret, and holds neither the secret nor the key', async () => {
  const ids = new Set<string>();
  for (const secret of [SECRET_A, SECRET_B]) {
    const ring = createLinkTokens(configWith({ TOKEN_SECRET: secret }));
    for (const purpose of PURPOSES) {
      const [{ kid }] = partsOf(await issueBy(ring, purpose));
      ids.add(kid);
      const id = Buffer.from(kid, 'base64url');
      const bytes = Buffer.from(secret, 'base64url');
      const key = Buffer.from(hkdfSync('sha256', bytes, '', `rekey link ${purpose}`, 32));
      expect(bytes.includes(id) || key.includes(id)).toBe(false);
    }
  }
  expect(ids.size).toBe(2 * PURPOSES.length);
});

describe('the moment that a link is made of', () => {
  // Job made at, life, now, all in seconds; then the moment of issue after the job and how many half-lives.
  test.each([
    [0, 1800, 0, 0],
    [0, 1800, 899.999, 0],
    [0, 1800, 900, 1],
    [0, 1800, 1799, 1],
    [0, 1800, 1800, 2],
    [0, 1800, 21_600, 24],
    [0.999, 1800, 899.999, 0],
    [0.999, 1800, 900, 1],
    [0, 11, 5, 0],
    [0, 11, 6, 1],
    [0, 86_400, 43_199, 0],
    [0, 86_400, 43_200, 1],
    [100, 1800, 0, 0],
  ])('of a job of second %d with a life of %d, at second %d, is %i half-lives later', (made, life, now, repeat) => {
    const outcome = linkIssue((AT + made) * 1000, life, (AT + now) * 1000);
    expect(outcome).toEqual({ issuedAtSeconds: AT + Math.floor(made) + repeat * Math.ceil(life / 2), repeat });
  });

  test('leaves every mail half of the life of its link, and is never in the future', () => {
    for (const life of [10, 11, 1800, 86_399, 86_400]) {
      for (let step = 0; step < 200; step += 1) {
        const nowMs = AT * 1000 + Math.floor((step * life * 1000) / 37);
        const { issuedAtSeconds } = linkIssue(AT * 1000, life, nowMs);
        expect(issuedAtSeconds * 1000).toBeLessThanOrEqual(nowMs);
        expect(issuedAtSeconds + life - nowMs / 1000).toBeGreaterThanOrEqual(Math.floor(life / 2));
      }
    }
  });
});
