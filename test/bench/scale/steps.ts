/** What comes after the first limit: where a database's time goes, what each step buys, and what no mean shows. */
import { figure, percent, table } from './figures.ts';
import { paidLimits } from './limits.ts';
import { type Given, loadOf } from './load.ts';
import { OPERATION_NAMES, operationOf } from './operations.ts';
import type { OwnLimits } from './own-limits.ts';

const HOUR_SECONDS = 3600;
const MINUTES_OF_DAY = 24 * 60;
/** Worth a line of their own in the table. */
const LEAST_SHARE = 0.01;

/** Shares of one database's time by operation, the largest first. */
export const timeTable = (given: Given): string => {
  const load = loadOf(given, 1);
  const shares = OPERATION_NAMES.map(name => {
    const { roundTrips, laterRoundTrips, rowsWritten } = given.counts[name];
    const roundTripMs = rowsWritten > 0 ? given.assumed.writeMs : given.assumed.readMs;
    const times = operationOf(name).perUserDay(given.use, load.mails);
    return { name, share: (times * (roundTrips + laterRoundTrips) * roundTripMs) / load.databaseMs };
  });
  const [large, small] = [true, false].map(isLarge =>
    shares.filter(({ share }) => share >= LEAST_SHARE === isLarge).sort((left, right) => right.share - left.share),
  );
  const rest = small?.reduce((all, { share }) => all + share, 0) ?? 0;
  return table(
    ['operation', "of a database's time"],
    [...(large ?? []).map(({ name, share }) => [name, percent(share)]), ['all others', percent(rest)]],
  );
};

/** The users at which the databases end, be it by time or by size. */
const databaseEnds = (given: Given, own: OwnLimits, databases = 1): string => {
  const ends = paidLimits(given, own).filter(({ name }) => name.startsWith("one database's"));
  return ends.map(({ name, users }) => `${figure(users * databases)} by ${name.split(' ').at(-1)}`).join(', ');
};

export const stepTable = (given: Given, own: OwnLimits): string => {
  const onceADay: Given = { ...given, use: { ...given.use, hoursPerActiveDay: 1 } };
  const shards = (databases: number): [string, string] => [
    `and ${databases} databases by a hash of the address`,
    databaseEnds(onceADay, own, databases),
  ];
  return table(
    ['step', 'users at which a database ends'],
    [
      ['as it stands', databaseEnds(given, own)],
      ['read replicas for the lists of sessions and activity', databaseEnds(given, own)],
      ['"last seen" once a day (`TOUCH_AFTER_MS`)', databaseEnds(onceADay, own)],
      shards(4),
      shards(16),
      shards(64),
    ],
  ).replace('---: |', '--- |');
};

/** What a mean hides: a launch, a network behind one address, a wave of mails. */
export const burstList = (given: Given, own: OwnLimits): string => {
  const { counts, use, assumed } = given;
  const load = loadOf(given, 1);
  const changing = OPERATION_NAMES.filter(name => operationOf(name).isChanging).reduce(
    (all, name) => all + operationOf(name).perUserDay(use, load.mails),
    0,
  );
  const perMinute = (changing / MINUTES_OF_DAY) * use.peakFactor;
  const asked = counts['ask for a reset'];
  const mailsPerSecond = (assumed.busyAtMost * 1000) / ((asked.roundTrips + asked.laterRoundTrips) * assumed.writeMs);
  const registrationHashes = (own.laneObjects.registration * 1000) / assumed.hashMs;
  return [
    `- **A launch.** ${figure(own.strangerMailsPerHour / use.asksPerRegistration)} registrations in an hour spend ` +
      `\`STRANGER_MAILS_PER_HOUR\`; its mails then wait for the next hour, 6 hours at most. The lane that hashes new ` +
      `passwords ends ${figure(registrationHashes * HOUR_SECONDS)} registrations in an hour.`,
    `- **A network behind one address.** ${figure(own.clientRequestsPerMinute / perMinute)} users of the model behind one ` +
      `address make ${own.clientRequestsPerMinute} changing requests in a minute at the peak.`,
    `- **A wave of mails.** One database that does nothing else prepares and notes ${figure(mailsPerSecond)} reset mails ` +
      `a second, far fewer than the queue delivers: the rest waits on the queue.`,
    `- **A wave of sign-ins.** The lane of known browsers hashes ` +
      `${figure((own.laneObjects['known-browser'] * 1000) / assumed.hashMs)} passwords a second, the one of others ` +
      `${figure((own.laneObjects['sign-in'] * 1000) / assumed.hashMs)}: everybody who signs in again at one moment, ` +
      `${figure((own.laneObjects['known-browser'] / assumed.hashMs) * 1000 * HOUR_SECONDS)} people in an hour, and no more.`,
  ].join('\n');
};
