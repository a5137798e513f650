/**
 * Our readers against signed requests whose verdicts the vendors' own packages gave, where a copy of them is at hand: in
 * the folder that REKEY_CONTRACTS names, else beside this repository. Without it these are skipped, and counted as such.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { webhookReaderOf } from '../../worker/mail/events/readers.ts';
import { badWebhookSecret } from '../../worker/mail/webhook-secret.ts';
import { sendgridHeaders } from '../support/webhooks.ts';

const folder = process.env.REKEY_CONTRACTS ?? join(import.meta.dirname, '../../../shared/contracts');
const file = join(folder, 'mail/webhook-vectors.json');
const isHere = existsSync(file);
const name = "the vendors' signed requests";
const vectors = isHere ? JSON.parse(readFileSync(file, 'utf8')) : null;

type Case = { name: string; expect: 'accept' | 'refuse' };
const casesOf = <More>(provider: string) => (vectors?.[provider].cases ?? []) as (Case & More)[];
const MAILGUN_SECONDS = 1_767_225_600;

const verdict = async (
  provider: string,
  secret: string,
  sent: { headers: Record<string, string>; body: string; nowSeconds: number },
) => {
  const request = { headers: new Headers(sent.headers), body: Uint8Array.from(Buffer.from(sent.body)) };
  const reading = await webhookReaderOf(provider)?.(request, secret, sent.nowSeconds * 1000);
  return reading?.kind === 'refused' ? 'refuse' : 'accept';
};

describe.skipIf(!isHere)(isHere ? name : `${name} are not at hand (REKEY_CONTRACTS): left out`, () => {
  test('resend’s are judged as by the svix package', async () => {
    const cases = casesOf<{ headers: Record<string, string>; body: string; nowUnix: number }>('resend');
    for (const one of cases) {
      const told = await verdict('resend', vectors.resend.secret, { ...one, nowSeconds: one.nowUnix });
      expect([one.name, told]).toEqual([one.name, one.expect]);
    }
    const { secret, headers, body } = vectors.resend.docExample;
    const nowSeconds = Number(headers['svix-timestamp']);
    expect(await verdict('resend', secret, { headers, body, nowSeconds })).toBe('accept');
    expect(badWebhookSecret('resend', secret)).toBeNull();
    expect(cases.length).toBeGreaterThan(8);
  });

  test('sendgrid’s are judged as by its own package', async () => {
    const cases = casesOf<{ publicKey: string; signature: string; timestamp: string; body: string }>('sendgrid');
    for (const { name, publicKey, signature, timestamp, body, expect: expected } of cases) {
      const headers = sendgridHeaders(timestamp, signature);
      const told = await verdict('sendgrid', publicKey, { headers, body, nowSeconds: Number(timestamp) });
      expect([name, told]).toEqual([name, expected]);
      expect(badWebhookSecret('sendgrid', publicKey)).toBeNull();
    }
    expect(cases.length).toBeGreaterThan(4);
  });

  test('mailgun’s are judged by its rule', async () => {
    const cases = casesOf<{ body: unknown }>('mailgun');
    for (const { name, body, expect: expected } of cases) {
      const sent = { headers: {}, body: JSON.stringify(body), nowSeconds: MAILGUN_SECONDS };
      expect([name, await verdict('mailgun', vectors.mailgun.signingKey, sent)]).toEqual([name, expected]);
    }
    expect(cases.length).toBeGreaterThan(3);
  });
});
