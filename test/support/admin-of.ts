/** The operator's tools against a Rekey that a test has started. */
import { fileURLToPath } from 'node:url';
import type { Admin } from '../../scripts/admin/open-admin.ts';
import { fromBase64Url } from '../../worker/credentials/base64.ts';
import { mailAddressKey, restingNameKey } from '../../worker/credentials/lookup-key.ts';
import { openDatabase } from '../../worker/store/database.ts';
import { LOOKUP_SECRET, type Rekey } from './harness.ts';

export const NO_FLAGS = { dryRun: false, yes: false, rename: false, ignored: new Set<string>() };

const SECRET = fromBase64Url(LOOKUP_SECRET) ?? new Uint8Array();

type Options = {
  /** Takes the text of every query. */
  queries?: Set<string>;
  operator?: string;
  /** Null: it is not at hand. */
  lookupSecret?: typeof SECRET | null;
  nowMs?: number;
};

export const adminOf = (
  { env: { DB } }: Rekey,
  { queries = new Set(), operator = 'Grace', lookupSecret = SECRET, nowMs = Date.now() }: Options = {},
): Admin => {
  const heard = {
    ...DB,
    prepare(query: string) {
      queries.add(query);
      return DB.prepare(query);
    },
  };
  return {
    db: openDatabase(heard as unknown as Parameters<typeof openDatabase>[0]),
    appUrl: 'http://localhost:8787',
    operator,
    nowMs,
    target: 'a test',
    home: fileURLToPath(new URL('../../.cache/admin-of-tests', import.meta.url)),
    rowsAtOnce: 200,
    screen: { write: () => true },
    say: () => undefined,
    addressKeyOf: async email => lookupSecret && mailAddressKey({ lookupSecret }, email),
    restingKeyOf: async username => lookupSecret && restingNameKey({ lookupSecret }, username),
    hashing: () => ({ cost: { ln: 10, r: 8, p: 1 }, engine: 'noble', refusalFloorMs: 10_000 }),
    confirm: async () => false,
    close: async () => undefined,
  };
};
