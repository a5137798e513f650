/**
 * The floor: bare Workers that do only the unavoidable, each by one path. No framework, no checks, no headers: what an
 * operation costs more than this is the account system's own.
 */
import { scrypt } from '@noble/hashes/scrypt.js';

type Bindings = { DB: D1Database; QUEUE: Queue };

/** The session with its user, by the primary key. */
const SELECT = `SELECT users.id, users.username, users.email, users.created_at, users.language FROM sessions
  JOIN users ON users.id = sessions.user_id WHERE sessions.secret_hash = ?`;
/** A session of whoever was the first to have one, with the indexes that it has. */
const INSERT = `INSERT INTO sessions (secret_hash, id, user_id, stamp, created_at, last_seen_at, expires_at, remembered,
  user_agent, country, wrong_passwords) SELECT ?, ?, user_id, stamp, ?, ?, ?, 1, null, null, 0 FROM sessions LIMIT 1`;
const SALT = new Uint8Array(16);

export default {
  async fetch(request, { DB, QUEUE }) {
    switch (new URL(request.url).pathname) {
      case '/nothing':
        return Response.json({ user: null });
      case '/select':
        return Response.json({ user: await DB.prepare(SELECT).bind(request.headers.get('X-Key')).first() });
      case '/insert': {
        const now = Date.now();
        await DB.prepare(INSERT).bind(crypto.randomUUID(), crypto.randomUUID(), now, now, now).run();
        return Response.json({ user: null });
      }
      case '/queue': {
        await QUEUE.send(await request.json());
        return Response.json({ message: 'asked' }, { status: 202 });
      }
      case '/hash': {
        // OWASP's cost with the least memory but one, Rekey's default.
        scrypt(await request.text(), SALT, { N: 2 ** 14, r: 8, p: 5, dkLen: 32 });
        return Response.json({ user: null });
      }
      default:
        return new Response('Not found', { status: 404 });
    }
  },
} satisfies ExportedHandler<Bindings>;
