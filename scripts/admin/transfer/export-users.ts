/** `npm run admin -- export`: all users into a file that `import` reads, here or elsewhere, hashes included. */
import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { findUsersAfter } from '../../../worker/store/transfer.ts';
import { AdminError } from '../admin-error.ts';
import type { Admin } from '../open-admin.ts';
import { several, type Told } from '../told.ts';
import { csvLine, fieldsOf, USER_COLUMNS, type UserFields } from './user-columns.ts';

const USERS_AT_ONCE = 1000;

const asCsv = (user: UserFields): string => csvLine(USER_COLUMNS.map(name => user[name]));
const asJson = (user: UserFields): string => `${JSON.stringify(user)}\n`;

/** The file is for its owner's eyes, is whole or not there, and never takes the place of another. */
export const exportUsers = async (admin: Admin, given: string): Promise<Told> => {
  const path = resolve(given);
  const isCsv = /\.csv$/i.test(path);
  if (!isCsv && !/\.(jsonl|ndjson)$/i.test(path)) {
    throw new AdminError(`${path} should end in .csv, or in .jsonl for JSON lines.`);
  }
  if (existsSync(path)) throw new AdminError(`${path} is there already. Name another file, or move that one.`);
  const file = openNew(`${path}.part`);
  let users = 0;
  try {
    if (isCsv) writeSync(file, csvLine(USER_COLUMNS));
    for (let after = ''; ; ) {
      const rows = await findUsersAfter(admin.db, after, USERS_AT_ONCE);
      writeSync(file, rows.map(row => (isCsv ? asCsv : asJson)(fieldsOf(row))).join(''));
      users += rows.length;
      after = rows.at(-1)?.id ?? '';
      if (rows.length < USERS_AT_ONCE) break;
      if (users % 10_000 === 0) admin.say(several(users, 'user'));
    }
    closeSync(file);
    renameSync(`${path}.part`, path);
  } catch (error) {
    rmSync(`${path}.part`, { force: true });
    throw error;
  }
  return {
    facts: { users, path },
    text: `${several(users, 'user')} in ${path}. It holds password hashes: keep it as you keep the database.`,
  };
};

const openNew = (path: string): number => {
  try {
    return openSync(path, 'w', 0o600);
  } catch (error) {
    throw new AdminError(`${path} cannot be written: ${(error as Error).message}`);
  }
};
