/**
 * Users as they come from another system, or go to one: many rows in one statement, which are handed over as one JSON
 * text, since a statement takes a hundred parameters and no more. Nobody who has an account is ever changed.
 */
import { asc, eq, gt, type SQL, sql } from 'drizzle-orm';
import type { Language } from '../contract/languages.ts';
import type { ActivityKind } from '../contract/responses.ts';
import type { Database } from './database.ts';
import { canTakeBack } from './records.ts';
import { activity, restingUsernames, users } from './schema.ts';
import type { UserRow } from './users.ts';

export type TransferredUser = Omit<UserRow, 'previousEmail' | 'emailChangedAt' | 'securedAt'>;

/** Why a row cannot come in. `sameUser`: its id and address are a user's, who has come already. */
export type Collision = {
  id: string;
  sameUser: boolean;
  idTaken: boolean;
  emailTaken: boolean;
  usernameTaken: boolean;
};

const given = (rows: readonly TransferredUser[]) => sql`json_each(${JSON.stringify(rows)})`;
const field = <Type>(name: keyof TransferredUser): SQL<Type> => sql<Type>`value ->> ${sql.raw(`'${name}'`)}`;

const hasGivenEmail = sql`lower(${users.email}) = lower(${field('email')})`;
const hadGivenEmail = (nowMs: number) =>
  sql`lower(${users.previousEmail}) = lower(${field('email')}) and ${canTakeBack(nowMs)}`;
const hasGivenUsername = sql`lower(${users.username}) = lower(${field('username')})`;
const hasGivenId = eq(users.id, field('id'));

const isSomebodys = (condition: SQL) => sql<number>`exists(select 1 from ${users} where ${condition})`;
const cameNow = isSomebodys(sql`${hasGivenId} and ${users.securityStamp} = ${field('securityStamp')}`);

/** Of these rows those that did not come in under their own stamp, and why. */
const collisions = (db: Database, rows: readonly TransferredUser[], nowMs: number) =>
  db
    .select({
      id: field<string>('id').as('id'),
      sameUser: isSomebodys(sql`${hasGivenId} and ${hasGivenEmail}`).as('same_user'),
      idTaken: isSomebodys(hasGivenId).as('id_taken'),
      emailTaken: sql<number>`(${isSomebodys(hasGivenEmail)} or ${isSomebodys(hadGivenEmail(nowMs))})`.as(
        'email_taken',
      ),
      usernameTaken: isSomebodys(hasGivenUsername).as('username_taken'),
    })
    .from(given(rows))
    .where(sql`not ${cameNow}`);

type CollisionRow = Awaited<ReturnType<typeof collisions>>[number];

const asCollision = ({ id, ...found }: CollisionRow): Collision => ({
  id,
  sameUser: found.sameUser === 1,
  idTaken: found.idTaken === 1,
  emailTaken: found.emailTaken === 1,
  usernameTaken: found.usernameTaken === 1,
});

const isCollision = ({ sameUser, idTaken, emailTaken, usernameTaken }: Collision): boolean =>
  sameUser || idTaken || emailTaken || usernameTaken;

/** Of these rows those that could not come in now. One statement, searches by index. */
export const findCollisions = async (
  db: Database,
  rows: readonly TransferredUser[],
  nowMs: number,
): Promise<Collision[]> => (await collisions(db, rows, nowMs)).map(asCollision).filter(isCollision);

/**
 * Brings in what collides with nobody, in the order of the rows, and answers the rest. `security_stamp` tells a row that
 * came in now from one that was there. One transaction.
 */
export const insertUsers = async (
  db: Database,
  rows: readonly TransferredUser[],
  { nowMs, operator }: { nowMs: number; operator: string },
): Promise<Collision[]> => {
  const [, , left] = await db.batch([
    db
      .insert(users)
      .select(
        db
          .select({
            id: field<string>('id').as('id'),
            username: field<string>('username').as('username'),
            email: field<string>('email').as('email'),
            passwordHash: field<string>('passwordHash').as('password_hash'),
            securityStamp: field<string>('securityStamp').as('security_stamp'),
            createdAt: field<number>('createdAt').as('created_at'),
            browserStamp: field<string>('browserStamp').as('browser_stamp'),
            previousEmail: sql<null>`null`.as('previous_email'),
            emailChangedAt: sql<null>`null`.as('email_changed_at'),
            securedAt: sql<null>`null`.as('secured_at'),
            language: field<Language>('language').as('language'),
            suspendedAt: field<number | null>('suspendedAt').as('suspended_at'),
            resetRequiredAt: field<number | null>('resetRequiredAt').as('reset_required_at'),
          })
          .from(given(rows))
          .where(sql`not ${isSomebodys(hadGivenEmail(nowMs))}`),
      )
      .onConflictDoNothing(),
    db.insert(activity).select(
      db
        .select({
          id: sql<string>`lower(hex(randomblob(16)))`.as('id'),
          userId: field<string>('id').as('user_id'),
          kind: sql<ActivityKind>`'imported'`.as('kind'),
          at: sql<number>`${nowMs}`.as('at'),
          userAgent: sql<null>`null`.as('user_agent'),
          country: sql<null>`null`.as('country'),
          operator: sql<string>`${operator}`.as('operator'),
        })
        .from(given(rows))
        .where(cameNow),
    ),
    collisions(db, rows, nowMs),
  ]);
  return left.map(asCollision);
};

/** The keyed hashes of the usernames that rest now. */
export const findRestingNames = async (db: Database, nowMs: number): Promise<Set<string>> => {
  const rows = await db
    .select({ nameKey: restingUsernames.nameKey })
    .from(restingUsernames)
    .where(gt(restingUsernames.until, nowMs));
  return new Set(rows.map(({ nameKey }) => nameKey));
};

/** The next users by id, after the one with this id. */
export const findUsersAfter = (db: Database, id: string, most: number): Promise<UserRow[]> =>
  db.select().from(users).where(gt(users.id, id)).orderBy(asc(users.id)).limit(most).all();
