/** Whose language a mail is in, and what happens where its words cannot be read. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../worker/contract/languages.ts';
import type { Mail } from '../mailbox/mailbox.ts';
import { type Rekey, startBreakableRekey, startRekey } from '../support/harness.ts';
import { askedJob } from '../support/mail-jobs.ts';
import { createPerson, createRegistered, PASSWORD, type Person } from '../support/people.ts';
import { readWords } from '../support/sample-letters.ts';

const languages = Object.keys(LANGUAGES) as Language[];
const subjectOf = (language: Language, key: 'reset' | 'registration' | 'email_taken' | 'account_deleted' | 'secured') =>
  readWords(language)
    .say(`${key}-subject`, { appName: 'Rekey' })
    .replace(/[\u2068\u2069]/g, '');

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const speak = async (person: Person, language: Language) => {
  const answer = await person.send('/api/account', { method: 'PATCH', json: { language } });
  if (answer.status !== 200) throw new Error(`choosing a language answered ${answer.status}`);
  return person;
};
const languageOfMail = (mail: Mail) => /^<!doctype html><html lang="([\w-]+)"/.exec(mail.html ?? '')?.[1];

test('an owner is written to in the language of the account, whoever asks and whatever that browser speaks', async () => {
  await Promise.all(
    languages.map(async language => {
      const bob = await speak(await createRegistered(rekey, 'bob'), language);
      const eve = createPerson(rekey, 'eve');
      const foreign = language === 'ja' ? 'fr' : 'ja';
      eve.cookies.set('language', foreign);
      await eve.post('/api/password-resets', { email: bob.email }, { 'Accept-Language': foreign });
      const mail = await bob.readMail(subjectOf(language, 'reset'));
      expect(languageOfMail(mail)).toBe(language);
      for (const sentence of ['reset-visit', 'ignore'] as const) {
        for (const body of [mail.text, mail.html]) expect(body).toContain(readWords(language).say(sentence));
      }
    }),
  );
});

test('somebody without an account is written to in the language of the browser that asks', async () => {
  await Promise.all(
    languages.map(async language => {
      const stranger = createPerson(rekey, 'stranger');
      const spoken = { 'Accept-Language': `${language},en;q=0.5` };
      await stranger.post('/api/registrations', { email: stranger.email }, spoken);
      const mail = await stranger.readMail(subjectOf(language, 'registration'));
      expect(languageOfMail(mail)).toBe(language);
      expect(mail.html).toContain(`dir="${language === 'ar' ? 'rtl' : 'ltr'}"`);
    }),
  );
});

test('the languages that people choose on the page go before those of their browsers', async () => {
  const stranger = createPerson(rekey, 'stranger');
  stranger.cookies.set('language', 'es');
  await stranger.post('/api/registrations', { email: stranger.email }, { 'Accept-Language': 'de' });
  expect(languageOfMail(await stranger.readMail())).toBe('es');
});

test('that an address has an account already is told in the language of that account', async () => {
  const bob = await speak(await createRegistered(rekey, 'bob'), 'fr');
  const [before] = bob.mails();
  await createPerson(rekey, 'eve').post('/api/registrations', { email: bob.email }, { 'Accept-Language': 'de' });
  expect(languageOfMail(await bob.readMail(undefined, before))).toBe('fr');
  const eve = await speak(await createRegistered(rekey, 'eve'), 'ja');
  await eve.post('/api/account/email', { email: bob.email, currentPassword: PASSWORD }, { 'Accept-Language': 'de' });
  expect(languageOfMail(await bob.readMail(subjectOf('fr', 'email_taken')))).toBe('fr');
});

test('a link to a new address is in the language of the account that it is for', async () => {
  const bob = await speak(await createRegistered(rekey, 'bob'), 'zh-Hans');
  const mailbox = createPerson(rekey, 'new');
  await bob.post(
    '/api/account/email',
    { email: mailbox.email, currentPassword: PASSWORD },
    { 'Accept-Language': 'de' },
  );
  expect(languageOfMail(await mailbox.readMail())).toBe('zh-Hans');
});

test('the last mail is in the language that the account had', async () => {
  const bob = await speak(await createRegistered(rekey, 'bob'), 'pt-BR');
  await bob.send('/api/account', { method: 'DELETE', json: { currentPassword: PASSWORD } });
  const mail = await bob.readMail(subjectOf('pt-BR', 'account_deleted'));
  expect(languageOfMail(mail)).toBe('pt-BR');
});

describe('a job', () => {
  const asked = { userAgent: 'Firefox on Windows', country: 'DE', timeZone: 'Europe/Berlin', language: 'de' } as const;
  const madeAtMs = Math.floor(Date.now() / 1000) * 1000;
  const mailOf = async (more: object) => {
    const stranger = createPerson(rekey, 'stranger');
    const job = { ...askedJob('registration_asked', stranger, madeAtMs), ...more };
    expect(await rekey.deliver(job)).toBe('acked');
    return stranger.readMail();
  };

  test('says from where in the words of the language, by the clock of who asked', async () => {
    const { text } = await mailOf({ asked });
    expect(text).toContain('GMT+');
    expect(text).toMatch(/^Diese Anfrage wurde am .* GMT\+[12] gestellt \(Firefox unter Windows, Deutschland\)\.$/m);
  });

  test('of an older release is told in English, with its moment in UTC alone', async () => {
    const { text, html } = await mailOf({});
    expect(languageOfMail({ html } as Mail)).toBe('en');
    expect(text).toMatch(/^This was asked on \d{1,2} \w+ \d{4} at \d\d:\d\d UTC\.$/m);
    expect(text).toMatch(/^The link works until .* UTC\.$/m);
  });

  test('with a time zone or a country that this runtime does not know is told all the same', async () => {
    const { text } = await mailOf({ asked: { ...asked, language: 'en', timeZone: 'Mars/Olympus', country: '??' } });
    expect(text).toMatch(/^This was asked on .* UTC from Firefox on Windows\.$/m);
  });

  test('repeats its mail byte for byte', async () => {
    const bob = await speak(await createRegistered(rekey, 'bob'), 'ar');
    const job = { ...askedJob('reset_asked', bob, madeAtMs), asked };
    const before = bob.mails().length;
    for (const attempts of [1, 2]) expect(await rekey.deliver(job, attempts)).toBe('acked');
    const mails = bob.mails().slice(0, bob.mails().length - before);
    // The mailbox takes the same key once, as the provider does, and refuses another body under it.
    expect(mails.map(languageOfMail)).toEqual(['ar']);
  });
});

describe('where the words cannot be read', () => {
  test('a mail waits for them, counts for nothing meanwhile, and then goes out', async () => {
    const breakable = await startBreakableRekey();
    try {
      const bob = await createRegistered(breakable, 'bob');
      const job = askedJob('reset_asked', bob);
      const before = bob.mails().length;
      await breakable.doors.breakPart('assets');
      expect(await breakable.deliver(job)).toBe('retried in 10');
      expect(await breakable.deliver(job, 2)).toBe('retried in 20');
      expect(bob.mails()).toHaveLength(before);
      const { count } = (await breakable.env.DB.prepare('select count(*) as count from reset_mails').first()) as {
        count: number;
      };
      expect(count).toBe(0);
      await breakable.doors.mendAll();
      expect(await breakable.deliver(job, 3)).toBe('acked');
      expect((await bob.readMail('Password Reset Request')).link).not.toBeNull();
      const events = breakable.events().filter(({ event }) => event === 'letter_words_unreadable');
      expect(events).toHaveLength(2);
    } finally {
      await breakable.stop();
    }
  });
});

test('nobody but the Worker reads the words', async () => {
  for (const language of languages) {
    expect((await rekey.fetch(`/api/letters/${language}.json`)).status).toBe(404);
  }
});
