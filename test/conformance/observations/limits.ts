/** What several rows want to know, found out once: what a flood of requests does, and what wrong passwords do. */
import { setTimeout as wait } from 'node:timers/promises';
import { type Finding, finding } from '../check.ts';
import type { Context } from '../context.ts';
import type { Answer } from '../driver.ts';
import { join, signIn } from '../visits.ts';

const QUIET_MS = 1500;
const MOST_TRIES = 12;
/** More than two minutes' worth of what is usual, should a minute just have ended. */
const FLOOD = 150;

/** What can be told apart in an answer, but for what is new in each. */
export const lookOf = ({ status, headers, text }: Answer): string => {
  const fresh = /^(date|x-request-id|cf-ray|connection|keep-alive|x-retry-after-ms)$/;
  const lines = [...headers].filter(([name]) => !fresh.test(name)).map(line => line.join(': '));
  return [status, ...lines.sort(), '', text].join('\n');
};

/** Twenty people ask for one person's reset; the mails are counted when none has come for a while. */
export const observeMailFlood = async (context: Context) => {
  const { driver } = context;
  const person = await join(context);
  const { email } = person.account;
  const before = (await driver.mailsTo(email)).length;
  const answers: Answer[] = [];
  for (let i = 0; i < 20; i += 1) answers.push(await driver.createClient().send(driver.calls.askReset(email)));
  let mails = before;
  for (let quietSince = performance.now(); performance.now() - quietSince < QUIET_MS; await wait(100)) {
    const now = (await driver.mailsTo(email)).length;
    if (now > mails) quietSince = performance.now();
    mails = now;
  }
  return { person, answers, mails: mails - before };
};

/** Wrong passwords for one account, each from another network, until the system holds them back. */
export const observeGuessing = async (context: Context) => {
  const { driver } = context;
  const person = await join(context);
  const answers: Answer[] = [];
  while (answers.length < MOST_TRIES && answers.at(-1)?.status !== 429) {
    answers.push(await signIn(driver, driver.createClient(), person.account, `wrong ${answers.length} password here`));
  }
  const last = answers.at(-1) as Answer;
  return { person, answers, last, isHeldBack: last.status === 429, freeTries: answers.length - 1 };
};

/** One client sends far too much, ten at a time; how much of it was let through. */
export const observeClientFlood = async ({ driver }: Context) => {
  const client = driver.createClient();
  const answers: Answer[] = [];
  const isHeld = ({ status }: Answer) => status === 429;
  while (answers.length < FLOOD && !answers.some(isHeld)) {
    answers.push(...(await Promise.all(Array.from({ length: 10 }, () => client.send(driver.calls.signOut())))));
  }
  const refused = answers.find(isHeld);
  return { refused, letThrough: answers.filter(answer => !isHeld(answer)).length, sent: answers.length };
};

const WORDS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];

/** Whether one line or table row of the documents says this number, in digits or as a word, together with these words. */
export const saysSo = (documents: string, what: string, number: number, words: RegExp): Finding => {
  const forms = [String(number), WORDS[number], ORDINALS[number]].filter(Boolean).join('|');
  const said = new RegExp(`\\b(${forms})\\b`, 'i');
  const isSaid = documents.split('\n').some(line => words.test(line) && said.test(line));
  return finding(isSaid, `${what}: ${number}, ${isSaid ? 'as' : 'which is not what is'} written`);
};

/** The same for a limit of so many a minute: the window may have turned once while they were counted. */
export const saysPerMinute = (documents: string, letThrough: number): Finding => {
  const lines = documents.split('\n').filter(line => /a minute/i.test(line));
  const written = lines.flatMap(line => [...line.matchAll(/\b\d+\b/g)].map(([number]) => Number(number)));
  const limit = written.find(number => letThrough >= number && letThrough <= 2 * number);
  const words = limit === undefined ? 'which is not what is written' : `and ${limit} a minute is written`;
  return finding(limit !== undefined, `requests let through: ${letThrough}, ${words}`);
};

/** A whole number of seconds, one at the least; null where the header is missing or says something else. */
export const retryAfterSeconds = ({ headers }: Answer): number | null => {
  const value = headers.get('Retry-After') ?? '';
  return /^[1-9]\d*$/.test(value) ? Number(value) : null;
};

/** The most bits that so long a text can hold, in whole bytes: by hexadecimal digits or by base64. */
export const bitsOf = (text: string): number => Math.floor((text.length * (/^[0-9a-f]+$/.test(text) ? 4 : 6)) / 8) * 8;
