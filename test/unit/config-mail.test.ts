/** The settings of a mail provider: what each needs, of the one that sends and of the one that takes over. */
import { describe, expect, test } from 'vitest';
import type { SettingName, Settings } from '../../worker/bindings.ts';
import { readConfig } from '../../worker/config.ts';
import { MAIL_PROVIDERS, type MailProvider } from '../../worker/mail/mail-account.ts';
import { configWith, GOOD } from './settings.ts';

const problemsOf = (given: Settings): string[] => {
  const outcome = readConfig({ ...GOOD, ...given });
  return outcome.kind === 'bad' ? outcome.problems : [];
};
const namesOf = (given: Settings) => problemsOf(given).map(problem => problem.split(' should hold ')[0]);

type Needs = Partial<Record<'API_KEY' | 'REGION' | 'ACCOUNT', string>>;
/** What each provider cannot do without, as good values. */
const NEEDS: Record<MailProvider, Needs> = {
  resend: { API_KEY: 're_123' },
  postmark: { API_KEY: '00000000-0000-4000-8000-000000000000' },
  sendgrid: { API_KEY: 'SG.a.b' },
  mailgun: { API_KEY: '0123-4567', ACCOUNT: 'mg.example.com' },
  brevo: { API_KEY: 'xkeysib-0123' },
  ses: { API_KEY: 'AKIA0000000000000000:a/b+c:d', REGION: 'eu-central-1' },
  cloudflare: { API_KEY: 'token', ACCOUNT: '0123456789abcdef0123456789abcdef' },
};

const settingsOf = (prefix: 'MAIL_' | 'MAIL_FALLBACK_', provider: MailProvider, needs: Needs = NEEDS[provider]) =>
  Object.fromEntries(
    Object.entries({ PROVIDER: provider, ...needs }).map(([name, value]) => [`${prefix}${name}`, value]),
  ) as Settings;

describe.each(['MAIL_', 'MAIL_FALLBACK_'] as const)('%s', prefix => {
  /** The other account's provider, so that the two differ. */
  const base = prefix === 'MAIL_' ? {} : { MAIL_PROVIDER: 'resend' };
  const { MAIL_API_KEY: _, ...withoutKey } = GOOD;
  const providers = MAIL_PROVIDERS.filter(provider => prefix === 'MAIL_' || provider !== 'resend');

  test.each(providers)('%s stands with what it needs, and its account is read', provider => {
    const given = { ...base, ...settingsOf(prefix, provider) };
    expect(problemsOf(given)).toEqual([]);
    const config = configWith(given);
    const usualRegion = provider === 'mailgun' || provider === 'sendgrid' ? 'us' : '';
    expect(prefix === 'MAIL_' ? config.mail : config.fallbackMail).toEqual({
      provider,
      apiUrl: null,
      apiKey: NEEDS[provider].API_KEY,
      from: 'Rekey <noreply@example.com>',
      region: NEEDS[provider].REGION ?? usualRegion,
      account: NEEDS[provider].ACCOUNT ?? '',
      webhookSecret: null,
    });
  });

  test.each(providers)('%s without anything hears of each setting that it lacks, and of no other', provider => {
    const outcome = readConfig({
      ...(prefix === 'MAIL_' ? withoutKey : GOOD),
      ...base,
      ...settingsOf(prefix, provider, {}),
    });
    const problems = outcome.kind === 'bad' ? outcome.problems : [];
    expect(problems.map(problem => problem.split(' ')[0]).sort()).toEqual(
      Object.keys(NEEDS[provider])
        .map(name => `${prefix}${name}`)
        .sort(),
    );
  });

  test.each<[MailProvider, keyof Needs, string[]]>([
    ['postmark', 'API_KEY', ['', 'two words', 'line\n', 'schlüssel']],
    ['sendgrid', 'REGION', ['EU', 'eu-central-1', 'us ']],
    ['mailgun', 'REGION', ['de', 'US']],
    ['mailgun', 'ACCOUNT', ['', 'example', 'https://mg.example.com', 'mg.example.com/', 'a b.example.com']],
    ['ses', 'API_KEY', ['AKIA0000000000000000', 'akia0000000000000000:secret', 'AKIA0000000000000000:', 'a:b']],
    ['ses', 'REGION', ['', 'eu', 'Frankfurt', 'eu-central-1.amazonaws.com', 'eu-central-1/']],
    ['cloudflare', 'ACCOUNT', ['', '0123456789ABCDEF0123456789ABCDEF', 'me@example.com', '0123456789abcdef/../x']],
  ])('%s: %s that is none is named', (provider, name, values) => {
    for (const value of values) {
      const given = { ...base, ...settingsOf(prefix, provider, { ...NEEDS[provider], [name]: value }) };
      expect(namesOf(given), value).toEqual([`${prefix}${name}`]);
    }
  });

  test.each(providers)('%s: no value is ever repeated, since it may be a key in the wrong place', provider => {
    const names = ['API_URL', 'API_KEY', 'FROM', 'REGION', 'ACCOUNT'].map(name => `${prefix}${name}`);
    const wrong = Object.fromEntries(names.map(name => [name, 'sentinel value'])) as Settings;
    const problems = problemsOf({ ...base, ...settingsOf(prefix, provider), ...wrong });
    expect(problems.length).toBeGreaterThanOrEqual(3);
    expect(problems.join()).not.toContain('sentinel');
  });

  test('an empty region is the usual one, where there is one', () => {
    expect(problemsOf({ ...base, ...settingsOf(prefix, 'mailgun', { ...NEEDS.mailgun, REGION: '' }) })).toEqual([]);
  });

  test('a base URL is https in a deployment, and loses its slash', () => {
    const given = { ...base, ...settingsOf(prefix, 'brevo') };
    const name: SettingName = `${prefix}API_URL`;
    expect(namesOf({ ...given, [name]: 'http://mail.example.com' })).toEqual([name]);
    expect(namesOf({ ...given, [name]: 'mail.example.com' })).toEqual([name]);
    const { mail, fallbackMail } = configWith({ ...given, [name]: 'https://mail.example.com/v3/' });
    expect((prefix === 'MAIL_' ? mail : fallbackMail)?.apiUrl).toBe('https://mail.example.com/v3');
  });
});

describe('the provider that takes over', () => {
  const brevo = settingsOf('MAIL_FALLBACK_', 'brevo');

  test('is nobody where none is named, whatever else is set', () => {
    const { MAIL_FALLBACK_PROVIDER: _, ...rest } = brevo;
    expect(configWith(rest).fallbackMail).toBeNull();
    expect(configWith({ ...rest, MAIL_FALLBACK_PROVIDER: '', MAIL_FALLBACK_FROM: 'x' }).fallbackMail).toBeNull();
  });

  test.each(MAIL_PROVIDERS)('is another than the first: %s twice is none', provider => {
    const twice = { ...settingsOf('MAIL_', provider), ...settingsOf('MAIL_FALLBACK_', provider) };
    expect(problemsOf(twice)).toEqual([
      'MAIL_FALLBACK_PROVIDER should hold another provider than MAIL_PROVIDER, or nothing',
    ]);
  });

  test('sends from MAIL_FROM, or from a sender of its own', () => {
    expect(configWith(brevo).fallbackMail?.from).toBe('Rekey <noreply@example.com>');
    const other = configWith({ ...brevo, MAIL_FALLBACK_FROM: 'Rekey <noreply@mail2.example.com>' });
    expect([other.mail.from, other.fallbackMail?.from]).toEqual([
      'Rekey <noreply@example.com>',
      'Rekey <noreply@mail2.example.com>',
    ]);
  });

  test('hears of its own sender only: a wrong MAIL_FROM is named once', () => {
    expect(namesOf({ ...brevo, MAIL_FROM: 'Rekey' })).toEqual(['MAIL_FROM']);
    expect(namesOf({ ...brevo, MAIL_FALLBACK_FROM: 'Rekey <a@demo.com>' })).toEqual(['MAIL_FALLBACK_FROM']);
  });

  test("has a key of its own: the first one's is never shown to it", () => {
    const { MAIL_FALLBACK_API_KEY: _, ...withoutKey } = brevo;
    expect(namesOf(withoutKey)).toEqual(['MAIL_FALLBACK_API_KEY']);
  });
});
