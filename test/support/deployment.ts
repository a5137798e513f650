/** A deployment on a test bench: a wrangler.toml of its own, a stand-in for wrangler, and the outside on loopback. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import about from '../../package.json' with { type: 'json' };
import { type DeployOptions, runDeploy } from '../../scripts/deploy/run-deploy.ts';
import type { Terminal } from '../../scripts/terminal.ts';
import { systemClock } from '../../worker/clock.ts';
import { createMailer } from '../../worker/mail/create-mailer.ts';
import { createWranglerStandIn, type Fate } from './wrangler-stand-in.ts';

const { version } = about;

export const APP_URL = 'https://accounts.example.com';
export const OPERATOR = 'grace@example.com';
export const MAIL_KEY = 're_a-key-that-nobody-may-read';

/** All that a first deployment has to know. */
export const ANSWERS = {
  APP_URL,
  MAIL_FROM: 'Example <hello@example.com>',
  MAIL_API_KEY: MAIL_KEY,
  OPERATOR_EMAIL: OPERATOR,
};

/** Ours without what a deployment has written into it. */
export const undeployed = (toml: string): string =>
  toml
    .replace(/^(account_id|routes|MAIL_REGION|MAIL_ACCOUNT) = .*\n/gm, '')
    .replace(/^APP_URL = .*/gm, 'APP_URL = "http://localhost:8787"')
    .replace(/^MAIL_PROVIDER = .*/gm, 'MAIL_PROVIDER = "resend"')
    .replace(/^MAIL_FROM = .*/gm, 'MAIL_FROM = "Rekey <noreply@demo.com>"')
    .replace(/^database_id = .*/gm, 'database_id = "00000000-0000-0000-0000-000000000000"');

export const healthy = async () => Response.json({ status: 'ok', version, database: 'ok' });

export const createScene = (mailUrl = 'http://127.0.0.1:9') => {
  mkdirSync('.cache', { recursive: true });
  const folder = resolve(mkdtempSync('.cache/deployment-'));
  const config = join(folder, 'wrangler.toml');
  writeFileSync(config, undeployed(readFileSync('wrangler.toml', 'utf8')));
  const lines: string[] = [];
  let decide: (args: readonly string[]) => Fate = () => null;
  const wrangler = createWranglerStandIn(folder, args => decide(args));

  return {
    folder,
    wrangler,
    /** What was said, and the words of errors. */
    lines,
    readConfig: () => readFileSync(config, 'utf8'),
    editConfig: (edit: (text: string) => string) => writeFileSync(config, edit(readFileSync(config, 'utf8'))),
    decideBy(fate: typeof decide) {
      decide = fate;
    },
    /** Resolves with what failed, or null. */
    async deploy(options: Partial<DeployOptions> = {}): Promise<string | null> {
      try {
        await runDeploy({
          folder,
          env: '',
          isDryRun: false,
          environment: ANSWERS,
          terminal: null,
          say: line => void lines.push(line),
          createRunner: wrangler.createRunner,
          buildPages: async () => undefined,
          createMailer: account => createMailer({ ...account, apiUrl: mailUrl }, systemClock),
          fetch: healthy,
          pauseMs: 0,
          ...options,
        });
        return null;
      } catch (error) {
        const { message, toDo = '' } = error as Error & { toDo?: string };
        lines.push(message, toDo);
        return [message, toDo].join('\n');
      }
    },
    end: () => rmSync(folder, { recursive: true }),
  };
};

export type Scene = ReturnType<typeof createScene>;

/** Somebody at the terminal who gives these answers in turn, and leaves then. */
export const typing = (...answers: string[]) => {
  const asked: string[] = [];
  const secretly: string[] = [];
  const take = (into: string[]) => async (question: string) => {
    into.push(question.trim());
    return answers.shift() ?? null;
  };
  const terminal: Terminal = { ask: take(asked), askSecret: take(secretly) };
  return { terminal, asked, secretly };
};
