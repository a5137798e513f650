/** A missing or malformed setting: nothing is served that needs it, and the log says what to mend, never a value. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectProblem } from '../support/expect-problem.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { createPerson } from '../support/people.ts';
import { wholeDatabase } from '../support/rows.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey({
    without: ['MAIL_API_KEY'],
    settings: {
      TOKEN_SECRET: 'sentinel-token-secret',
      LOOKUP_SECRET: 'sentinel lookup secret that is long enough and no base64url',
      SCRYPT: 'ln=17,r=8,p=1',
      SCRYPT_ENGINE: 'sentinel-engine',
      RESET_TOKEN_TTL: 'sentinel-ttl',
      MAIL_PROVIDER: 'sentinel-provider',
      ACCOUNT_DISCLOSURE: 'sentinel-disclosure',
    },
  });
});
afterAll(() => rekey.stop());

test('every call is answered 500 misconfigured, before anything else is looked at', async () => {
  const ada = createPerson(rekey);
  expectProblem(await ada.get('/api/health'), 'misconfigured');
  expectProblem(await ada.get('/api/session'), 'misconfigured');
  expectProblem(await ada.askReset(), 'misconfigured');
  expectProblem(await ada.get('/api/nothing'), 'misconfigured');
  expectProblem(await ada.get('http://other.example/api/session'), 'misconfigured');
  expectProblem(await ada.send('/api/session', { method: 'PUT', body: 'x'.repeat(20_000) }), 'misconfigured');
  expect((await ada.get('/.well-known/change-password')).status).toBe(500);
});

test('the log names each variable and what it should hold, and never what it holds', async () => {
  await createPerson(rekey).get('/api/health');
  const [logged] = rekey.events().filter(({ event }) => event === 'misconfigured');
  expect(logged.level).toBe('error');
  const problems: string[] = logged.problems;
  const aSecret = '32 random bytes or more in base64url (43 characters or more)';
  expect(problems.toSorted()).toEqual([
    'ACCOUNT_DISCLOSURE should hold "private" or "helpful"',
    `LOOKUP_SECRET should hold ${aSecret}`,
    "MAIL_API_KEY should hold the mail provider's API key",
    'MAIL_PROVIDER should hold "resend" or "postmark" or "sendgrid" or "mailgun" or "brevo" or "ses" or "cloudflare"',
    'RESET_TOKEN_TTL should hold a whole number of seconds, 10 to 86400',
    'SCRYPT should hold a cost such as ln=14,r=8,p=5: ln 4 to 16, p 1 to 16, at most 64 MiB',
    'SCRYPT_ENGINE should hold "noble" or "native"',
    `TOKEN_SECRET should hold ${aSecret}`,
  ]);
  expect(rekey.rawLog()).not.toContain('sentinel');
});

test('pages are served all the same', async () => {
  for (const path of ['/', '/login', '/reset-password']) {
    const page = await createPerson(rekey).get(path);
    expect([page.status, page.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
  }
});

test('the queue’s messages are kept for later: tried again after the longest delay', async () => {
  expect(await rekey.deliver(askedJob('reset_asked', createPerson(rekey)))).toBe('retried in 3600');
  expect(await rekey.deliver({}, 1, 'rekey-mail-dead')).toBe('retried in 3600');
});

test('the cron does nothing', async () => {
  const before = await wholeDatabase(rekey);
  await rekey.runCron();
  expect(await wholeDatabase(rekey)).toBe(before);
  expect(rekey.events().filter(({ event }) => event === 'cleanup_failed')).toEqual([]);
});
