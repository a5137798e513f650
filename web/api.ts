/** The only fetch, typed by the Worker's routes. `ask` turns an answer into a value or a failure. */
import type { hc } from 'hono/client';
import type { App } from '../worker/app.ts';
import type { FieldError, Problem, ProblemCode, ProblemReason } from '../worker/contract/problems.ts';

const TIMEOUT_MS = 30_000;
/** A wait of a day or more is no countdown: the answer's own sentence says what leads on. */
const LONGEST_COUNTDOWN_SECONDS = 24 * 3600 - 1;

/** Hono's client by its types alone: `api['password-resets'].$post({ json })` is a `POST /api/password-resets`. */
type Asked = { json?: unknown; query?: Record<string, string>; param?: Record<string, string> };

const send = (method: string, path: string, { json, query, param }: Asked = {}) => {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(param?.[name] ?? ''));
  const search = String(new URLSearchParams(query));
  return fetch(search ? `${filled}?${search}` : filled, {
    method,
    ...(json !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(json) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
};

/** A path that grows with each name; a name like `$post` sends. */
const client = (path: string): unknown =>
  new Proxy(() => {}, {
    get: (_, name: string) => {
      if (name.startsWith('$')) return (asked?: Asked) => send(name.slice(1).toUpperCase(), path, asked);
      return client(`${path}/${name}`);
    },
  });

export const { api } = client('') as ReturnType<typeof hc<App>>;

/** `no_answer`: offline, timed out, or something between us and the Worker answered in its place. */
export type Failure = {
  code: ProblemCode | 'no_answer';
  reason?: ProblemReason;
  detail: string;
  errors: FieldError[];
  /** 0 when the answer names no time that a person would wait out. */
  retryAfterSeconds: number;
};

export type Result<Value> = { ok: true; value: Value } | { ok: false; failure: Failure };

type Answer = Pick<Response, 'ok' | 'status' | 'headers'> & { json(): Promise<unknown> };

/** What the successful answers of a call hold; null where there is no body. */
type ValueOf<A extends Answer> =
  Extract<A, { ok: true }> extends infer Good extends Answer
    ? Good extends { status: 204 }
      ? null
      : Awaited<ReturnType<Good['json']>>
    : never;

const NO_ANSWER: Failure = { code: 'no_answer', detail: '', errors: [], retryAfterSeconds: 0 };

const readFailure = async (answer: Answer): Promise<Failure> => {
  if (!answer.headers.get('Content-Type')?.startsWith('application/problem+json')) return NO_ANSWER;
  const { code, reason, detail, errors = [] } = (await answer.json()) as Problem;
  const seconds = Number(answer.headers.get('Retry-After')) || 0;
  const retryAfterSeconds = seconds <= LONGEST_COUNTDOWN_SECONDS ? seconds : 0;
  return { code, ...(reason && { reason }), detail, errors, retryAfterSeconds };
};

/** Never throws. */
export const ask = async <A extends Answer>(call: Promise<A>): Promise<Result<ValueOf<A>>> => {
  try {
    const answer = await call;
    if (!answer.ok) return { ok: false, failure: await readFailure(answer) };
    const value = answer.status === 204 ? null : await answer.json();
    return { ok: true, value: value as ValueOf<A> };
  } catch {
    return { ok: false, failure: NO_ANSWER };
  }
};
