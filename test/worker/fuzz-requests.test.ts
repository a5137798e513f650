/**
 * Requests that nobody's page sends, made up at random along the API description. Whatever comes: no 5xx, a refusal is a
 * problem that repeats nothing and changes nothing, and what the description allows is not called malformed.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Call, createValidators, isForClients, pathOf, readDescription } from '../support/api-description.ts';
import { casesOf, checkCases, FUZZ_TIMEOUT_MS, noteFuzzing } from '../support/fuzz.ts';
import { createFuzzScene, MARKER } from '../support/fuzz-scene.ts';
import { type Rekey, startRekey } from '../support/harness.ts';
import { twists } from '../support/hostile-bodies.ts';
import { hostileHeaders, refusedByHeaders } from '../support/hostile-headers.ts';
import { hostileTargets } from '../support/hostile-targets.ts';
import { createRawSender } from '../support/raw-request.ts';
import { twisted } from '../support/twist-body.ts';

const validatorOf = createValidators(readDescription());

let rekey: Rekey;
let ran = 0;
let scene: Awaited<ReturnType<typeof createFuzzScene>>;
beforeAll(async () => {
  rekey = await startRekey();
  scene = await createFuzzScene(rekey);
});
afterAll(() => rekey.stop());

const who = fc.constantFrom('owner' as const, 'owner' as const, 'stranger' as const);
const callOf = (id: string): Call => {
  const call = scene.calls.find(one => one.id === id);
  if (!call) throw new Error(`there is no call ${id}`);
  return call;
};

/** Whether the description allows this body: the address is trimmed before it is judged. */
const isAllowed = (schema: Parameters<typeof validatorOf>[0], bytes: Uint8Array): boolean => {
  try {
    const body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof body?.email === 'string') body.email = body.email.trim();
    return validatorOf(schema)(body);
  } catch {
    return false;
  }
};

describe('whatever a request holds, it is answered as described and a refusal changes nothing', () => {
  const limit = FUZZ_TIMEOUT_MS;

  test('its body', { timeout: limit }, async () => {
    const cases = casesOf({ few: 120, many: 4000 });
    const taking = scene.calls.filter(({ body }) => body).map(({ id }) => id);
    const arbitrary = fc.record({ id: fc.constantFrom(...taking), who, twists });
    await checkCases(arbitrary, cases, async ({ id, who, twists }) => {
      ran += 1;
      const call = callOf(id);
      const body = twisted(scene.goodBody(id), twists, scene.knownValues());
      const headers = { 'Content-Type': 'application/json' };
      const answer = await scene.browser(who).send(pathOf(call), { method: call.method, headers, body });
      await scene.expectSound(call, answer);
      if (body.length > 16_384 || (call.needsSession && who === 'stranger')) return;
      if (isAllowed(call.body ?? {}, body)) expect(answer.body.code).not.toBe('malformed_request');
      else expect(['malformed_request', 'invalid_input']).toContain(answer.body.code);
    });
  });

  test('its headers', { timeout: limit }, async () => {
    const cases = casesOf({ few: 100, many: 3000 });
    const arbitrary = fc.record({
      id: fc.constantFrom(...scene.calls.map(({ id }) => id)),
      who,
      headers: hostileHeaders,
    });
    await checkCases(arbitrary, cases, async ({ id, who, headers }) => {
      ran += 1;
      const call = callOf(id);
      // A body that nobody can use, or some calls would end the owner each time.
      const body = call.method === 'GET' ? undefined : JSON.stringify({ ...scene.goodBody(id), [MARKER]: 1 });
      const sent = { method: call.method, headers, ...(body && { body }) };
      const answer = await scene.browser(who).send(pathOf(call), sent);
      await scene.expectSound(call, answer);
      const expected = call.method === 'GET' || !isForClients(call) ? null : refusedByHeaders(headers);
      if (expected) expect(answer.body.code).toBe(expected);
      else expect(['forbidden_origin', 'unsupported_media_type']).not.toContain(answer.body.code);
    });
  });

  test('its method, path and query, and how long it says that it is', { timeout: limit }, async () => {
    const cases = casesOf({ few: 150, many: 3000 });
    const sendRaw = await createRawSender(rekey);
    const arbitrary = fc.record({
      at: hostileTargets(scene.calls.map(({ path }) => path)),
      who,
      body: fc.constantFrom('', '{}', `{"${MARKER}":1}`),
      declared: fc.constantFrom('all', 'less', 'chunks'),
    });
    await checkCases(arbitrary, cases, async ({ at, who, body, declared }) => {
      ran += 1;
      const { network, cookies } = scene.browser(who);
      const hasBody = body !== '' && !['GET', 'HEAD', 'TRACE'].includes(at.method);
      const answer = await sendRaw({
        ...at,
        headers: {
          'CF-Connecting-IP': network,
          Cookie: [...cookies].map(pair => pair.join('=')).join('; '),
          ...(hasBody && { 'Content-Type': 'application/json' }),
        },
        ...(hasBody && { body }),
        declaredBytes: !hasBody ? 0 : declared === 'chunks' ? undefined : body.length - (declared === 'less' ? 1 : 0),
      });
      await scene.expectSoundAt(at, answer);
    });
  });
});

test('nothing of what was sent stands in the log', () => {
  const { refused, full } = scene.counts;
  expect(refused).toBeGreaterThan(100);
  expect(rekey.rawLog().includes(MARKER)).toBe(false);
  noteFuzzing(`${ran} requests, ${refused} of them refused, ${full} because a lane was full`);
});
