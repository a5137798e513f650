/**
 * An account at a mail provider, read from the settings: MAIL_* for the one that sends, MAIL_FALLBACK_* for the one that
 * takes over. What each provider needs is in one table, so a setting that is missing is named before the first mail.
 */
import type { SettingName, Settings } from '../bindings.ts';
import { badWebhookSecret } from './webhook-secret.ts';

export const MAIL_PROVIDERS = ['resend', 'postmark', 'sendgrid', 'mailgun', 'brevo', 'ses', 'cloudflare'] as const;
export type MailProvider = (typeof MAIL_PROVIDERS)[number];

export type MailAccount = Readonly<{
  provider: MailProvider;
  /** Base URL of its API, without a slash at the end; null: the provider's own. */
  apiUrl: string | null;
  /** For `ses`, the access key's id and secret with a colon between. */
  apiKey: string;
  /** The sender as in a From header: an address, or a name and an address in angle brackets. */
  from: string;
  /** `ses`: such as `eu-central-1`. `mailgun` and `sendgrid`: `us` or `eu`. Empty elsewhere. */
  region: string;
  /** `mailgun`: the sending domain. `cloudflare`: the account's id. Empty elsewhere. */
  account: string;
  /** What its webhooks prove themselves with; null: none are taken. */
  webhookSecret: string | null;
}>;

/**
 * RFC 5322 3.4, as far as a sender needs it: a name without marks that would have to be quoted, and an address. Brevo
 * takes no name of more than 70 characters.
 */
const SENDER =
  /^(?:[^\p{C}\p{Zl}\p{Zp}<>@",;:()[\]\\]{1,70} <[^\s<>@,]+@[^\s<>@,]+\.[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+\.[^\s<>@,]+)$/u;

const SENDER_TEXT =
  'a sender of a domain that is yours, such as Rekey <noreply@example.com>, with a name of at most 70 characters';

/** The parts of a sender. `name` null where it is an address alone. */
export const partsOfSender = (from: string): { name: string | null; address: string } => {
  const [, name, address] = /^(.+) <(.+)>$/.exec(from) ?? [];
  return name && address ? { name, address } : { name: null, address: from };
};

const KEY = /^[\x21-\x7e]+$/;
const REGION_CHOICES = /^(us|eu)$/;
/** For each provider, what its settings should hold, in words and as a pattern. */
const NEEDS: Record<
  MailProvider,
  { key?: [string, RegExp]; region?: [string, RegExp, usual?: string]; account?: [string, RegExp] }
> = {
  resend: {},
  postmark: {},
  sendgrid: { region: ['"us" or "eu"', REGION_CHOICES, 'us'] },
  mailgun: {
    region: ['"us" or "eu"', REGION_CHOICES, 'us'],
    account: ['the sending domain at Mailgun, such as mg.example.com', /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i],
  },
  brevo: {},
  ses: {
    key: ["an access key's id and its secret with a colon between", /^[A-Z0-9]{16,128}:[\x21-\x7e]+$/],
    region: ['an AWS region such as eu-central-1', /^[a-z]{2}(-[a-z]+)+-\d$/],
  },
  cloudflare: { account: ["the Cloudflare account's id, 32 hexadecimal digits", /^[0-9a-f]{32}$/] },
};

export type MailAccountTerms = {
  /** Which settings: `MAIL_` or `MAIL_FALLBACK_`. */
  prefix: 'MAIL_' | 'MAIL_FALLBACK_';
  provider: MailProvider;
  /** Who sends where no sender is set. */
  usualFrom: string;
  isHttps: boolean;
  isDeployed: boolean;
  urlOf: (text: string) => URL | null;
  wrong: (name: SettingName, shouldHold: string, fallback: null) => null;
};

/** Reads and checks one account's settings; `wrong` is told of each that cannot be used. */
export const readMailAccount = (settings: Settings, terms: MailAccountTerms): MailAccount => {
  const { prefix, provider, isHttps, isDeployed, urlOf, wrong } = terms;
  const needs = NEEDS[provider];

  const apiUrlText = settings[`${prefix}API_URL`];
  const apiUrl = apiUrlText ? urlOf(apiUrlText) : null;
  if (apiUrlText && !apiUrl) wrong(`${prefix}API_URL`, 'the base URL of a mail API', null);
  if (isDeployed && apiUrl && apiUrl.protocol !== 'https:') {
    wrong(`${prefix}API_URL`, "nothing (the provider's own API) or an https URL, where APP_URL is not loopback", null);
  }

  const from = settings[`${prefix}FROM`] ?? terms.usualFrom;
  // The first account's sender was judged there.
  const isJudged = prefix === 'MAIL_FALLBACK_' && from === terms.usualFrom;
  if (!isJudged && (!SENDER.test(from) || (isHttps && /[@.]demo\.com>?$/i.test(from)))) {
    wrong(`${prefix}FROM`, SENDER_TEXT, null);
  }

  const [keyText, keyPattern] = needs.key ?? ["the mail provider's API key", KEY];
  const apiKey = settings[`${prefix}API_KEY`] ?? '';
  if (!keyPattern.test(apiKey)) wrong(`${prefix}API_KEY`, keyText, null);

  const region = settings[`${prefix}REGION`] || (needs.region?.[2] ?? '');
  if (needs.region && !needs.region[1].test(region)) wrong(`${prefix}REGION`, needs.region[0], null);

  const account = settings[`${prefix}ACCOUNT`] ?? '';
  if (needs.account && !needs.account[1].test(account)) wrong(`${prefix}ACCOUNT`, needs.account[0], null);

  const webhookSecret = settings[`${prefix}WEBHOOK_SECRET`] ?? '';
  const badSecret = badWebhookSecret(provider, webhookSecret);
  if (badSecret) wrong(`${prefix}WEBHOOK_SECRET`, badSecret, null);

  return {
    provider,
    apiUrl: apiUrl?.href.replace(/\/$/, '') ?? null,
    apiKey,
    from,
    region,
    account,
    webhookSecret: webhookSecret || null,
  };
};
