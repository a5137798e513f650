/** `/api/account/sessions` and `/api/account/activity`: where the owner is signed in, and what happened. */
import { Hono } from 'hono';
import type { ActivityPage, SessionEntry } from '../contract/responses.ts';
import type { AppEnv } from '../http/app-env.ts';
import { clearSessionCookie, readSessionHash } from '../http/cookies.ts';
import { noteUse } from '../http/current-session.ts';
import { problem } from '../http/problem.ts';
import { notSignedIn, signedIn } from '../http/signed-in.ts';
import { visitorOf } from '../http/visitor.ts';
import { type ActivityCursor, findSessionAndActivity } from '../store/activity.ts';
import { deleteOtherSessions, deleteSessionById, findSessionAndOthers } from '../store/sessions.ts';

const PAGE_ROWS = 50;

const iso = (ms: number): string => new Date(ms).toISOString();

export const accountSessions = new Hono<AppEnv>()
  .get('/', async c => {
    const { db, clock } = c.var.services;
    const secretHash = await readSessionHash(c);
    const found = secretHash && (await findSessionAndOthers(db, secretHash, clock.now()));
    if (!found) return notSignedIn(c, secretHash);
    noteUse(c, found);
    const sessions = found.sessions.map(
      ({ secretHash: hash, createdAt, lastSeenAt, ...shown }): SessionEntry => ({
        ...shown,
        current: hash === secretHash,
        createdAt: iso(createdAt),
        lastSeenAt: iso(lastSeenAt),
      }),
    );
    return c.json({ sessions }, 200);
  })

  .delete('/:id', signedIn, async c => {
    const { services, signedIn } = c.var;
    const id = c.req.param('id');
    const happened = { userId: signedIn.user.id, nowMs: services.clock.now(), visitor: visitorOf(c) };
    if (!(await deleteSessionById(services.db, id, happened))) return problem(c, 'not_found');
    if (id === signedIn.session.id) clearSessionCookie(c);
    return c.body(null, 204);
  })

  .delete('/', signedIn, async c => {
    const { services, signedIn } = c.var;
    const happened = { userId: signedIn.user.id, nowMs: services.clock.now(), visitor: visitorOf(c) };
    await deleteOtherSessions(services.db, signedIn.session.secretHash, happened);
    return c.body(null, 204);
  });

export const accountActivity = new Hono<AppEnv>().get('/', async c => {
  const { db, clock } = c.var.services;
  const text = c.req.query('before');
  const before = text === undefined ? null : parseCursor(text);
  const secretHash = await readSessionHash(c);
  const page = { before: before === 'malformed' ? null : before, most: PAGE_ROWS + 1 };
  const found = secretHash && (await findSessionAndActivity(db, secretHash, clock.now(), page));
  if (!found) return notSignedIn(c, secretHash);
  if (before === 'malformed') {
    return problem(c, 'malformed_request', { detail: '`before` is the `next` of an earlier answer.' });
  }
  noteUse(c, found);
  const rows = found.activity.slice(0, PAGE_ROWS);
  const last = found.activity.length > PAGE_ROWS ? rows.at(-1) : undefined;
  const answer: ActivityPage = {
    activity: rows.map(({ id: _, at, ...entry }) => ({ ...entry, at: iso(at) })),
    next: last ? `${last.at}-${last.id}` : null,
  };
  return c.json(answer, 200);
});

const parseCursor = (text: string): ActivityCursor | 'malformed' => {
  const [, at, id] = /^(\d{1,15})-([0-9a-f-]{36})$/.exec(text) ?? [];
  return at && id ? { at: Number(at), id } : 'malformed';
};
