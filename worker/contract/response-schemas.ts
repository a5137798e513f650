/**
 * What the API answers, as schemas: they describe it (GET /api/openapi.json) and responses.ts has its types from them.
 * Nothing parses with them, so neither page nor Worker carries them: the page trusts its own Worker.
 */
import * as v from 'valibot';
import { LANGUAGES, type Language } from './languages.ts';
import { ACTIVITY_KINDS } from './responses.ts';

const text = v.string();
const about = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.pipe(schema, v.description(description));
const moment = v.pipe(v.string(), v.isoTimestamp(), v.description('ISO 8601, UTC.'));
/** Where a request came from, as far as it is known. */
const origin = {
  userAgent: about(v.nullable(text), 'Browser and system in plain words, such as `Firefox on Windows`.'),
  country: about(v.nullable(text), 'ISO 3166-1, two letters.'),
};

/** The same everywhere. */
export const user = v.object({
  id: v.pipe(text, v.uuid()),
  username: text,
  email: text,
  createdAt: moment,
  language: about(v.picklist(Object.keys(LANGUAGES) as Language[]), 'BCP 47: what pages and mails are written in.'),
});

export const signedIn = v.object({ user });

/** The account as its owner sees it. */
export const account = v.object({
  user,
  mail: about(v.picklist(['ok', 'bouncing']), '`bouncing`: mails to the address come back, or are not wanted there.'),
});

export const whoAmI = v.object({ user: about(v.nullable(user), 'Null when signed out.') });

/** Said to everybody alike. */
export const message = v.object({ message: about(text, 'A sentence for the person.') });

/** A link that is still good: whose it is, and when it ends. */
export const goodLink = v.object({ email: text, expiresAt: moment });

/** One signed-in browser. */
export const sessionEntry = v.object({
  id: v.pipe(text, v.uuid()),
  current: about(v.boolean(), 'Whether it is the one that asks.'),
  createdAt: moment,
  lastSeenAt: moment,
  ...origin,
});

export const sessionList = v.object({ sessions: v.array(sessionEntry) });

export const activityEntry = v.object({
  kind: v.picklist(ACTIVITY_KINDS),
  at: moment,
  ...origin,
  operator: about(v.nullable(text), 'Who did it for the operator, where it was not the owner.'),
});

export const activityPage = v.object({
  activity: about(v.array(activityEntry), 'Newest first, 50 a page.'),
  next: about(v.nullable(text), 'Goes into `?before=` for the page after. Null on the last.'),
});

/** All that is kept about a person (routes/account-export.ts). */
export const accountExport = v.object({
  exportedAt: moment,
  user: v.object({
    ...user.entries,
    previousEmail: v.nullable(text),
    emailChangedAt: v.nullable(moment),
    securedAt: v.nullable(moment),
  }),
  sessions: v.array(
    v.object({ id: v.pipe(text, v.uuid()), createdAt: moment, lastSeenAt: moment, expiresAt: moment, ...origin }),
  ),
  activity: v.array(activityEntry),
  resetMails: v.array(v.object({ mailedAt: moment, linkExpiresAt: moment })),
  dueNotices: v.array(v.object({ kind: text, email: text, createdAt: moment })),
  mails: about(
    v.array(v.object({ kind: text, provider: text, state: text, createdAt: moment, changedAt: moment })),
    'What was mailed in the last 30 days, the newest 1000, and what became of it.',
  ),
  mailSuppressed: about(
    v.nullable(v.object({ reason: v.picklist(['bounced', 'complained']), since: moment, until: v.nullable(moment) })),
    'Why nothing is mailed to the address, where that is so. Without an end it lasts until it is lifted.',
  ),
});

export const health = v.object({ status: v.literal('ok'), version: text, database: v.literal('ok') });

/** OpenAPI 3.1 itself. */
export const apiDescription = v.objectWithRest({ openapi: text }, v.unknown());

/** The body of every error (the type `Problem`); each operation says which codes it answers. */
export const problem = v.object({
  type: v.literal('about:blank'),
  title: about(text, "The status's own phrase."),
  status: v.pipe(v.number(), v.integer()),
  detail: about(text, 'A sentence for the person.'),
  code: about(text, 'What a program branches on.'),
  reason: about(v.optional(text), 'Which of several reasons, where a code has more than one.'),
  errors: about(
    v.optional(v.array(v.object({ field: text, rule: about(text, 'The name of the broken rule.'), message: text }))),
    'The rules of the form that were broken.',
  ),
});
