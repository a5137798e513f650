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
  retryAfterSeconds,
  wordIn,
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
    return askProvider(signed.url.href, { headers, body }, clock, readAnswer);
  },
});

/** What a display name may hold as it is (RFC 5322 3.2.3); anything else goes as encoded words (RFC 2047 2 and 5). */
const PLAIN_NAME = /^[\w!#$%&'*+/?^`{|}~ -]*$/;

/** This API makes no encoded words by itself. */
const encodedSender = (from: string): string => {
  const { name, address } = partsOfSender(from);
  if (name === null || PLAIN_NAME.test(name)) return from;
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

/** The name stands in a header, or in the body, with something before a `#` and behind a `:`. */
const errorName = ({ headers, json }: ProviderAnswer): string => {
  const named = headers.get('x-amzn-ErrorType') ?? json?.__type ?? json?.code;
  return wordIn(typeof named === 'string' ? named.split(':')[0]?.split('#').at(-1) : '');
};

const readAnswer = (answer: ProviderAnswer): Delivery => {
  const { status, json } = answer;
  if (status >= 200 && status < 300) return acceptedAs(json?.MessageId, answer);
  const name = errorName(answer);
  const reason = `${status} ${name}`;
  switch (name) {
    // The account or the sender.
    case 'AccountSuspendedException':
    case 'MailFromDomainNotVerifiedException':
    case 'SendingPausedException':
    // The key or its rights: AWS answers several of these with 400.
    case 'AccessDeniedException':
    case 'IncompleteSignature':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'MissingAuthenticationToken':
    case 'NotAuthorized':
    case 'OptInRequired':
    case 'RequestExpired':
    case 'SignatureDoesNotMatch':
    case 'UnrecognizedClientException':
      return ourFault(reason);
    case 'LimitExceededException':
      return notNow(reason, QUOTA_WAIT_SECONDS);
    case 'TooManyRequestsException': {
      // The same name for the rate of a second and for the quota of a day.
      const isDaily = /daily/i.test(answer.text);
      return notNow(reason, retryAfterSeconds(answer) ?? (isDaily ? QUOTA_WAIT_SECONDS : null));
    }
    case 'ThrottlingException':
    case 'RequestTimeoutException':
      return notNow(reason, retryAfterSeconds(answer));
    case 'MessageRejected':
      // An address or domain that is not verified is an operator's to mend; a bad message is not.
      return /not verified/i.test(answer.text) ? ourFault(reason) : { kind: 'refused', reason };
  }
  return deliveryOf(answer, name);
};
