/** The API description: sound in itself, and of exactly the calls that there are. openapi-answers.test.ts has the answers. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../worker/app.ts';
import { PROBLEMS } from '../../worker/contract/problems.ts';
import type { Services } from '../../worker/services.ts';
import { callsOf, createValidators, readDescription, resolve } from '../support/api-description.ts';
import { APP_URL, type Rekey, startRekey } from '../support/harness.ts';
import { OPENAPI_SCHEMA } from '../support/openapi-schema.ts';
import { createPerson } from '../support/people.ts';

const description = readDescription();
const calls = callsOf(description);

/** Every object in it. */
const nodesIn = (node: unknown): Record<string, unknown>[] => {
  if (typeof node !== 'object' || node === null) return [];
  const inside = Object.values(node).flatMap(nodesIn);
  return Array.isArray(node) ? inside : [node as Record<string, unknown>, ...inside];
};

describe('the description', () => {
  test('is OpenAPI 3.1', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const validate = ajv.compile(OPENAPI_SCHEMA);
    validate(description);
    expect(validate.errors).toBeNull();
  });

  test('holds no reference that leads nowhere, and nothing that nobody refers to', () => {
    const used = new Set(nodesIn(description).flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : [])));
    expect([...used].filter(ref => resolve(description, ref) === undefined)).toEqual([]);
    const { securitySchemes: _, ...parts } = description.components;
    const kept = Object.entries(parts).flatMap(([kind, all]) =>
      Object.keys(all).map(name => `#/components/${kind}/${name}`),
    );
    expect(kept.filter(ref => !used.has(ref))).toEqual([]);
  });

  test('is made of schemas that a validator takes, strictly', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true });
    addFormats.default(ajv);
    const schemas = Object.entries(description.components.schemas ?? {});
    for (const [name, schema] of schemas) ajv.addSchema(schema, `#/components/schemas/${name}`);
    for (const [name] of schemas) expect(() => ajv.getSchema(`#/components/schemas/${name}`)).not.toThrow();
    expect(schemas.length).toBeGreaterThan(20);
  });

  test('names each call once, and its parameters where its path has them', () => {
    const ids = calls.map(({ id }) => id);
    expect([...new Set(ids)]).toEqual(ids);
    for (const [path, methods] of Object.entries(description.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(methods)) {
        expect(parameters.filter(one => one.in === 'path').map(({ name }) => name)).toEqual(inPath);
      }
    }
  });

  test('lets requests have the fields that it names and no others', () => {
    const bodies = calls.flatMap(({ body }) => (body ? [body] : []));
    expect(bodies.length).toBeGreaterThan(10);
    for (const body of bodies) expect(body).toMatchObject({ type: 'object', additionalProperties: false });
    const validate = createValidators(description)(description.components.schemas?.SignInRequest ?? {});
    expect(validate({ email: 'ada@example.com', password: 'x' })).toBe(true);
    expect(validate({ email: 'ada', password: 'x' })).toBe(false);
    expect(validate({ email: 'ada@example.com', password: 'x', remember: 'yes' })).toBe(false);
  });

  test('knows every code of the contract, each under its own status', () => {
    const told = calls.flatMap(call =>
      [...call.responses].flatMap(([status, { codes }]) => codes.map(code => ({ code, status }))),
    );
    for (const { code, status } of told) expect(PROBLEMS[code as keyof typeof PROBLEMS][0]).toBe(status);
    const elsewhere = ['method_not_allowed'];
    expect(new Set([...told.map(({ code }) => code), ...elsewhere])).toEqual(new Set(Object.keys(PROBLEMS)));
  });

  test('speaks of the application that was built', () => {
    expect(description).toMatchObject({
      info: { title: 'Rekey accounts' },
      servers: [{ url: APP_URL }],
      components: { securitySchemes: { session: { in: 'cookie', name: 'rekey-session' } } },
    });
    expect(JSON.stringify(description)).toContain('15 to 256 code points');
  });

  test('holds no example that looks like a secret, an address or a link', () => {
    const json = JSON.stringify(description);
    expect(json).not.toMatch(/"examples?":/);
    expect(json).not.toMatch(/eyJ[\w-]+\.|\$scrypt|[\w.]+@[\w-]+\.\w{2,}|[A-Za-z0-9_-]{43}/);
  });
});

test('describes every route that there is, and no other', () => {
  const app = createApp(() => null);
  const routes = app.routes.filter(({ method }) => method !== 'ALL');
  const routed = new Set(routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`));
  expect([...routed].sort()).toEqual(calls.map(({ method, path }) => `${method} ${path}`).sort());
});

describe('GET /api/openapi.json', () => {
  let rekey: Rekey;
  beforeAll(async () => {
    rekey = await startRekey();
  });
  afterAll(() => rekey.stop());

  test('answers the description as JSON, whole, and kept by nobody', async () => {
    const answer = await createPerson(rekey).get('/api/openapi.json', { Accept: 'text/html' });
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'application/json']);
    expect(answer.body).toEqual(description);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    for (const name of ['ETag', 'Last-Modified', 'CF-Cache-Status', 'Set-Cookie']) {
      expect([name, answer.headers.get(name)]).toEqual([name, null]);
    }
  });

  test('answers HEAD without a body, and nobody’s condition or range makes it shorter', async () => {
    const person = createPerson(rekey);
    const head = await person.send('/api/openapi.json', { method: 'HEAD' });
    expect([head.status, head.headers.get('Content-Type'), head.text]).toEqual([200, 'application/json', '']);
    const asked = { 'If-None-Match': '*', 'If-Modified-Since': new Date().toUTCString(), Range: 'bytes=0-9' };
    expect((await person.get('/api/openapi.json', asked)).body).toEqual(description);
  });

  test('is the one address of the file: no other file below /api is served', async () => {
    for (const path of ['/api/openapi', '/api/openapi.json/', '/api//openapi.json', '/api/common-passwords.txt']) {
      expect([path, (await createPerson(rekey).get(path)).body.code]).toEqual([path, 'not_found']);
    }
  });

  test.each([
    ['cannot be read', async () => Promise.reject(new Error('Network connection lost.'))],
    ['is not there', async () => new Response('<!doctype html>', { status: 404 })],
  ])('answers a problem, never a page, where the file %s', async (_, fetch) => {
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    const app = createApp(() => ({ config: { appUrl: APP_URL } }) as Services);
    const answer = await app.request(`${APP_URL}/api/openapi.json`, {}, { ASSETS: { fetch } });
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([500, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ code: 'internal_error' });
    expect(logged).toHaveBeenCalledOnce();
    logged.mockRestore();
  });
});
