/**
 * The adapter for Resend against Resend's own API description, where a copy of it is at hand: in the folder that
 * REKEY_CONTRACTS names, else beside this repository. Without it these tests are skipped, and counted as such.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resetLetter } from '../../worker/mail/letters.ts';
import { createResendMailer } from '../../worker/mail/providers/resend.ts';
import { accountAt } from './mail-accounts.ts';
import { renderLetter } from './rendered.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

const folder = process.env.REKEY_CONTRACTS ?? join(import.meta.dirname, '../../../shared/contracts');
const file = join(folder, 'mail/resend.json');
const isHere = existsSync(file);
const name = "Resend's own API description";

type Sample = { why: string; body: unknown };
const contract = isHere ? JSON.parse(readFileSync(file, 'utf8')) : {};
const operation = contract.paths?.['/emails'].post;

const ajv = new Ajv2020({ strict: false, formats: { binary: true, byte: true, int64: true, url: true } });
addFormats.default(ajv);
const vendor = ajv.compile(operation?.requestBody.content['application/json'].schema ?? false);
const strict = ajv.compile(contract['x-strictRequest'] ?? false);

describe.skipIf(!isHere)(isHere ? name : `${name} is not at hand (REKEY_CONTRACTS): left out`, () => {
  let api: StubServer;
  beforeAll(async () => {
    api = await startStubServer();
  });
  afterAll(() => api.close());

  const send = () => {
    const link = { appName: 'Rekey', url: 'https://app.example.com/reset-password#a.b.c', expiresAtMs: 0 };
    const letter = renderLetter(resetLetter(link), 'Rekey');
    const mail = { jobId: crypto.randomUUID(), repeat: 0, from: 'Rekey <a@example.com>', to: 'ada@example.com' };
    return createResendMailer(accountAt('resend', api.url, 're_123'), { now: Date.now }).send({ ...mail, ...letter });
  };
  const answer = (status: number, body: unknown) =>
    api.answerWith(response => response.writeHead(status).end(JSON.stringify(body)));

  test('takes what the adapter sends, also without the fields that it would silently ignore', async () => {
    answer(200, { id: crypto.randomUUID() });
    expect(await send()).toMatchObject({ kind: 'accepted' });
    const asked = api.asked.at(-1);
    const body: unknown = JSON.parse(asked?.body ?? '');
    expect([vendor(body), vendor.errors]).toEqual([true, null]);
    expect([strict(body), strict.errors]).toEqual([true, null]);

    const [server] = contract.servers;
    expect(server.url).toBe('https://api.resend.com');
    const key = operation.parameters.find((parameter: { name: string }) => parameter.name === 'Idempotency-Key');
    expect(asked?.headers['idempotency-key']?.length).toBeLessThanOrEqual(key.schema.maxLength);
    expect(contract['x-facts'].auth).toMatch(/^Authorization: Bearer /);
    expect(asked?.headers.authorization).toBe('Bearer re_123');
  });

  test('takes the good samples and refuses the bad ones, so that the check above can fail', () => {
    const { good, bad, badOnlyStrict } = contract['x-samples'] as Record<string, Sample[]>;
    for (const body of good ?? []) expect([vendor(body), strict(body)]).toEqual([true, true]);
    for (const { why, body } of bad ?? []) expect([vendor(body), strict(body)], why).toEqual([false, false]);
    for (const { why, body } of badOnlyStrict ?? []) expect([vendor(body), strict(body)], why).toEqual([true, false]);
    expect([good?.length, bad?.length, badOnlyStrict?.length]).not.toContain(0);
  });

  test('names every error that it knows, and each is answered by the word that the contract has for it', async () => {
    const { permanent, retryable, notWorthRetryingSoon } = contract['x-facts'].errors as Record<string, string[]>;
    // Lines such as `400 or 403 validation_error` and `422 missing_required_field, invalid_parameter`.
    const errorsOf = (lines: string[] = []) =>
      lines.flatMap(line => {
        const statuses = line.match(/\d{3}/g) ?? [];
        const names = line.match(/[a-z]+(?:_[a-z]+)+/g) ?? [];
        return statuses.flatMap(status => names.map(error => ({ status: Number(status), error })));
      });
    const wordOf = async ({ status, error }: { status: number; error: string }) => {
      answer(status, { statusCode: status, name: error, message: 'x' });
      const delivery = await send();
      return delivery.kind === 'retry' && delivery.isOurFault ? 'our fault' : delivery.kind;
    };

    expect(errorsOf(permanent).length).toBeGreaterThanOrEqual(permanent?.length ?? 99);
    for (const known of errorsOf(permanent)) {
      const word = [401, 403, 404, 405].includes(known.status) ? 'our fault' : 'refused';
      expect(await wordOf(known), `${known.status} ${known.error}`).toBe(word);
    }
    for (const known of [...errorsOf(retryable), ...errorsOf(notWorthRetryingSoon)]) {
      expect(await wordOf(known), `${known.status} ${known.error}`).toBe('retry');
    }
  });
});
