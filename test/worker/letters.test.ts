/** Which mail goes out, to whom, and what it says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Mail } from '../mailbox/mailbox.ts';
import { APP_URL, type Rekey, startRekey } from '../support/harness.ts';
import { makeToken, resetClaims } from '../support/link-tokens.ts';
import { endOf } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, NEW_PASSWORD, PASSWORD, type Person, tokenOf } from '../support/people.ts';
import { readMoment, SAID_MOMENT } from '../support/said-moment.ts';

let rekey: Rekey;
let ada: Person;
beforeAll(async () => {
  rekey = await startRekey();
  ada = await createRegistered(rekey);
});
afterAll(() => rekey.stop());

const ENDS = new RegExp(`The link works until (${SAID_MOMENT})\\.`);
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
      const [, end] = ENDS.exec(body) ?? [];
      expect(readMoment(end)).toBe(Math.floor(endOf(tokenOf(mail)) / 60_000) * 60_000);
    }
  });

  test('says when it was asked, by the clock of who asked', () => {
    for (const body of [text, html]) {
      const [, moment] = new RegExp(`This was asked on (${SAID_MOMENT})( from [A-Z][^.<>]*)?\\.`).exec(body) ?? [];
      expect(Math.abs(readMoment(moment) - Date.now())).toBeLessThan(2 * 60_000);
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

describe('the mail for what happened to an account', () => {
  const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
  const from = { 'User-Agent': FIREFOX };
  type Told = { title: string; subject: string; says: string[]; happens: (bob: Person) => Promise<unknown> };

  /** What happens in a browser that has words; each is told to the address that the account had before. */
  const told: Told[] = [
    {
      title: 'a reset',
      subject: 'Your password was reset',
      says: ['was reset through a link in a mail to this address.'],
      happens: async bob => {
        const token = await bob.linkToken('password-resets');
        await bob.post('/api/password-resets/complete', { token, password: NEW_PASSWORD }, from);
      },
    },
    {
      title: 'a change of the password',
      subject: 'Your password was changed',
      says: ['Every other browser that was logged in has been logged out.'],
      happens: async bob => {
        await bob.post('/api/account/password', { currentPassword: PASSWORD, password: NEW_PASSWORD }, from);
      },
    },
    {
      title: 'a change of address that is asked for',
      subject: 'A new email address was asked for',
      says: ['asked to change its email address.'],
      happens: async bob => {
        await bob.post(
          '/api/account/email',
          { email: createPerson(rekey, 'moved').email, currentPassword: PASSWORD },
          from,
        );
      },
    },
    {
      title: 'a change of address',
      subject: 'Your email address was changed',
      says: ['has another email address now, and this one no longer opens it.'],
      happens: async bob => {
        const claims = { ...(await resetClaims(rekey, bob)), email: createPerson(rekey, 'moved').email };
        await bob.post('/api/account/email/confirm', { token: await makeToken('change', claims) }, from);
      },
    },
    {
      title: 'a sign-in from a new browser',
      subject: 'A new browser logged in',
      says: ['from a browser that was not known before.'],
      happens: async bob => {
        const { email } = bob;
        await createPerson(rekey, 'bob', bob).post('/api/session', { email, password: PASSWORD }, from);
      },
    },
  ];

  test.each(told)(
    '$title: when, from where, and a link that undoes it for 7 days',
    async ({ happens, subject, says }) => {
      const bob = await createRegistered(rekey, 'bob');
      const startedAtMs = Date.now();
      await happens(bob);
      const mail = await bob.readMail(subject);
      expect([mail.from, mail.to, mail.headers]).toEqual([
        'Rekey <noreply@demo.com>',
        [bob.email],
        { 'Auto-Submitted': 'auto-generated' },
      ]);

      const token = tokenOf(mail);
      const link = `${APP_URL}/secure-account#${token}`;
      expect(mail.text?.split('\n').filter(line => line.includes('://'))).toEqual([link]);
      expect([...(mail.html ?? '').matchAll(/(?:href|src)="([^"]*)"/g)].map(([, target]) => target)).toEqual([
        link,
        link,
      ]);

      // From where is the machine's own country, so it is not the same for everybody who runs this.
      const happened = new RegExp(`It happened on (${SAID_MOMENT}), from Firefox on Windows(, [^.<>]+)?\\.`);
      for (const body of [mail.text ?? '', mail.html ?? '']) {
        for (const sentence of [...says, 'If it was you, there is nothing to do.']) expect(body).toContain(sentence);
        const [, moment] = happened.exec(body) ?? [];
        expect(Math.abs(readMoment(moment) - startedAtMs)).toBeLessThan(2 * 60_000);
        expect(body).toMatch(ENDS);
        expect(body).not.toContain('Mozilla');
      }
      expect(Math.abs(endOf(token) - startedAtMs - 7 * 24 * 3600 * 1000)).toBeLessThan(10_000);
    },
  );

  test('a visitor who says nothing that we know is not guessed at', async () => {
    const bob = await createRegistered(rekey, 'bob');
    const evil = { 'User-Agent': '<b>evil</b> https://evil.example' };
    const { email } = bob;
    await createPerson(rekey, 'bob', bob).post('/api/session', { email, password: PASSWORD }, evil);
    const mail = await bob.readMail('A new browser logged in');
    expect(mail.text).toMatch(new RegExp(`^It happened on ${SAID_MOMENT}(, from [A-Z][^.<>]*)?\\.$`, 'm'));
    expect(`${mail.text}${mail.html}`).not.toMatch(/evil|<b>/);
  });
});

describe('the mails of a change of address', () => {
  test('the link goes to the new mailbox, says nothing of who asked, and is good for a day', async () => {
    const bob = await createRegistered(rekey, 'bob');
    const mailbox = createPerson(rekey, 'new');
    await bob.post('/api/account/email', { email: mailbox.email, currentPassword: PASSWORD });
    const mail = await mailbox.readMail('Confirm your new email address');
    expect(mail.to).toEqual([mailbox.email]);
    expect(mail.link).toBe(`${APP_URL}/change-email#${tokenOf(mail)}`);
    expect(Math.abs(endOf(tokenOf(mail)) - Date.now() - 86_400_000)).toBeLessThan(10_000);
    for (const body of [mail.text ?? '', mail.html ?? '']) {
      expect(body).toContain('in a browser that is logged in to that account:');
      expect(body).toContain(IGNORE);
      for (const typed of [bob.email, bob.username, mailbox.email]) expect(body).not.toContain(typed);
    }
  });

  test('to an address that has an account goes word of that, without a link and without a name', async () => {
    const [bob, eve] = [await createRegistered(rekey, 'bob'), await createRegistered(rekey, 'eve')];
    await bob.post('/api/account/email', { email: eve.email, currentPassword: PASSWORD });
    const mail = await eve.readMail('This address has an account already');
    expect(mail.link).toBeNull();
    for (const body of [mail.text ?? '', mail.html ?? '']) {
      expect(body).toContain('It has an account already, so nothing was changed.');
      expect(body).not.toMatch(/:\/\//);
      for (const name of [bob.email, bob.username, eve.email, eve.username]) expect(body).not.toContain(name);
    }
    // The asker is told nothing else than anybody is, and the owner of the taken address keeps it.
    expect((await eve.get('/api/account')).body).toMatchObject({ user: { email: eve.email } });
  });
});

test('the mail of "this was not me" carries a reset link to the address that stands', async () => {
  const bob = await createRegistered(rekey, 'bob');
  await createPerson(rekey, 'bob', bob).signIn();
  const token = tokenOf(await bob.readMail('A new browser logged in'));
  await createPerson(rekey).post('/api/account/secure', { token });
  const mail = await bob.readMail('Your account is secured');
  expect([mail.to, mail.headers]).toEqual([[bob.email], { 'Auto-Submitted': 'auto-generated' }]);
  expect(mail.link).toBe(`${APP_URL}/reset-password#${tokenOf(mail)}`);
  expect(Math.abs(endOf(tokenOf(mail)) - Date.now() - 1_800_000)).toBeLessThan(10_000);
  for (const body of [mail.text ?? '', mail.html ?? '']) {
    expect(body).toContain('Every browser was logged out of your Rekey account');
    expect(body).toMatch(ENDS);
  }
});

test('the last mail says that the account is gone, and has nothing to open', async () => {
  const bob = await createRegistered(rekey, 'bob');
  await bob.send('/api/account', { method: 'DELETE', json: { currentPassword: PASSWORD } });
  const mail = await bob.readMail('Your account was deleted');
  expect([mail.to, mail.link, mail.headers]).toEqual([[bob.email], null, { 'Auto-Submitted': 'auto-generated' }]);
  for (const body of [mail.text ?? '', mail.html ?? '']) {
    expect(body).toContain('Your Rekey account and all that belonged to it are gone.');
    expect(body).not.toMatch(/:\/\//);
  }
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
