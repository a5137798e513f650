/**
 * Env in, one frozen Config out, checked once. Every value is read here and nowhere else; what is wrong is named by
 * variable and by what it should hold, never by its value, since some of them are secrets.
 */
import type { SettingName, Settings } from './bindings.ts';
import { fromBase64Url, fromPaddedBase64 } from './credentials/base64.ts';
import { meetsOwaspMinimum, parseScryptCost, type ScryptCost } from './credentials/scrypt-cost.ts';
import type { ScryptEngine } from './credentials/scrypt-engine.ts';
import { MAIL_PROVIDERS, type MailAccount, readMailAccount } from './mail/mail-account.ts';

type Secret = Uint8Array<ArrayBuffer>;

export type Config = Readonly<{
  /** The application's origin: scheme, host and port. The only source of the links in mails. */
  appUrl: string;
  /** Whether `appUrl` is https: cookies are then `__Host-` and Secure. */
  isHttps: boolean;
  appName: string;
  /** The first signs, all verify. 32 bytes or more each. */
  tokenSecrets: readonly Secret[];
  lookupSecret: Secret;
  resetTokenTtlSeconds: number;
  linkTokenTtlSeconds: number;
  sessionTtlSeconds: number;
  scrypt: ScryptCost;
  scryptEngine: ScryptEngine;
  /** Null: hashes of Firebase match nothing. */
  firebaseKey: Secret | null;
  passwordMinLength: number;
  mail: MailAccount;
  /** Takes over for a job that the first failed twice; null: there is none. */
  fallbackMail: MailAccount | null;
  strangerMailsPerHour: number;
  /** `private`: no answer tells whether an address has an account. `helpful`: the forms say it. */
  accountDisclosure: 'private' | 'helpful';
  /** Null: the breach list is not asked. */
  breachApiUrl: string | null;
  refusalFloorMs: number;
}>;

export type ConfigOutcome = { kind: 'good'; config: Config } | { kind: 'bad'; problems: string[] };

/** Of a URL's hostname. */
export const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** Checks every setting and reports all that are wrong at once. */
export const readConfig = (given: Settings): ConfigOutcome => {
  const problems: string[] = [];
  // A var of wrangler.toml may be written as a number, and comes as one.
  const settings = Object.fromEntries(
    Object.entries(given)
      .filter(([, value]) => /^(string|number|boolean)$/.test(typeof value))
      .map(([name, value]) => [name, String(value)]),
  ) as Settings;
  const wrong = <Fallback>(name: SettingName, shouldHold: string, fallback: Fallback): Fallback => {
    problems.push(`${name} should hold ${shouldHold}`);
    return fallback;
  };

  const number = (name: SettingName, usual: number, min: number, max: number, unit: string): number => {
    const text = settings[name] ?? String(usual);
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : wrong(name, `a whole number of ${unit}, ${min} to ${max}`, usual);
  };

  const secret = (name: SettingName, text: string): Secret =>
    decodeSecret(text) ??
    wrong(name, '32 random bytes or more in base64url (43 characters or more)', new Uint8Array(32));

  const choice = <const Name extends string>(name: SettingName, usual: Name, ...others: Name[]): Name => {
    const choices = [usual, ...others];
    const listed = choices.map(one => `"${one}"`).join(' or ');
    return choices.find(one => one === (settings[name] ?? usual)) ?? wrong(name, listed, usual);
  };

  const app = originOf(settings.APP_URL ?? 'http://localhost:8787');
  const appUrl = app ?? wrong('APP_URL', 'an origin such as https://app.example.com; http is for loopback', null);
  const isHttps = appUrl?.protocol === 'https:';
  const isDeployed = appUrl !== null && !isLoopback(appUrl.hostname);

  const scryptCost = parseScryptCost(settings.SCRYPT ?? 'ln=14,r=8,p=5');
  if (!scryptCost) wrong('SCRYPT', 'a cost such as ln=14,r=8,p=5: ln 4 to 16, p 1 to 16, at most 64 MiB', null);
  else if (isHttps && !meetsOwaspMinimum(scryptCost)) {
    wrong('SCRYPT', "one of OWASP's minima or more where APP_URL is https, such as ln=14,r=8,p=5", null);
  }

  const mailTerms = { isHttps, isDeployed, urlOf, wrong };
  const mail = readMailAccount(settings, {
    ...mailTerms,
    prefix: 'MAIL_',
    provider: choice('MAIL_PROVIDER', ...MAIL_PROVIDERS),
    usualFrom: isHttps ? '' : 'Rekey <noreply@demo.com>',
  });
  const fallbackProvider = choice('MAIL_FALLBACK_PROVIDER', '', ...MAIL_PROVIDERS);
  if (fallbackProvider === mail.provider) {
    wrong('MAIL_FALLBACK_PROVIDER', 'another provider than MAIL_PROVIDER, or nothing', null);
  }
  const fallbackMail =
    fallbackProvider === ''
      ? null
      : readMailAccount(settings, {
          ...mailTerms,
          prefix: 'MAIL_FALLBACK_',
          provider: fallbackProvider,
          usualFrom: mail.from,
        });

  const givenKey = settings.FIREBASE_SIGNER_KEY ?? '';
  const firebaseKey = givenKey === '' ? null : fromPaddedBase64(givenKey);
  if (firebaseKey ? firebaseKey.length < 16 || firebaseKey.length > 64 : givenKey !== '') {
    wrong('FIREBASE_SIGNER_KEY', "a Firebase project's base64_signer_key, of 16 to 64 bytes, or nothing", null);
  }

  const breachApiUrl = urlOf(settings.BREACH_API_URL ?? 'https://api.pwnedpasswords.com');
  if (settings.BREACH_API_URL !== '' && !breachApiUrl) {
    wrong('BREACH_API_URL', 'the base URL of a range API, or nothing to switch it off', null);
  }

  const appName = (settings.APP_NAME ?? 'Rekey').trim();
  if (!/^[^\p{C}\p{Zl}\p{Zp}<>"]{1,60}$/u.test(appName)) {
    wrong('APP_NAME', 'a name of 1 to 60 characters on one line', null);
  }

  const config: Config = {
    appUrl: appUrl?.origin ?? '',
    isHttps,
    appName,
    tokenSecrets: (settings.TOKEN_SECRET ?? '').split(',').map(part => secret('TOKEN_SECRET', part.trim())),
    lookupSecret: secret('LOOKUP_SECRET', settings.LOOKUP_SECRET ?? ''),
    resetTokenTtlSeconds: number('RESET_TOKEN_TTL', 1800, 10, 86_400, 'seconds'),
    linkTokenTtlSeconds: number('LINK_TOKEN_TTL', 86_400, 10, 604_800, 'seconds'),
    sessionTtlSeconds: number('SESSION_TTL', 2_592_000, 60, 34_560_000, 'seconds'),
    scrypt: scryptCost ?? { ln: 14, r: 8, p: 5 },
    firebaseKey,
    scryptEngine: choice('SCRYPT_ENGINE', 'noble', 'native'),
    passwordMinLength: number('PASSWORD_MIN_LENGTH', 15, 8, 64, 'characters'),
    mail,
    fallbackMail,
    strangerMailsPerHour: number('STRANGER_MAILS_PER_HOUR', 500, 0, 1_000_000, 'mails'),
    accountDisclosure: choice('ACCOUNT_DISCLOSURE', 'private', 'helpful'),
    breachApiUrl: breachApiUrl?.href.replace(/\/$/, '') ?? null,
    refusalFloorMs: number('REFUSAL_FLOOR_MS', 1000, 0, 10_000, 'milliseconds'),
  };
  return problems.length > 0
    ? { kind: 'bad', problems: [...new Set(problems)] }
    : { kind: 'good', config: Object.freeze(config) };
};

const urlOf = (text: string): URL | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  return isPlain ? url : null;
};

const originOf = (text: string): URL | null => {
  const url = urlOf(text);
  if (url?.pathname !== '/') return null;
  return url.protocol === 'https:' || isLoopback(url.hostname) ? url : null;
};

/** 32 bytes or more in base64url without padding (RFC 4648 5), or null. */
const decodeSecret = (text: string): Secret | null => {
  const bytes = /^[A-Za-z0-9_-]+$/.test(text) ? fromBase64Url(text) : null;
  return bytes && bytes.length >= 32 ? bytes : null;
};
