/** The local mailbox: it must be as strict as the provider, or a mail that works here fails there. */
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withBase } from '../mailbox/frame.ts';
import { splitLinks } from '../mailbox/links.ts';
import { type Mail, type Mailbox, startMailbox } from '../mailbox/mailbox.ts';

const LETTER = {
  from: 'Rekey <noreply@demo.com>',
  to: ['ada@example.com'],
  subject: 'Password Reset Request',
  text: 'Visit http://localhost:8787/reset-password#a.b-c_d.\nBye',
  html: '<!doctype html><html><head></head><body><a href="http://localhost:8787/reset-password#a.b-c_d">Reset</a></body></html>',
};

let mailbox: Mailbox;
let nowMs: number;
let heard: Mail[];

beforeEach(async () => {
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  heard = [];
  mailbox = await startMailbox({ port: 0, now: () => nowMs, onMail: mail => heard.push(mail) });
});
afterEach(() => mailbox.close());

async function sendMail(body: unknown, headers: Record<string, string | null> = {}) {
  const all = { authorization: 'Bearer local', 'content-type': 'application/json', 'user-agent': 'rekey', ...headers };
  const sent = Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
  const response = await fetch(`${mailbox.url}/emails`, {
    method: 'POST',
    headers: sent,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const getPage = async (path: string) => (await fetch(`${mailbox.url}${path}`)).text();

/** A request with the headers that fetch does not let a caller choose. */
const rawStatus = (path: string, headers: Record<string, string>, method = 'GET') =>
  new Promise<number | undefined>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: mailbox.port, path, method, headers };
    httpRequest(options, response => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('taking mails as the provider does', () => {
  test('answers an id and keeps the mail with its link', async () => {
    const answer = await sendMail(LETTER, { 'idempotency-key': 'job-1' });
    expect(answer).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    const [mail] = mailbox.mailsTo('ADA@example.com');
    expect(mail).toMatchObject({
      id: answer.body.id,
      to: ['ada@example.com'],
      subject: 'Password Reset Request',
      link: 'http://localhost:8787/reset-password#a.b-c_d',
      idempotencyKey: 'job-1',
      source: JSON.stringify(LETTER),
    });
    expect(heard).toEqual([mail]);
  });

  test('the newest mail comes first', async () => {
    await sendMail({ ...LETTER, subject: 'first' });
    await sendMail({ ...LETTER, subject: 'second' });
    expect(mailbox.mails().map(mail => mail.subject)).toEqual(['second', 'first']);
  });

  test.each([
    ['no key', LETTER, { authorization: null }, 401, 'missing_api_key'],
    ['a key that is no bearer', LETTER, { authorization: 'Basic eDp5' }, 401, 'missing_api_key'],
    ['no JSON', '{', {}, 400, 'validation_error'],
    ['no JSON type', LETTER, { 'content-type': 'text/plain' }, 400, 'validation_error'],
    [
      'an idempotency key that is too long',
      LETTER,
      { 'idempotency-key': 'k'.repeat(257) },
      400,
      'invalid_idempotency_key',
    ],
    ['a text for a body', '"text"', {}, 422, 'invalid_parameter'],
    ['a misspelt field', { ...LETTER, replyTo: 'x@example.com' }, {}, 422, 'invalid_parameter'],
    ['no subject', { ...LETTER, subject: undefined }, {}, 422, 'missing_required_field'],
    ['no sender', { ...LETTER, from: undefined }, {}, 422, 'missing_required_field'],
    ['no recipient', { ...LETTER, to: undefined }, {}, 422, 'missing_required_field'],
    ['neither text nor HTML', { ...LETTER, text: undefined, html: undefined }, {}, 422, 'missing_required_field'],
    ['an empty text', { ...LETTER, text: '' }, {}, 422, 'invalid_parameter'],
    ['a recipient that is an object', { ...LETTER, to: { email: 'a@b.c' } }, {}, 422, 'invalid_parameter'],
    ['an empty list of recipients', { ...LETTER, to: [] }, {}, 422, 'invalid_parameter'],
    ['51 recipients', { ...LETTER, to: Array(51).fill('a@b.c') }, {}, 422, 'invalid_parameter'],
    ['a line break in the subject', { ...LETTER, subject: 'a\nBcc: b@c.d' }, {}, 422, 'invalid_parameter'],
    ['tags that are an object', { ...LETTER, tags: { category: 'a' } }, {}, 422, 'invalid_parameter'],
    ['a tag with a space', { ...LETTER, tags: [{ name: 'a b', value: 'c' }] }, {}, 422, 'invalid_parameter'],
    ['a header that is a number', { ...LETTER, headers: { 'X-A': 1 } }, {}, 422, 'invalid_parameter'],
  ])('refuses %s', async (_what, body, headers, status, name) => {
    const answer = await sendMail(body, headers);
    expect(answer).toMatchObject({ status, body: { statusCode: status, name, message: expect.any(String) } });
    expect(mailbox.mails()).toEqual([]);
  });

  test('names the field that is wrong', async () => {
    expect((await sendMail({ ...LETTER, replyTo: 'x@example.com' })).body.message).toContain('`replyTo`');
    expect((await sendMail({ ...LETTER, tags: [{ name: 'a' }] })).body.message).toContain('`tags.0.value` is required');
  });

  test('refuses a request without a User-Agent, which is what a Worker sends by itself', async () => {
    const headers = { authorization: 'Bearer local', 'content-type': 'application/json' };
    expect(await rawStatus('/emails', headers, 'POST')).toBe(403);
  });

  test('takes every field that the API has', async () => {
    const full = {
      ...LETTER,
      to: 'Ada <ada@example.com>',
      cc: 'b@example.com',
      bcc: ['c@example.com'],
      reply_to: 'support@example.com',
      headers: { 'Auto-Submitted': 'auto-generated' },
      tags: [{ name: 'category', value: 'reset' }],
      attachments: [{ filename: 'a.txt', content: 'YQ==' }],
      scheduled_at: '2026-01-01T00:00:00Z',
      topic_id: 'topic',
    };
    expect((await sendMail(full)).status).toBe(200);
    expect(mailbox.mailsTo('ada@example.com')).toHaveLength(1);
  });
});

describe('idempotency', () => {
  test('the same key with the same body gives the first id and no second mail', async () => {
    const first = await sendMail(LETTER, { 'idempotency-key': 'k' });
    const second = await sendMail(LETTER, { 'idempotency-key': 'k' });
    expect(second.body.id).toBe(first.body.id);
    expect(mailbox.mails()).toHaveLength(1);
    expect(heard).toHaveLength(1);
  });

  test('the same key with another body is refused', async () => {
    await sendMail(LETTER, { 'idempotency-key': 'k' });
    const answer = await sendMail({ ...LETTER, subject: 'other' }, { 'idempotency-key': 'k' });
    expect(answer).toMatchObject({ status: 409, body: { name: 'invalid_idempotent_request' } });
  });

  test('a key is forgotten after 24 hours', async () => {
    await sendMail(LETTER, { 'idempotency-key': 'k' });
    nowMs += 24 * 60 * 60 * 1000;
    await sendMail(LETTER, { 'idempotency-key': 'k' });
    expect(mailbox.mails()).toHaveLength(2);
  });

  test('a refused request does not use its key up', async () => {
    await sendMail({ ...LETTER, subject: undefined }, { 'idempotency-key': 'k' });
    expect((await sendMail(LETTER, { 'idempotency-key': 'k' })).status).toBe(200);
  });
});

describe('faults', () => {
  const put = (body: unknown) => fetch(`${mailbox.url}/api/faults`, { method: 'PUT', body: JSON.stringify(body) });

  test('apply in order, count down and leave other addresses alone', async () => {
    mailbox.setFaults(
      { to: 'ada@example.com', status: 500, times: 1 },
      { to: 'ada@example.com', status: 429, retryAfter: 3, times: 1 },
    );
    expect((await sendMail({ ...LETTER, to: 'bob@example.com' })).status).toBe(200);
    expect(await sendMail(LETTER)).toMatchObject({ status: 500, body: { name: 'internal_server_error' } });
    const limited = await sendMail(LETTER);
    expect(limited).toMatchObject({ status: 429, body: { name: 'rate_limit_exceeded' } });
    expect(limited.headers.get('retry-after')).toBe('3');
    expect((await sendMail(LETTER)).status).toBe(200);
  });

  test('setting those of one address keeps those of another', async () => {
    await put({ to: 'ada@example.com', status: 500 });
    await put([{ to: 'bob@example.com', status: 429, name: 'daily_quota_exceeded' }]);
    expect((await sendMail(LETTER)).status).toBe(500);
    expect((await sendMail({ ...LETTER, to: 'bob@example.com' })).body.name).toBe('daily_quota_exceeded');
    await fetch(`${mailbox.url}/api/faults?to=ada@example.com`, { method: 'DELETE' });
    expect((await sendMail(LETTER)).status).toBe(200);
  });

  test('one without an address meets everyone who has none of their own', async () => {
    mailbox.setFaults({ status: 503, name: 'application_error', times: 1 });
    expect(await sendMail(LETTER)).toMatchObject({ status: 503, body: { name: 'application_error' } });
  });

  test('can lose the answer of a mail that was delivered', async () => {
    mailbox.setFaults({ to: 'ada@example.com', accept: true, hangUp: true, times: 1 });
    await expect(sendMail(LETTER, { 'idempotency-key': 'k' })).rejects.toThrow();
    expect(mailbox.mails()).toHaveLength(1);
    expect((await sendMail(LETTER, { 'idempotency-key': 'k' })).body.id).toBe(mailbox.mails()[0]?.id);
    expect(mailbox.mails()).toHaveLength(1);
  });

  test('a delay ends when the mailbox closes', async () => {
    mailbox.setFaults({ delayMs: 60_000 });
    const pending = expect(sendMail(LETTER)).rejects.toThrow();
    await expect.poll(() => mailbox.attemptsTo()).toHaveLength(1);
    await mailbox.close();
    await pending;
  });

  test('a fault that does not exist is refused', async () => {
    expect((await put({ staus: 500 })).status).toBe(422);
  });

  test('every attempt is on record, so a retry can be seen to repeat byte for byte', async () => {
    mailbox.setFaults(
      { to: 'ada@example.com', hangUp: true, times: 1 },
      { to: 'ada@example.com', status: 500, times: 1 },
    );
    await expect(sendMail(LETTER, { 'idempotency-key': 'k' })).rejects.toThrow();
    await sendMail(LETTER, { 'idempotency-key': 'k' });
    await sendMail(LETTER, { 'idempotency-key': 'k' });
    const { attempts } = await (await fetch(`${mailbox.url}/api/attempts?to=ada@example.com`)).json();
    expect(attempts).toEqual(mailbox.attemptsTo('ada@example.com'));
    expect(mailbox.attemptsTo('ada@example.com').map(attempt => attempt.outcome)).toEqual([200, 500, 'hang_up']);
    expect(new Set(mailbox.attemptsTo().map(attempt => attempt.bodySha256)).size).toBe(1);
    expect(mailbox.attemptsTo('bob@example.com')).toEqual([]);
  });
});

describe('waiting for a mail', () => {
  test('gives the one that is there, and the one that comes', async () => {
    const coming = mailbox.waitForMail('ada@example.com');
    await sendMail(LETTER);
    const first = await coming;
    expect(await mailbox.waitForMail('ada@example.com')).toBe(first);
    const next = mailbox.waitForMail('ada@example.com', { after: first, subject: 'second' });
    await sendMail({ ...LETTER, subject: 'other' });
    await sendMail({ ...LETTER, subject: 'second' });
    expect((await next).subject).toBe('second');
  });

  test('gives up with what did arrive', async () => {
    await sendMail(LETTER);
    const wait = mailbox.waitForMail('ada@example.com', { subject: 'Other', timeoutMs: 10 });
    await expect(wait).rejects.toThrow(
      'No mail "Other" to ada@example.com within 10 ms. Mails to this address: "Password Reset Request".',
    );
  });
});

describe('the page', () => {
  test('shows text of a mail as text, wherever it stands', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'&';
    const { body } = await sendMail({
      from: 'Rekey <a@b.c>',
      to: 'ada@example.com',
      subject: evil,
      text: evil,
    });
    for (const path of ['/', `/mails/${body.id}`, `/mails/${body.id}/text`, `/mails/${body.id}/source`]) {
      const page = await getPage(path);
      expect(page).not.toContain('<img');
      expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    }
  });

  test('makes the addresses in a text clickable, and nothing else', async () => {
    const { body } = await sendMail({
      ...LETTER,
      text: 'See http://localhost:8787/a?b=1&c=2#d. Not javascript:alert(1)',
    });
    const page = await getPage(`/mails/${body.id}/text`);
    expect(page).toContain(
      '<a href="http://localhost:8787/a?b=1&amp;c=2#d" target="_blank" rel="noopener noreferrer">',
    );
    expect(page).not.toContain('href="javascript:');
  });

  test('puts HTML in a sandbox without scripts, whose links open in a new tab', async () => {
    const { body } = await sendMail(LETTER);
    expect(await getPage(`/mails/${body.id}`)).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const frame = await fetch(`${mailbox.url}/mails/${body.id}/frame`);
    expect(await frame.text()).toContain('<head><base target="_blank">');
    const policy = frame.headers.get('content-security-policy');
    expect(policy).toContain('sandbox allow-popups allow-popups-to-escape-sandbox;');
    expect(policy).toContain("default-src 'none'");
  });

  test('has a policy of its own without inline scripts or styles', async () => {
    const { headers } = await fetch(mailbox.url);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    // With no-referrer a browser sends the Clear form with `Origin: null`, which is refused.
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });

  test('hears of a new mail at once', async () => {
    const stop = new AbortController();
    const events = await fetch(`${mailbox.url}/api/events`, { signal: stop.signal });
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await sendMail(LETTER);
    expect((await reader?.read())?.value).toContain('event: mail\ndata: {"to":["ada@example.com"]');
    stop.abort();
  });

  test('says so when a mail is gone, and is empty after Clear', async () => {
    await sendMail(LETTER);
    const id = mailbox.mails()[0]?.id;
    await fetch(`${mailbox.url}/clear`, { method: 'POST' });
    expect(mailbox.mails()).toEqual([]);
    const page = await fetch(`${mailbox.url}/mails/${id}`);
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('This mail is not here any more.');
    expect(await getPage('/')).toContain('No mail yet.');
  });
});

describe('the JSON API', () => {
  test('lists the mails to an address, gives one, and forgets all', async () => {
    const { body } = await sendMail(LETTER);
    await sendMail({ ...LETTER, to: 'bob@example.com' });
    const { mails } = await (await fetch(`${mailbox.url}/api/mails?to=ada@example.com`)).json();
    expect(mails).toEqual(mailbox.mailsTo('ada@example.com'));
    expect(await (await fetch(`${mailbox.url}/api/mails/${body.id}`)).json()).toEqual(mails[0]);
    expect((await fetch(`${mailbox.url}/api/mails`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(`${mailbox.url}/api/mails/${body.id}`)).status).toBe(404);
  });
});

describe('staying on this machine', () => {
  test('a Host that is not loopback is refused everywhere (DNS rebinding)', async () => {
    for (const path of ['/', '/api/mails', '/assets/mailbox.js']) {
      expect(await rawStatus(path, { host: 'evil.example' })).toBe(403);
      expect(await rawStatus(path, { host: `localhost.evil.example:${mailbox.port}` })).toBe(403);
    }
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect(await rawStatus('/', { host: `${host}:${mailbox.port}` })).toBe(200);
    }
  });

  test('a change that another site asks for is refused', async () => {
    const headers = { host: `localhost:${mailbox.port}`, origin: 'https://evil.example' };
    expect(await rawStatus('/clear', headers, 'POST')).toBe(403);
    expect(await rawStatus('/clear', { ...headers, origin: `http://localhost:${mailbox.port}` }, 'POST')).toBe(303);
  });

  test('a port that is taken is named, with what moves it', async () => {
    const second = startMailbox({ port: mailbox.port });
    await expect(second).rejects.toThrow(
      `Port ${mailbox.port} is taken, so the mailbox cannot start. Set MAILBOX_PORT to move it.`,
    );
  });
});

describe('links in a text', () => {
  test('end before the punctuation of their sentence', () => {
    const text = 'Go to https://a.example/x#y.z, or (http://b.example/?q=1).';
    const parts = splitLinks(text);
    expect(parts.filter(part => part.isLink).map(part => part.text)).toEqual([
      'https://a.example/x#y.z',
      'http://b.example/?q=1',
    ]);
    expect(parts.map(part => part.text).join('')).toBe(text);
  });
});

describe('the base of a framed mail', () => {
  test('stands in the head, or after the doctype, and never in a header element', () => {
    expect(withBase('<!DOCTYPE html><header>x</header>')).toBe(
      '<!DOCTYPE html><base target="_blank"><header>x</header>',
    );
    expect(withBase('<html><head lang="en"><title>x</title>')).toContain(
      '<head lang="en"><base target="_blank"><title>',
    );
    expect(withBase('<p>x</p>')).toBe('<base target="_blank"><p>x</p>');
  });
});
