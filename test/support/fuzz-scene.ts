/**
 * Where the fuzz tests play: one owner with a session, links and a database, and the judgement of every answer. Whatever
 * a request holds, a refusal is a problem that repeats nothing and leaves every table as it was.
 */
import { expect } from 'vitest';
import { type Call, callsOf, createAnswerJudge, createCallFinder, readDescription } from './api-description.ts';
import { createSnapshots, differences, emptyDatabase, type Snapshot } from './database-snapshot.ts';
import { goodBodies } from './good-bodies.ts';
import { APP_URL, type Rekey } from './harness.ts';
import { type Answer, createPerson, createRegistered, type Person } from './people.ts';
import { faultsOf } from './refusals.ts';

/** Stands in the owner's name and address and in what is sent, and nowhere else. */
export const MARKER = 'fuzz7q3xk9';
/** The calls that ask the hasher, whose lane may be full. */
const HASHING = [
  'signIn',
  'completeRegistration',
  'completePasswordReset',
  'changePassword',
  'deleteAccount',
  'askEmailChange',
];

/** A path as the router reads it: each run of encoded bytes decoded, where it can be. */
const decodedPath = (pathname: string): string =>
  pathname.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, encoded => {
    try {
      return decodeURI(encoded);
    } catch {
      return encoded;
    }
  });

export const createFuzzScene = async (rekey: Rekey) => {
  const description = readDescription();
  const calls = callsOf(description).filter(({ path }) => path.startsWith('/api/'));
  const judge = createAnswerJudge(description);
  const findCall = createCallFinder(calls);
  const takeSnapshot = await createSnapshots(rekey);
  const counts = { refused: 0, full: 0 };
  let owner: Person;
  let bystander: Person;
  let good: Record<string, object>;
  let last: Snapshot;

  /** Two people, in an empty database: at the start, and when a request has used up the one before. */
  const renew = async () => {
    await emptyDatabase(rekey);
    bystander = await createRegistered(rekey, MARKER);
    owner = await createRegistered(rekey, MARKER);
    good = await goodBodies(rekey, owner);
    last = await takeSnapshot();
  };
  await renew();

  /** Holds an answer, and the database after it, against what must always be. */
  const expectSound = async (call: Call, answer: Answer, isHead = false): Promise<void> => {
    const { status, headers, text, body } = answer;
    const mayBeFull = HASHING.includes(call.id);
    const faults = faultsOf(answer, { marker: MARKER, isHead, mayBeFull });
    expect([...faults, ...judge(call, { status, headers, text, isHead })]).toEqual([]);
    const now = await takeSnapshot();
    const changed = differences(last, now);
    last = now;
    // The fifth wrong password in a row ends the session: that is what this refusal does.
    const hasEnded = body.code === 'wrong_password' && headers.has('Set-Cookie');
    if (status >= 400 && !hasEnded) expect(changed).toEqual([]);
    if (status >= 400) counts.refused += 1;
    if (status === 503) counts.full += 1;
    if (hasEnded || changed.length > 0) await renew();
  };

  return {
    calls,
    counts,
    expectSound,

    /** The same where nobody knows beforehand which call it is, if any. Pages only have to be there or not. */
    async expectSoundAt({ method, target }: { method: string; target: string }, answer: Answer): Promise<void> {
      const { pathname } = new URL(target, APP_URL);
      if (!pathname.startsWith('/api/')) return expect(answer.status).toBeLessThan(500);
      const isHead = method === 'HEAD';
      const call = findCall(method, decodedPath(pathname));
      if (call) return expectSound(call, answer, isHead);
      expect([404, 405]).toContain(answer.status);
      expect(faultsOf(answer, { marker: MARKER, isHead })).toEqual([]);
      expect(differences(last, await takeSnapshot())).toEqual([]);
      counts.refused += 1;
    },

    /** What would succeed, by the call's name. */
    goodBody: (id: string): object => good[id] ?? {},

    /** What is good somewhere: names and addresses of accounts, links of every purpose, passwords. */
    knownValues: (): unknown[] => [
      ...new Set([
        ...[bystander, owner].flatMap(({ username, email }) => [username, email]),
        ...Object.values(good).flatMap(body => Object.values(body)),
      ]),
    ],

    /** The owner's browser or a stranger's, in a network of its own each time. */
    browser(who: 'owner' | 'stranger'): Person {
      const person = createPerson(rekey);
      if (who === 'owner') for (const [name, value] of owner.cookies) person.cookies.set(name, value);
      return person;
    },
  };
};
