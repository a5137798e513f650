/** What the webhooks of each provider prove themselves with, in words and as a pattern. */

const BASIC_AUTH: [string, RegExp] = [
  'a user and a password of 16 characters or more with a colon between',
  /^[\x21-\x39\x3b-\x7e]+:[\x21-\x7e]{16,}$/,
];

const SECRETS: Record<string, [string, RegExp]> = {
  resend: ["the webhook's signing secret, whsec_...", /^whsec_(?:[A-Za-z0-9+/]{4}){8,}(?:[A-Za-z0-9+/]{2,3}={0,2})?$/],
  // SubjectPublicKeyInfo of a P-256 key: 91 bytes, of which the first 27 are always the same.
  sendgrid: [
    "the event webhook's public key (verification key)",
    /^MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE[A-Za-z0-9+/]{86}==$/,
  ],
  mailgun: ['the HTTP webhook signing key, which is not the API key', /^[\x21-\x7e]{16,}$/],
  postmark: BASIC_AUTH,
  brevo: BASIC_AUTH,
  ses: BASIC_AUTH,
  cloudflare: ['nothing: its news come through a queue', /^$/],
};

/** What the secret of this provider's webhooks should hold, where it does not; else null. Without one none are taken. */
export const badWebhookSecret = (provider: string, secret: string): string | null => {
  const known = Object.hasOwn(SECRETS, provider) ? SECRETS[provider] : undefined;
  if (!known || secret === '') return null;
  const [shouldHold, pattern] = known;
  return pattern.test(secret) ? null : `${shouldHold}, or nothing`;
};
