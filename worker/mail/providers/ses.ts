/** Amazon SES, API v2: `POST /v2/email/outbound-emails`, signed by Signature Version 4. It knows no idempotency. */
import { AwsV4Signer } from 'aws4fetch';
import type { Clock } from '../../clock.ts';
import { type MailAccount, partsOfSender } from '../mail-account.ts';
import {
  acceptedAs,
  type Delivery,
  deliveryOf,
  MAIL_HEADERS,
  type Mailer,
  notNow,
  ourFault,
  type ProviderAnswer,
  QUOTA_WAIT_SECONDS,
  wordOf,
} from '../mailer.ts';
import { askProvider } from '../provider-request.ts';

export const createSesMailer = ({ apiKey, apiUrl, region }: MailAccount, clock: Clock): Mailer => ({
  async send({ jobId, from, to, subject, text, html }) {
    const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
    const body = JSON.stringify({
      FromEmailAddress: encodedSender(from),
      Destination: { ToAddresses: [to] },
      Content: {
        Simple: {
          Subject: utf8(subject),
          Body: { Text: utf8(text), Html: utf8(html) },
          Headers: Object.entries(MAIL_HEADERS).map(([Name, Value]) => ({ Name, Value })),
        },
      },
      EmailTags: [{ Name: 'ref', Value: jobId }],
    });
    const [accessKeyId = '', ...secret] = apiKey.split(':');
    const signer = new AwsV4Signer({
      method: 'POST',
      url: `${apiUrl ?? `https://email.${region}.amazonaws.com`}/v2/email/outbound-emails`,
      headers: { 'Content-Type': 'application/json' },
      body,
      accessKeyId,
      secretAccessKey: secret.join(':'),
      service: 'ses',
      region,
      datetime: new Date(clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    });
    const signed = await signer.sign();
    const headers = Object.fromEntries(signed.headers.entries());
    return askProvider(signed.url.href, { headers, body }, readAnswer);
  },
});

/** A display name that is not ASCII goes as an encoded word (RFC 2047 2), which this API does not make by itself. */
const encodedSender = (from: string): string => {
  const { name, address } = partsOfSender(from);
  if (name === null || /^[\x20-\x7e]*$/.test(name)) return from;
  // A word has at most 75 characters: 42 bytes of UTF-8 in base64, and never half a character.
  const words: string[] = [''];
  for (const character of name) {
    const longer = (words.at(-1) ?? '') + character;
    if (new TextEncoder().encode(longer).length <= 42) words[words.length - 1] = longer;
    else words.push(character);
  }
  const encode = (word: string) => btoa(String.fromCharCode(...new TextEncoder().encode(word)));
  return `${words.map(word => `=?UTF-8?B?${encode(word)}?=`).join(' ')} <${address}>`;
};

/** The name stands in a header, or as the end of `__type`. */
const errorName = (answer: ProviderAnswer): string =>
  (answer.headers.get('x-amzn-ErrorType') ?? wordOf(answer, '__type')).split(':')[0]?.split('#').at(-1)?.slice(0, 60) ??
  '';

const readAnswer = (answer: ProviderAnswer): Delivery => {
  const { status, json } = answer;
  if (status >= 200 && status < 300) return acceptedAs(json?.MessageId, answer);
  const name = errorName(answer);
  const reason = `${status} ${name}`;
  switch (name) {
    case 'AccountSuspendedException':
    case 'MailFromDomainNotVerifiedException':
    case 'SendingPausedException':
      return ourFault(reason);
    case 'LimitExceededException':
      return notNow(reason, QUOTA_WAIT_SECONDS);
    case 'TooManyRequestsException':
    case 'ThrottlingException':
      return notNow(reason);
    case 'MessageRejected':
      // An address or domain that is not verified is an operator's to mend; a bad message is not.
      return /not verified/i.test(answer.text) ? ourFault(reason) : { kind: 'refused', reason };
  }
  return deliveryOf(answer, name);
};
