/**
 * The adapters against the providers' own API descriptions, where copies of them are at hand: in the folder that
 * REKEY_CONTRACTS names, else beside this repository. Without them these tests are skipped, and counted as such.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createMailer } from '../../worker/mail/create-mailer.ts';
import { renderLetter } from '../../worker/mail/letter-layout.ts';
import type { MailProvider } from '../../worker/mail/mail-account.ts';
import { readWords, sampleLetters } from '../support/sample-letters.ts';
import { ACCEPTED, acceptAs, accountAt, bodyOf, MAIL } from './mail-accounts.ts';
import { type StubServer, startStubServer } from './stub-server.ts';

const folder = join(process.env.REKEY_CONTRACTS ?? join(import.meta.dirname, '../../../shared/contracts'), 'mail');

type KnownError = { status: number; name: string; isWorthARetry: boolean };
type Content = { content?: Record<string, { schema: object }> };
type Operation = { requestBody: Content; responses: Record<string, Content> };
type Facts = { auth: string; errors?: unknown };
type Contract = {
  /** The errors that its facts list. */
  errorsOf: (errors: never) => KnownError[];
  /** How many there are at least, so that a list that cannot be read is noticed. */
  errorCount: number;
  errorBody: (name: string) => unknown;
};

/** Every status of a line such as `422 with 300 invalid request, 400 sender not found` or `401 (10)`, with its codes. */
const statusesAnd = (names: RegExp, isWorthARetry: boolean, lines: string[] = []): KnownError[] =>
  lines.flatMap(line => {
    const statuses = [...line.matchAll(/^\d{3}|(?<=or )\d{3}/g)].map(([status]) => Number(status));
    const known = line.replace(/^\d{3}( or \d{3})?/, '').match(names) ?? [''];
    return statuses.flatMap(status => known.map(name => ({ status, name, isWorthARetry })));
  });
type Lists = { permanent: string[]; retryable: string[]; notWorthRetryingSoon?: string[] };
const listed =
  (names: RegExp) =>
  ({ permanent, retryable, notWorthRetryingSoon }: Lists): KnownError[] => [
    ...statusesAnd(names, false, permanent),
    ...statusesAnd(
      names,
      true,
      [...retryable, ...(notWorthRetryingSoon ?? [])].map(line => line.replace('5xx', '500')),
    ),
  ];
const NO_NAMES = /(?!)/g;

const contracts: Partial<Record<MailProvider, Contract>> = {
  resend: {
    errorsOf: listed(/[a-z]+(?:_[a-z]+)+/g),
    errorCount: 18,
    errorBody: name => ({ name, message: 'x' }),
  },
  postmark: {
    errorsOf: listed(/\d+/g),
    errorCount: 10,
    errorBody: name => ({ ErrorCode: Number(name), Message: 'x' }),
  },
  sendgrid: {
    errorsOf: listed(NO_NAMES),
    errorCount: 9,
    errorBody: () => ({ errors: [{ message: 'x', field: null }] }),
  },
  mailgun: { errorsOf: listed(NO_NAMES), errorCount: 9, errorBody: () => ({ message: 'x' }) },
  brevo: {
    errorsOf: ({ codes, ...lists }: Lists & { codes: string[] }) => [
      ...listed(NO_NAMES)(lists),
      ...codes.map(name => ({ status: 400, name, isWorthARetry: false })),
    ],
    errorCount: 20,
    errorBody: code => ({ code, message: 'x' }),
  },
  cloudflare: {
    errorsOf: ({ codes }: { codes: Record<string, number[]> }) =>
      Object.entries(codes).flatMap(([text, known]) => {
        const status = Number(text);
        return known.map(code => ({ status, name: String(code), isWorthARetry: status === 429 || status >= 500 }));
      }),
    errorCount: 14,
    errorBody: code => ({ success: false, errors: [{ code, message: 'x' }], messages: [], result: null }),
  },
};

describe.each(Object.entries(contracts) as [MailProvider, Contract][])(
  '%s',
  (provider, { errorsOf, errorCount, errorBody }) => {
    const file = join(folder, `${provider}.json`);
    const isHere = existsSync(file);
    const title = "against the provider's own API description";

    describe.skipIf(!isHere)(isHere ? title : `${title}, which is not at hand (REKEY_CONTRACTS): left out`, () => {
      const contract = isHere ? JSON.parse(readFileSync(file, 'utf8')) : {};
      const [path = '/'] = Object.keys(contract.paths ?? {});
      const operation: Operation | undefined = contract.paths?.[path].post;
      const facts: Facts = contract['x-facts'] ?? { auth: '' };
      // OpenAPI 3.1 is JSON Schema of 2020; 3.0 is nearly that of draft 5.
      const options = { strict: false, formats: { binary: true, byte: true, int64: true, url: true } } as const;
      const ajv = contract.openapi?.startsWith('3.1') ? new Ajv2020(options) : new Ajv(options);
      addFormats.default(ajv);
      const schemaOf = (part: Content | undefined) => Object.values(part?.content ?? {})[0]?.schema;
      const vendor = ajv.compile(schemaOf(operation?.requestBody) ?? false);
      const strict = ajv.compile(contract['x-strictRequest'] ?? false);

      let api: StubServer;
      beforeAll(async () => {
        api = await startStubServer();
      });
      afterAll(() => api.close());
      afterEach(() => vi.restoreAllMocks());

      const clock = { now: () => Date.parse('2026-10-21T07:00:00Z') };
      const send = async (from: string, url: string | null = api.url) => {
        const [written] = sampleLetters(readWords('ar'));
        if (!written) throw new Error('no letter');
        const letter = renderLetter(written, 'Rekey');
        return createMailer(accountAt(provider, url), clock).send({ ...MAIL, ...letter, from });
      };

      test.each(['a@example.com', 'Rekey <a@example.com>', 'Zoë & Söhne 🔒 <a@example.com>'])(
        'takes what the adapter sends from %s, also without the fields that it would silently ignore',
        async from => {
          acceptAs(provider, api);
          expect(await send(from)).toMatchObject({ kind: 'accepted' });
          const asked = api.asked.at(-1);
          const sent = asked ? await bodyOf(asked) : null;
          // A field of a form that may be repeated is a list.
          const body =
            provider === 'mailgun' ? { ...(sent as { to: string }), to: [(sent as { to: string }).to] } : sent;
          expect([vendor(body), vendor.errors]).toEqual([true, null]);
          expect([strict(body), strict.errors]).toEqual([true, null]);
        },
      );

      test('looks for the key where the adapter shows it', async () => {
        acceptAs(provider, api);
        await send('a@example.com');
        const [, header = '', scheme] = /^([\w-]+): *(Bearer|Basic)?/.exec(facts.auth) ?? [];
        const shown = api.asked.at(-1)?.headers[header.toLowerCase()];
        expect(shown).toMatch(scheme ? new RegExp(`^${scheme} \\S+$`) : /^sentinel_key$/);
      });

      test('is asked at the address that the description has', async () => {
        const asked = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response());
        await send('a@example.com', null);
        const at = path.replace(/\{\w+\}/, accountAt(provider, null).account);
        expect(asked.mock.lastCall?.[0]).toBe(`${contract.servers[0].url}${at}`);
      });

      test('knows the answer by which our stand-in accepts a mail', () => {
        const { status, body } = ACCEPTED[provider];
        const answered = operation?.responses[status];
        expect(answered).toBeDefined();
        const taken = ajv.compile(schemaOf(answered) ?? true);
        expect([taken(body), taken.errors]).toEqual([true, null]);
      });

      test('takes the good samples and refuses the bad ones, so that the checks above can fail', () => {
        const { good, bad, badOnlyStrict } = contract['x-samples'] as {
          good: unknown[];
          bad: { why: string; body: unknown }[];
          badOnlyStrict: { why: string; body: unknown }[];
        };
        for (const body of good) expect([vendor(body), strict(body)]).toEqual([true, true]);
        for (const { why, body } of bad) expect([vendor(body), strict(body)], why).toEqual([false, false]);
        for (const { why, body } of badOnlyStrict) expect([vendor(body), strict(body)], why).toEqual([true, false]);
        expect(good.length * bad.length).toBeGreaterThan(0);
      });

      test('names its errors, and each is answered by the word for it', async () => {
        const known = errorsOf(facts.errors as never);
        expect(known.length).toBeGreaterThanOrEqual(errorCount);
        for (const { status, name, isWorthARetry } of known) {
          api.answerWith(response => response.writeHead(status).end(JSON.stringify(errorBody(name))));
          const delivery = await send('a@example.com');
          const isKept = delivery.kind === 'retry' && !delivery.isOurFault;
          expect(isKept, `${status} ${name}`).toBe(isWorthARetry);
          // Only word of an earlier try that was taken.
          if (delivery.kind === 'accepted') expect(name).toBe('duplicate_request');
          if ([401, 403].includes(status)) expect(delivery).toMatchObject({ isOurFault: true });
        }
      });
    });
  },
);
