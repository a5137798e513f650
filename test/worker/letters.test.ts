/** Which mail goes out, to whom, and what it says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mail } from '../mailbox/mailbox.ts';
import { APP_URL, type Rekey, startRekey } from '../support/harness.ts';
import { endOf } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, type Person, tokenOf } from '../support/people.ts';

let rekey: Rekey;
let ada: Person;
beforeAll(async () => {
  rekey = await startRekey();
  ada = await createRegistered(rekey);
});
afterAll(() => rekey.stop());

const IGNORE = 'If you did not make this request then simply ignore this email and no changes will be made.';

type Letter = {
  title: string;
  write: () => Promise<{ to: Person; mail: Mail }>;
  subject: string;
  page: string;
  says: string[];
};

const asked = async (to: Person, ask: 'askReset' | 'askRegistration', subject: string) => {
  await to[ask]();
  return { to, mail: await to.readMail(subject) };
};

const letters: Letter[] = [
  {
    title: 'a reset of an address with an account',
    write: () => asked(ada, 'askReset', 'Password Reset Request'),
    subject: 'Password Reset Request',
    page: '/reset-password',
    says: ['To reset your password, visit the following link:', IGNORE],
  },
  {
    title: 'a reset of an address without an account',
    write: () => asked(createPerson(rekey, 'stranger'), 'askReset', 'No Rekey account with this address'),
    subject: 'No Rekey account with this address',
    page: '/complete-registration',
    says: ['There is no account with that email. You must register first.', IGNORE],
  },
  {
    title: 'a registration of an address without an account',
    write: () => asked(createPerson(rekey, 'stranger'), 'askRegistration', 'Finish signing up for Rekey'),
    subject: 'Finish signing up for Rekey',
    page: '/complete-registration',
    says: ['To choose your username and password, visit the following link:', IGNORE],
  },
  {
    title: 'a registration of an address with an account',
    write: () => asked(ada, 'askRegistration', 'You already have a Rekey account'),
    subject: 'You already have a Rekey account',
    page: '/reset-password',
    says: ['which has an account already', 'If you forgot your password', IGNORE],
  },
];

describe.each(letters)('the mail for $title', ({ write, subject, page, says }) => {
  let to: Person;
  let mail: Mail;
  let text: string;
  let html: string;
  beforeAll(async () => {
    ({ to, mail } = await write());
    text = mail.text ?? '';
    html = mail.html ?? '';
  });

  test('comes from the sender, goes to the address and says what it is about', () => {
    expect([mail.from, mail.to, mail.subject]).toEqual(['Rekey <noreply@demo.com>', [to.email], subject]);
    expect([mail.cc, mail.bcc, mail.replyTo]).toEqual([[], [], []]);
  });

  test('says so in text and in HTML', () => {
    for (const sentence of says) {
      expect(text).toContain(sentence);
      expect(html).toContain(sentence);
    }
  });

  test('carries its link on a line of its own, to the page with the token in the fragment', () => {
    const lines = text.split('\n').filter(line => line.includes('://'));
    expect(lines).toEqual([`${APP_URL}${page}#${tokenOf(mail)}`]);
    const targets = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, target]) => target);
    expect(new Set(targets)).toEqual(new Set(lines));
  });

  test('says when the link ends', () => {
    for (const body of [text, html]) {
      const [, day, time] = /The link works until (\d{1,2} \w+ \d{4}) at (\d\d:\d\d) UTC\./.exec(body) ?? [];
      const endMs = Date.parse(`${day} ${time} UTC`);
      expect(endMs).toBe(Math.floor(endOf(tokenOf(mail)) / 60_000) * 60_000);
    }
  });

  test('asks auto-responders for silence', () => {
    expect(mail.headers).toEqual({ 'Auto-Submitted': 'auto-generated' });
  });

  test('holds nothing that the asker typed, nothing to fetch and nothing that runs', () => {
    expect(text + html).not.toContain(to.email);
    expect(text + html).not.toContain(to.username);
    expect(html).not.toMatch(/<(img|script|iframe|link|form|object|svg)\b|@import|url\(/i);
  });
});

test('the notice after a reset tells what happened and when, and leads back in without a secret', async () => {
  const bob = await createRegistered(rekey, 'bob');
  const token = await bob.linkToken('password-resets');
  await bob.post('/api/password-resets/complete', { token, password: NEW_PASSWORD });
  const mail = await bob.readMail('Your password was reset');
  expect([mail.from, mail.to, mail.headers]).toEqual([
    'Rekey <noreply@demo.com>',
    [bob.email],
    { 'Auto-Submitted': 'auto-generated' },
  ]);
  expect(mail.text).toMatch(/^It happened on \d{1,2} \w+ \d{4} at \d\d:\d\d UTC\.$/m);
  expect(mail.text?.split('\n').filter(line => line.includes('://'))).toEqual([`${APP_URL}/forgot-password`]);
  expect(mail.html).toContain('Every browser that was signed in has been signed out.');
  expect(mail.html).toContain(`href="${APP_URL}/forgot-password"`);
});

test('the application’s name, address and sender in a mail are the configured ones', async () => {
  const other = await startRekey({
    settings: {
      APP_URL: 'http://127.0.0.1:9000',
      APP_NAME: "Mo's & Co",
      MAIL_FROM: 'The Desk <desk@mo.example>',
      LINK_TOKEN_TTL: '600',
    },
  });
  try {
    const eve = createPerson(other, 'eve');
    const { mail } = await asked(eve, 'askRegistration', "Finish signing up for Mo's & Co");
    expect(mail.from).toBe('The Desk <desk@mo.example>');
    expect(mail.link).toBe(`http://127.0.0.1:9000/complete-registration#${tokenOf(mail)}`);
    expect(mail.html).toContain('Mo&#39;s &amp; Co');
    expect(Math.abs(endOf(tokenOf(mail)) - Date.now() - 600_000)).toBeLessThan(10_000);
  } finally {
    await other.stop();
  }
});
