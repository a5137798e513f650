/**
 * What the mailbox answers: the provider's call, the JSON API for tests, the page and its events.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { faultSchema } from './faults.ts';
import { frameAnswer } from './frame.ts';
import { type Answer, errorAnswer, json, parseJson, readBody, refusal, send } from './http.ts';
import { pageAnswer, VIEWS } from './page.ts';
import { receiveMail, type SendCapabilities } from './send-route.ts';

const ASSETS: Readonly<Record<string, string>> = {
  'mailbox.css': 'text/css; charset=utf-8',
  'mailbox.js': 'text/javascript; charset=utf-8',
};

const faultsInput = v.pipe(
  v.union([v.array(faultSchema), faultSchema]),
  v.transform(input => [input].flat()),
);

export type MailboxCapabilities = SendCapabilities & {
  readonly appUrl: string | null;
  /** Keeps an answer open for the page's events. */
  readonly listen: (response: ServerResponse) => void;
  readonly clear: () => void;
};

/** Answers one request. Rejects only when the connection broke or the mailbox is closing. */
export async function handleRequest(request: IncomingMessage, response: ServerResponse, mailbox: MailboxCapabilities) {
  const refused = refusal(request);
  if (refused) return send(response, refused);
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/emails') {
    if (request.method === 'POST') return receiveMail(request, response, mailbox);
    return send(response, errorAnswer(405, 'method_not_allowed', 'Only POST.', { Allow: 'POST' }));
  }
  if (url.pathname === '/api/events' && request.method === 'GET') return mailbox.listen(response);
  send(response, await answer(request, url, mailbox));
}

async function answer(request: IncomingMessage, url: URL, mailbox: MailboxCapabilities): Promise<Answer> {
  const { store, faults, attempts } = mailbox;
  const [first = '', second = '', third = 'html', ...rest] = url.pathname.slice(1).split('/');
  const to = url.searchParams.get('to') ?? undefined;
  // A HEAD is answered like a GET; node:http leaves its body out.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const page = { store, appUrl: mailbox.appUrl };

  switch (`${method} /${first}`) {
    case 'GET /':
      return pageAnswer({ ...page, mail: store.all()[0] ?? null, view: 'html', isMailPage: false });
    case 'GET /mails': {
      const mail = store.find(second);
      if (mail && third === 'frame' && mail.html !== null) return frameAnswer(mail.html);
      const view = VIEWS.find(one => one === third);
      if (view === undefined || rest.length > 0) break;
      if (mail) store.markOpened(mail.id);
      // A mail without HTML opens as what it has.
      const shown = view === 'html' && mail?.html === null ? 'text' : view;
      return pageAnswer({ ...page, mail, view: shown, isMailPage: true });
    }
    case 'GET /assets': {
      const type = ASSETS[second];
      if (type === undefined) break;
      return { status: 200, type, body: await readFile(new URL(`assets/${second}`, import.meta.url), 'utf8') };
    }
    case 'POST /clear':
      mailbox.clear();
      return { status: 303, type: 'text/plain', body: '', headers: { Location: '/' } };
  }

  switch (`${method} ${url.pathname}`) {
    case 'GET /api/mails':
      return json(200, { mails: to === undefined ? store.all() : store.to(to) });
    case 'DELETE /api/mails':
      mailbox.clear();
      return { status: 204, type: 'text/plain', body: '' };
    case 'GET /api/attempts':
      return json(200, { attempts: attempts.to(to) });
    case 'GET /api/faults':
      return json(200, { faults: faults.all() });
    case 'PUT /api/faults': {
      const parsed = v.safeParse(faultsInput, parseJson((await readBody(request)) ?? ''));
      if (!parsed.success) return errorAnswer(422, 'invalid_parameter', 'Not a fault, nor a list of faults.');
      faults.set(parsed.output);
      return json(200, { faults: faults.all() });
    }
    case 'DELETE /api/faults':
      faults.clear(to);
      return { status: 204, type: 'text/plain', body: '' };
  }
  if (method === 'GET' && first === 'api' && second === 'mails' && rest.length === 0) {
    const mail = store.find(third);
    if (mail) return json(200, mail);
  }
  return errorAnswer(404, 'not_found', 'There is nothing at this address.');
}
