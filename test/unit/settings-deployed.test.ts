/** The settings of a deployment, whose secrets nobody can read: `npm run admin -- import --remote` asks them how it hashes. */
import { expect, test } from 'vitest';
import { settingsDeployed } from '../../scripts/deploy/settings.ts';
import type { Settings } from '../../worker/bindings.ts';
import { readConfig } from '../../worker/config.ts';
import { MAIL_PROVIDERS } from '../../worker/mail/mail-account.ts';

const VARS: Settings = {
  APP_URL: 'https://accounts.example.com',
  MAIL_FROM: 'Rekey <noreply@example.com>',
  SCRYPT: 'ln=15,r=8,p=3',
  REFUSAL_FLOOR_MS: '2500',
};
const NEEDED: Record<string, [region?: string, account?: string]> = {
  mailgun: ['eu', 'mg.example.com'],
  ses: ['eu-central-1'],
  cloudflare: ['', '0123456789abcdef0123456789abcdef'],
};

/** The vars of an account at this provider. */
const varsOf = (prefix: 'MAIL_' | 'MAIL_FALLBACK_', provider: string): Settings => {
  const [region = '', account = ''] = NEEDED[provider] ?? [];
  return {
    [`${prefix}PROVIDER`]: provider,
    ...(region && { [`${prefix}REGION`]: region }),
    ...(account && { [`${prefix}ACCOUNT`]: account }),
  };
};

test.each(MAIL_PROVIDERS)('are good with %s, first or as the second provider', provider => {
  const other = provider === 'resend' ? 'postmark' : 'resend';
  for (const [first, second] of [
    [provider, other],
    [other, provider],
  ] as const) {
    const vars = { ...VARS, ...varsOf('MAIL_', first), ...varsOf('MAIL_FALLBACK_', second) };
    const read = readConfig(settingsDeployed(vars));
    expect(read).toMatchObject({
      kind: 'good',
      config: { scrypt: { ln: 15, r: 8, p: 3 }, refusalFloorMs: 2500, mail: { provider: first } },
    });
  }
});

test('are judged in all that is no secret', () => {
  const read = readConfig(settingsDeployed({ ...VARS, SCRYPT: 'ln=4,r=8,p=1', MAIL_REGION: 'eu' }));
  expect(read).toMatchObject({ kind: 'bad', problems: [expect.stringContaining('SCRYPT should hold')] });
});
