/** The headers of every answer: the API's, the pages', the not-found page's and the files'. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../worker/app.ts';
import { APP_URL, type Rekey, startRekey } from '../support/harness.ts';
import { type Answer, createPerson, createRegistered, PASSWORD } from '../support/people.ts';

let rekey: Rekey;
beforeAll(async () => {
  rekey = await startRekey();
});
afterAll(() => rekey.stop());

const ODD_PATH = '/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200';
const PAGES = [
  '/',
  '/login',
  '/register',
  '/complete-registration',
  '/forgot-password',
  '/reset-password',
  '/account',
  '/change-email',
  '/secure-account',
];

/** A policy as a map from directive to sources. */
const policyOf = (answer: Answer): Record<string, string> => {
  const text = answer.headers.get('Content-Security-Policy') ?? '';
  return Object.fromEntries(
    text.split(';').map(directive => {
      const [name = '', ...sources] = directive.trim().split(/\s+/);
      return [name, sources.join(' ')];
    }),
  );
};

const expectSafe = (answer: Answer): void => {
  const policy = policyOf(answer);
  expect(["'self'", "'none'"]).toContain(policy['default-src']);
  expect(["'self'", "'none'", undefined]).toContain(policy['script-src']);
  expect(policy).toMatchObject({ 'object-src': "'none'", 'base-uri': "'none'", 'frame-ancestors': "'none'" });
  expect(JSON.stringify(policy)).not.toContain('unsafe');
  const of = (name: string) => answer.headers.get(name);
  expect(of('Strict-Transport-Security')).toMatch(/^max-age=(\d{8,})\b/);
  expect(of('X-Content-Type-Options')).toBe('nosniff');
  expect(of('Referrer-Policy')).toBe('no-referrer');
  expect(of('Cross-Origin-Opener-Policy')).toBe('same-origin');
  expect(of('Cross-Origin-Resource-Policy')).toBe('same-origin');
  expect(of('Permissions-Policy')).toMatch(/camera=\(\).*geolocation=\(\).*microphone=\(\)/);
  expect([...answer.headers.keys()].filter(name => name.startsWith('access-control-'))).toEqual([]);
  expect(of('X-Powered-By')).toBeNull();
};

/** One answer of the API for each kind. */
const apiAnswers = async (): Promise<Record<string, Answer>> => {
  const ada = await createRegistered(rekey);
  const foreign = { Origin: 'https://evil.example' };
  return {
    good: await ada.get('/api/session'),
    'with a cookie': await ada.signIn(),
    accepted: await ada.askReset(),
    sessions: await ada.get('/api/account/sessions'),
    activity: await ada.get('/api/account/activity'),
    'a file to keep': await ada.get('/api/account/export'),
    'wrong password': await ada.send('/api/account', { method: 'DELETE', json: { currentPassword: 'x' } }),
    'dead change link': await ada.post('/api/account/email/confirm', { token: 'x' }),
    'dead secure link': await ada.post('/api/account/secure', { token: 'x' }),
    'without a body': await ada.send('/api/session', { method: 'DELETE' }),
    HEAD: await ada.send('/api/health', { method: 'HEAD' }),
    'wrong host': await ada.get('http://other.example/api/session'),
    'not found': await ada.get('/api/nothing'),
    'wrong method': await ada.send('/api/session', { method: 'PUT' }),
    'preflight of another site': await ada.send('/api/session', { method: 'OPTIONS', headers: foreign }),
    'foreign origin': await ada.post('/api/session', {}, foreign),
    'too large': await ada.send('/api/session', { body: 'x'.repeat(20_000) }),
    'other type': await ada.send('/api/session', { body: 'x' }),
    malformed: await ada.post('/api/session', {}),
    'broken rule': await ada.post('/api/session', { email: '', password: PASSWORD }),
    'dead link': await ada.post('/api/password-resets/check', { token: 'x' }),
    'refused sign-in': await ada.signIn('wrong'),
    'signed out': await createPerson(rekey).get('/api/account'),
  };
};

test('every answer of the API is safe, kept by nobody, and lets no other site read it', async () => {
  for (const [kind, answer] of Object.entries(await apiAnswers())) {
    expect([kind, answer.headers.get('Cache-Control')]).toEqual([kind, 'no-store']);
    expect([kind, policyOf(answer)['default-src']]).toEqual([kind, "'none'"]);
    expect(answer.headers.get('X-Request-Id')).toBeTruthy();
    expectSafe(answer);
  }
});

describe('pages', () => {
  test.each(PAGES)('%s is safe and may load what it is made of', async path => {
    const page = await createPerson(rekey).get(path);
    expect([page.status, page.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
    expectSafe(page);
    expect(policyOf(page)).toMatchObject({ 'script-src': "'self'", 'style-src': "'self'", 'connect-src': "'self'" });
    expect(page.text).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=|<style|\sstyle=/i);
  });

  test('and what they load come from here', async () => {
    const { text } = await createPerson(rekey).get('/login');
    const files = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
    expect(files.length).toBeGreaterThan(1);
    for (const path of files) {
      expect(path).toMatch(/^\/(?!\/)/);
      const file = await createPerson(rekey).get(path);
      expect([path, file.status]).toEqual([path, 200]);
      expectSafe(file);
    }
  });

  test.each(['/no-such-page', '/login/x', '/assets/no-such-file.js', '/404', ODD_PATH])(
    '%s is the not-found page, which may load what it is made of',
    async path => {
      const page = await createPerson(rekey).get(path);
      expect([page.status, page.headers.get('Content-Type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(page.text).toContain('<div id="root">');
      expectSafe(page);
      expect(policyOf(page)).toMatchObject({ 'script-src': "'self'", 'style-src': "'self'" });
      expect(page.headers.get('Cache-Control') ?? '').not.toMatch(/immutable|max-age=[1-9]/);
    },
  );

  test('a well-known address that is none is not found by any method', async () => {
    for (const method of ['HEAD', 'POST', 'DELETE']) {
      expect((await createPerson(rekey).send(ODD_PATH, { method })).status).toBe(404);
    }
  });

  test('the way to the password’s page is safe too', async () => {
    expectSafe(await createPerson(rekey).get('/.well-known/change-password'));
  });
});

test('the Worker and web/public/_headers say the same', async () => {
  const file = Object.fromEntries(
    [...readFileSync('web/public/_headers', 'utf8').matchAll(/^ {2}([\w-]+): (.*)$/gm)].map(([, name = '', value]) => [
      name,
      value,
    ]),
  );
  const { 'Content-Security-Policy': _, ...others } = file;
  expect(Object.keys(others)).toHaveLength(6);
  const answer = await createPerson(rekey).get('/api/session');
  for (const [name, value] of Object.entries(others)) expect([name, answer.headers.get(name)]).toEqual([name, value]);
});

test('are on the answer to what fails before any route, too', async () => {
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  const app = createApp(() => {
    throw new Error('sentinel');
  });
  const { status, headers } = await app.request(`${APP_URL}/api/session`);
  expect(status).toBe(500);
  expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  expect(headers.get('Cache-Control')).toBe('no-store');
  expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(logged).toHaveBeenCalledOnce();
  logged.mockRestore();
});
