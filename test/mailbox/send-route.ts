/**
 * Resend's `POST /emails` as its documentation describes it: key, agent, idempotency, error names. Its rate limit is
 * not imitated; a fault answers 429 where one is wanted.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt, createAttempts, Fault, Faults } from './faults.ts';
import { type Answer, errorAnswer, json, parseJson, readBody, send } from './http.ts';
import { bareAddress, type MailStore } from './mail-store.ts';
import { checkSendRequest } from './send-request.ts';

const KEY_MAX_LENGTH = 256;

/** The provider's names for the statuses that it documents. */
const ERROR_NAMES: Readonly<Record<number, string>> = {
  400: 'validation_error',
  401: 'missing_api_key',
  403: 'invalid_api_key',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'concurrent_idempotent_requests',
  422: 'invalid_parameter',
  429: 'rate_limit_exceeded',
  500: 'internal_server_error',
};

export type SendCapabilities = {
  readonly store: MailStore;
  readonly faults: Faults;
  readonly attempts: ReturnType<typeof createAttempts>;
  readonly now: () => number;
  /** Ends every wait when the mailbox closes. */
  readonly closing: AbortSignal;
};

/** Takes a mail, or fails as a fault says. Every attempt is recorded, the failed ones too. */
export async function receiveMail(request: IncomingMessage, response: ServerResponse, capabilities: SendCapabilities) {
  const { store, faults, attempts, now, closing } = capabilities;
  const source = await readBody(request);
  if (source === null) return send(response, errorAnswer(413, 'validation_error', 'The body is over 10 MiB.'));

  const body = parseJson(source);
  const bodySha256 = createHash('sha256').update(source).digest('hex');
  const attempt: Attempt = {
    at: new Date(now()).toISOString(),
    to: readRecipients(body),
    idempotencyKey: headerOf(request, 'idempotency-key'),
    bodySha256,
    outcome: null,
  };
  attempts.add(attempt);

  const accept = () => acceptMail(request, { body, source, bodySha256 }, store);
  const fault = faults.take(attempt.to);
  const accepted = fault?.accept ? accept() : null;
  if (fault?.delayMs) await sleep(fault.delayMs, undefined, { signal: closing });
  if (fault?.hangUp) {
    attempt.outcome = 'hang_up';
    response.destroy();
    return;
  }
  const answer = fault?.status === undefined ? (accepted ?? accept()) : faultAnswer(fault, fault.status);
  attempt.outcome = answer.status;
  send(response, answer);
}

type ReceivedBody = { readonly body: unknown; readonly source: string; readonly bodySha256: string };

function acceptMail(request: IncomingMessage, received: ReceivedBody, store: MailStore): Answer {
  if (!/^Bearer \S+$/.test(request.headers.authorization ?? '')) {
    return errorAnswer(401, 'missing_api_key', 'Missing API key in the Authorization header.');
  }
  // Workers' fetch sends no User-Agent by itself, and the provider refuses requests without one.
  if (!request.headers['user-agent']) {
    return errorAnswer(403, 'validation_error', 'error code: 1010 (a User-Agent header is required)');
  }
  const idempotencyKey = headerOf(request, 'idempotency-key');
  if (idempotencyKey !== null && (idempotencyKey === '' || idempotencyKey.length > KEY_MAX_LENGTH)) {
    return errorAnswer(400, 'invalid_idempotency_key', `The key must be 1 to ${KEY_MAX_LENGTH} characters long.`);
  }
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '') || received.body === undefined) {
    return errorAnswer(400, 'validation_error', 'The body must be JSON, sent as application/json.');
  }
  const checked = checkSendRequest(received.body);
  if (checked.kind === 'invalid') return errorAnswer(422, checked.name, checked.message);

  const delivery = { request: checked.request, source: received.source, idempotencyKey };
  const outcome = store.deliver(delivery, received.bodySha256);
  switch (outcome.kind) {
    case 'delivered':
    case 'repeated':
      return json(200, { id: outcome.id });
    case 'key_reused':
      return errorAnswer(409, 'invalid_idempotent_request', 'This idempotency key was used with another body.');
  }
}

function faultAnswer(fault: Fault, status: number): Answer {
  const headers = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
  return errorAnswer(
    status,
    fault.name ?? ERROR_NAMES[status] ?? 'application_error',
    'A fault set on purpose.',
    headers,
  );
}

const headerOf = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
};

/** Faults and the record go by address, so it is read before anything is checked. */
function readRecipients(body: unknown): string[] {
  if (typeof body !== 'object' || body === null || !('to' in body)) return [];
  return [body.to]
    .flat()
    .filter(to => typeof to === 'string')
    .map(bareAddress);
}
