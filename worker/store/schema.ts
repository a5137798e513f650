/**
 * The tables. Times are whole milliseconds since the epoch; secrets are stored as hashes, strangers' addresses and names
 * as keyed hashes. Names and addresses are unique without case by an index on their lowercase form.
 */
import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { type Language, USUAL_LANGUAGE } from '../contract/languages.ts';
import { ACTIVITY_KINDS } from '../contract/responses.ts';

/** One row a person. `securityStamp`: 128 random bits, replaced with every change of password or address. */
export const users = sqliteTable(
  'users',
  {
    id: text().primaryKey(),
    username: text().notNull(),
    email: text().notNull(),
    /** A PHC string; empty where the account has no usable password. */
    passwordHash: text('password_hash').notNull(),
    securityStamp: text('security_stamp').notNull(),
    createdAt: integer('created_at').notNull(),
    /** 128 random bits that known browsers carry; replaced when all of them are to be forgotten. */
    browserStamp: text('browser_stamp').notNull(),
    /** The address before the last change, and when that took effect: for 7 days it can be put back. */
    previousEmail: text('previous_email'),
    emailChangedAt: integer('email_changed_at'),
    /** When "this was not me" was last used: links of notices from before are dead. */
    securedAt: integer('secured_at'),
    /** BCP 47, one of ours: what mails to the owner are written in. */
    language: text().$type<Language>().notNull().default(USUAL_LANGUAGE),
    /** The operator's: nobody signs in, and no session of the account is good. */
    suspendedAt: integer('suspended_at'),
    /** The operator's: nobody signs in before the password was replaced. */
    resetRequiredAt: integer('reset_required_at'),
  },
  table => [
    uniqueIndex('users_by_email').on(sql`lower(${table.email})`),
    uniqueIndex('users_by_username').on(sql`lower(${table.username})`),
    index('users_by_previous_email').on(sql`lower(${table.previousEmail})`),
    index('users_by_email_change').on(table.emailChangedAt),
  ],
);

/** One row a signed-in browser. Dead as soon as `stamp` is no longer the user's security stamp. */
export const sessions = sqliteTable(
  'sessions',
  {
    /** SHA-256 of the cookie's secret, base64url. */
    secretHash: text('secret_hash').primaryKey(),
    id: text().notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    stamp: text().notNull(),
    createdAt: integer('created_at').notNull(),
    lastSeenAt: integer('last_seen_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    remembered: integer({ mode: 'boolean' }).notNull(),
    /** Browser and system in words of our own list; country as ISO 3166-1. */
    userAgent: text('user_agent'),
    country: text(),
    /** Wrong current passwords in a row; at the fifth the session ends. */
    wrongPasswords: integer('wrong_passwords').notNull(),
  },
  table => [
    index('sessions_by_user').on(table.userId),
    index('sessions_by_expiry').on(table.expiresAt),
    index('sessions_by_use').on(table.lastSeenAt),
  ],
);

/**
 * Wrong passwords in a row for an address, whether or not it has an account: one row for all browsers that are not known
 * to it, and one for each that is.
 */
export const guesses = sqliteTable(
  'guesses',
  {
    /** Keyed hash of the address. */
    addressKey: text('address_key').notNull(),
    /** The known browser's id; empty for all others together. */
    browserId: text('browser_id').notNull(),
    wrong: integer().notNull(),
    wrongAt: integer('wrong_at').notNull(),
    /** Until then tries are refused without being hashed or counted. */
    waitUntil: integer('wait_until').notNull(),
  },
  table => [
    primaryKey({ columns: [table.addressKey, table.browserId] }),
    // Of those that the clean-up may forget: at 100 a row stays until a reset.
    index('guesses_by_time').on(table.wrongAt).where(sql`${table.wrong} < 100`),
  ],
);

/** One row an event that the account's owner may see. Kept 180 days. */
export const activity = sqliteTable(
  'activity',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    kind: text({ enum: ACTIVITY_KINDS }).notNull(),
    at: integer().notNull(),
    userAgent: text('user_agent'),
    country: text(),
    /** Who did it for the operator, where it was not the owner: `npm run admin`. */
    operator: text(),
  },
  table => [
    index('activity_by_user').on(table.userId, table.at, table.id),
    index('activity_by_kind').on(table.userId, table.kind, table.at),
    index('activity_by_time').on(table.at),
  ],
);

/** Usernames of deleted accounts, as keyed hashes: nobody takes over a name that others still know somebody by. */
export const restingUsernames = sqliteTable(
  'resting_usernames',
  { nameKey: text('name_key').primaryKey(), until: integer().notNull() },
  table => [index('resting_usernames_by_end').on(table.until)],
);

/** One row a mail that carries a reset link: what the limit for an account counts. */
export const resetMails = sqliteTable(
  'reset_mails',
  {
    jobId: text('job_id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The stamp that the link was made under, and when the link ends. */
    stamp: text().notNull(),
    linkExpiresAt: integer('link_expires_at').notNull(),
    countedAt: integer('counted_at').notNull(),
  },
  table => [
    index('reset_mails_by_user').on(table.userId, table.countedAt),
    index('reset_mails_by_time').on(table.countedAt),
  ],
);

/** One row a mail to an address without an account: what the limit for a stranger's address counts. */
export const strangerMails = sqliteTable(
  'stranger_mails',
  {
    jobId: text('job_id').primaryKey(),
    /** Keyed hash of the folded address. */
    addressKey: text('address_key').notNull(),
    kind: text({ enum: ['registration', 'no_account'] }).notNull(),
    countedAt: integer('counted_at').notNull(),
  },
  table => [
    index('stranger_mails_by_address').on(table.addressKey, table.countedAt),
    index('stranger_mails_by_time').on(table.countedAt),
  ],
);

/** How many mails went to strangers in each hour since the epoch: the budget for all of them together. */
export const strangerMailHours = sqliteTable('stranger_mail_hours', {
  hour: integer().primaryKey(),
  mails: integer().notNull(),
});

/** Notices that are due: written with the change that they tell of, gone when the mail is accepted. */
export const notices = sqliteTable(
  'notices',
  {
    id: text().primaryKey(),
    /** Null where the account is gone: the notice of a deletion does not hang on the user's row. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    kind: text({
      enum: [
        'password_reset',
        'password_changed',
        'email_change_link',
        'email_change_asked',
        'email_changed',
        'new_browser',
        'secured',
        'account_deleted',
      ],
    }).notNull(),
    /** Where it goes: the account's address at that moment, or the one that it asked to change to. */
    email: text().notNull(),
    /** The stamp that an asked change of address dies with. */
    stamp: text(),
    createdAt: integer('created_at').notNull(),
    userAgent: text('user_agent'),
    country: text(),
    /** When its job was put on the queue. Null: the cron does it. */
    queuedAt: integer('queued_at'),
    timeZone: text('time_zone'),
    /** Of a notice that outlives the account; elsewhere the account's language holds. */
    language: text().$type<Language>(),
  },
  table => [index('notices_by_queued').on(table.queuedAt, table.createdAt), index('notices_by_user').on(table.userId)],
);

/**
 * What became of a mail. What providers tell moves it only ever to the right, so that late and repeated events change
 * nothing. `refused` and `suppressed` never went out.
 */
export const MAIL_STATES = [
  'trying',
  'accepted',
  'delayed',
  'delivered',
  'bounced',
  'complained',
  'refused',
  'suppressed',
] as const;

/** One row a mail, never its text: who was written to, through whom, and what became of it. Kept 30 days. */
export const mails = sqliteTable(
  'mails',
  {
    jobId: text('job_id').primaryKey(),
    /** What the letter is: `reset`, `registration`, `password_changed`, ... */
    kind: text().notNull(),
    /** Null where the address has no account. */
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Keyed hash of the address. */
    addressKey: text('address_key').notNull(),
    /** Who was last asked to send it, and how that provider's webhooks name it. */
    provider: text().notNull(),
    providerId: text('provider_id'),
    state: text({ enum: MAIL_STATES }).notNull(),
    /** Tries that failed, by any provider. */
    failures: integer().notNull(),
    /** Until then only `provider` may try again: it may have taken the mail without an answer. */
    mayBeOutUntil: integer('may_be_out_until'),
    createdAt: integer('created_at').notNull(),
    changedAt: integer('changed_at').notNull(),
  },
  table => [
    index('mails_by_provider_id').on(table.provider, table.providerId),
    index('mails_by_user').on(table.userId, table.createdAt),
    index('mails_by_time').on(table.createdAt),
    index('mails_held_back').on(table.addressKey, table.createdAt).where(sql`${table.state} = 'suppressed'`),
  ],
);

/** Addresses that mail does not reach or is not wanted at, as keyed hashes. */
export const suppressions = sqliteTable(
  'suppressions',
  {
    addressKey: text('address_key').primaryKey(),
    reason: text({ enum: ['bounced', 'complained'] }).notNull(),
    since: integer().notNull(),
    /** Null: until it is lifted. */
    until: integer(),
    /** The job of the one reset mail that a day lets through, and when that was. */
    letThroughJobId: text('let_through_job_id'),
    letThroughAt: integer('let_through_at'),
  },
  table => [index('suppressions_by_end').on(table.until)],
);

/** Stamps of webhook requests that were taken, so that none is taken twice. Kept as long as a stamp is accepted. */
export const mailEventStamps = sqliteTable(
  'mail_event_stamps',
  {
    /** SHA-256 of provider and stamp, base64url. */
    stampHash: text('stamp_hash').primaryKey(),
    seenAt: integer('seen_at').notNull(),
  },
  table => [index('mail_event_stamps_by_time').on(table.seenAt)],
);
