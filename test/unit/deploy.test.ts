/** `npm run deploy` against a stand-in for wrangler: what it makes, what it keeps, and what a stop at any step leaves behind. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readWranglerConfig } from '../../scripts/deploy/read-config.ts';
import { systemClock } from '../../worker/clock.ts';
import { createMailer } from '../../worker/mail/create-mailer.ts';
import { type Mailbox, startMailbox } from '../mailbox/mailbox.ts';
import {
  ANSWERS,
  APP_URL,
  createScene,
  healthy,
  MAIL_KEY,
  OPERATOR,
  type Scene,
  typing,
} from '../support/deployment.ts';
import type { Fate } from '../support/wrangler-stand-in.ts';

let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await startMailbox({ port: 0 });
});
afterAll(() => mailbox.close());

let scene: Scene;
beforeEach(() => {
  mailbox.clear();
  scene = createScene(mailbox.url);
});
afterEach(() => scene.end());

/** Everything that is there in the end, without what is random or only tells how it came about. */
const endOf = ({ wrangler, folder }: Scene) => {
  const { calls: _, workers, ...account } = wrangler.read();
  const config = readWranglerConfig(`${folder}/wrangler.toml`, '');
  const parts = Object.entries(workers).map(([name, { secrets, deployments }]) => {
    const { TOKEN_SECRET, LOOKUP_SECRET, ...others } = secrets;
    const areGood = [TOKEN_SECRET, LOOKUP_SECRET].every(secret => /^[\w-]{43}$/.test(secret ?? ''));
    return { name, areGood, areTwo: TOKEN_SECRET !== LOOKUP_SECRET, others, deployed: deployments.at(-1) };
  });
  return { account, parts, vars: config.vars, database: config.d1_databases[0]?.database_id };
};
const mailsTo = (address: string) => mailbox.mailsTo(address);
const commands = () => scene.wrangler.read().calls.map(({ args }) => args.join(' ').replace(/ --env=.*/, ''));

describe('a first deployment', () => {
  test('makes the database, both queues and the secrets, applies the migrations, deploys, and writes to the operator', async () => {
    expect(await scene.deploy()).toBeNull();
    expect(endOf(scene)).toEqual({
      account: {
        isLoggedIn: true,
        accounts: [{ id: 'a'.repeat(32), name: 'Ada' }],
        databases: [
          { uuid: expect.any(String), name: 'rekey', migrations: expect.arrayContaining(['0000_accounts.sql']) },
        ],
        queues: ['rekey-mail', 'rekey-mail-dead'],
        puts: { TOKEN_SECRET: 1, LOOKUP_SECRET: 1, MAIL_API_KEY: 1 },
      },
      parts: [
        {
          name: 'rekey',
          areGood: true,
          areTwo: true,
          others: { MAIL_API_KEY: MAIL_KEY },
          deployed: {
            vars: expect.objectContaining({ APP_URL, MAIL_FROM: ANSWERS.MAIL_FROM }),
            database: scene.wrangler.read().databases[0]?.uuid,
          },
        },
      ],
      vars: expect.objectContaining({
        APP_URL,
        MAIL_FROM: ANSWERS.MAIL_FROM,
        APP_NAME: 'Rekey',
        MAIL_PROVIDER: 'resend',
      }),
      database: scene.wrangler.read().databases[0]?.uuid,
    });
    expect(mailsTo(OPERATOR)).toMatchObject([{ subject: 'Rekey: test mail', from: ANSWERS.MAIL_FROM }]);
    expect(mailsTo(OPERATOR)[0]?.text).toContain(APP_URL);
    expect(scene.lines.at(-1)).toBe(`Done: ${APP_URL}`);
  });

  test('goes to the one account of the login, whichever wrangler remembers', async () => {
    await scene.deploy();
    const [first, ...others] = scene.wrangler.read().calls;
    expect(first?.args[0]).toBe('whoami');
    expect(new Set(others.map(({ accountId }) => accountId))).toEqual(new Set(['a'.repeat(32)]));
  });

  test('builds the pages before the migrations, with what was learnt in wrangler.toml', async () => {
    let built = '';
    await scene.deploy({
      buildPages: async env => {
        built = `${env}|${scene.readConfig()}|${commands().join()}`;
      },
    });
    expect(built).toContain(`APP_URL = "${APP_URL}"`);
    expect(built).not.toContain('migrations apply');
    expect(commands().slice(-2)).toEqual(['d1 migrations apply DB --remote', 'deploy']);
  });

  test('no secret is in an argument or in what is said, and none is in wrangler.toml', async () => {
    expect(await scene.deploy()).toBeNull();
    const { secrets = {} } = scene.wrangler.read().workers.rekey ?? {};
    const shown = [...scene.lines, ...scene.wrangler.read().calls.flatMap(({ args }) => args), scene.readConfig()].join(
      '\n',
    );
    expect(Object.keys(secrets)).toHaveLength(3);
    for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
  });

  test.each([MAIL_KEY, 'a"key\\in"quotes'])('no secret is in what is said where wrangler says it: %s', async key => {
    let put = '';
    const failure = await scene.deploy({
      environment: { ...ANSWERS, MAIL_API_KEY: key },
      createRunner: environment => async (args, input) => {
        if (args[1] !== 'bulk') return scene.wrangler.createRunner(environment)(args, input);
        put = input ?? '';
        return { isDone: false, stdout: '', words: `I cannot read ${input}` };
      },
    });
    expect(JSON.parse(put).MAIL_API_KEY).toBe(key);
    expect(failure).toContain(
      'Wrangler says:\n  I cannot read {"TOKEN_SECRET":"...","LOOKUP_SECRET":"...","MAIL_API_KEY":"..."}',
    );
    for (const secret of Object.values(JSON.parse(put))) expect(scene.lines.join('\n')).not.toContain(secret);
  });
});

describe('a second deployment', () => {
  test('keeps the database, the queues and every secret, and needs no answer again', async () => {
    await scene.deploy();
    const before = {
      end: endOf(scene),
      secrets: scene.wrangler.read().workers.rekey?.secrets,
      config: scene.readConfig(),
    };
    scene.lines.length = 0;
    expect(await scene.deploy({ environment: {} })).toBeNull();
    expect(endOf(scene)).toEqual(before.end);
    expect(scene.wrangler.read().workers.rekey?.secrets).toEqual(before.secrets);
    expect(scene.readConfig()).toBe(before.config);
    expect(scene.wrangler.read().workers.rekey?.deployments).toHaveLength(2);
    expect(scene.lines).toContain('Keep the secret TOKEN_SECRET');
  });

  test('a key that is given again does not replace the one that is deployed', async () => {
    await scene.deploy();
    await scene.deploy({ environment: { ...ANSWERS, MAIL_API_KEY: 're_another' } });
    expect(scene.wrangler.read().workers.rekey?.secrets.MAIL_API_KEY).toBe(MAIL_KEY);
    expect(scene.wrangler.read().puts).toEqual({ TOKEN_SECRET: 1, LOOKUP_SECRET: 1, MAIL_API_KEY: 1 });
    expect(scene.lines).toContain('Keep the secret MAIL_API_KEY, not the one that was given');
    expect(scene.lines.join('\n')).not.toContain('re_another');
    // Its test mail proves nothing of the one that is deployed.
    expect(scene.lines.at(-2)).toMatch(/^It went by the key that was given, which may not be the deployed one/);
  });

  test('what is given again otherwise than wrangler.toml has it changes nothing, and that is said', async () => {
    await scene.deploy();
    expect(scene.lines.filter(line => /not the one that was given|may not be the deployed/.test(line))).toEqual([]);
    const before = scene.readConfig();
    const given = { ...ANSWERS, APP_URL: 'https://another.example.com', MAIL_PROVIDER: 'postmark' };
    expect(await scene.deploy({ environment: given })).toBeNull();
    expect(scene.readConfig()).toBe(before);
    expect(scene.lines.filter(line => /^Keep (APP_URL|MAIL_PROVIDER|MAIL_FROM)/.test(line))).toEqual([
      `Keep APP_URL = ${APP_URL}, not the one that was given: to change it, write it into wrangler.toml`,
      'Keep MAIL_PROVIDER = resend, not the one that was given: to change it, write it into wrangler.toml',
    ]);
  });

  test('without the key at hand it says that no test mail was sent, and what proves the mails instead', async () => {
    await scene.deploy();
    mailbox.clear();
    await scene.deploy({ environment: { OPERATOR_EMAIL: OPERATOR } });
    expect(mailsTo(OPERATOR)).toEqual([]);
    const said = scene.lines.find(line => line.startsWith('Send no test mail'));
    expect(said).toContain('MAIL_API_KEY is deployed and not at hand here');
    expect(said).toContain(`${APP_URL}/register`);
  });

  test('what was made by hand, in the dashboard or by the button is found by its name', async () => {
    scene.wrangler.change(account => {
      account.databases.push({ uuid: '99999999-2222-4333-8444-555555555555', name: 'rekey', migrations: [] });
      account.queues.push('rekey-mail');
      account.workers.rekey = { secrets: { TOKEN_SECRET: 'mine' }, deployments: [] };
    });
    expect(await scene.deploy()).toBeNull();
    const account = scene.wrangler.read();
    expect(account.databases).toHaveLength(1);
    expect(account.workers.rekey?.secrets.TOKEN_SECRET).toBe('mine');
    expect(account.puts).toEqual({ LOOKUP_SECRET: 1, MAIL_API_KEY: 1 });
    expect(scene.readConfig()).toContain('database_id = "99999999-2222-4333-8444-555555555555"');
  });

  test('dead letters under a name that the Worker would not know them by stop it', async () => {
    scene.editConfig(text => text.replaceAll('"rekey-mail-dead"', '"letters"'));
    expect(await scene.deploy()).toContain('The queue of dead letters is called letters');
    expect(scene.wrangler.read().queues).toEqual([]);
  });

  test('a second file that wrangler would rather read stops it', async () => {
    writeFileSync(`${scene.folder}/wrangler.jsonc`, '{ "name": "another" }');
    expect(await scene.deploy()).toContain('Wrangler would read wrangler.jsonc in place of wrangler.toml.');
    expect(commands()).toEqual([]);
  });

  test('a secret among the vars stops it, and is not shown', async () => {
    scene.editConfig(text => text.replace('[vars]', `[vars]\nMAIL_API_KEY = "${MAIL_KEY}"`));
    const failure = await scene.deploy();
    expect(failure).toContain('The top level of wrangler.toml has MAIL_API_KEY among its vars');
    expect(failure).not.toContain(MAIL_KEY);
    expect(commands()).toEqual([]);
  });

  test('a database that wrangler.toml names and the account does not have stops it: no second one is made', async () => {
    await scene.deploy();
    scene.wrangler.change(account => {
      account.databases = [{ uuid: '99999999-2222-4333-8444-555555555555', name: 'rekey', migrations: [] }];
    });
    const failure = await scene.deploy();
    expect(failure).toMatch(/wrangler\.toml names the database [\w-]+, and this account has none with that id/);
    expect(scene.wrangler.read().databases).toHaveLength(1);
  });
});

describe('a stop at any step', () => {
  /** Wrangler's calls, and what is none of them. */
  const STEPS = [
    'whoami',
    'd1 list',
    'queues info',
    'queues info',
    'secret list',
    'd1 create',
    'd1 list',
    'queues create',
    'queues create',
    'secret bulk',
    'build',
    'd1 migrations apply',
    'deploy',
    'health',
    'mail',
  ];
  /** Runs it, and fails at one of them. */
  const run = async (failing: number, fate: Fate): Promise<{ failure: string | null; taken: string[] }> => {
    const taken: string[] = [];
    const isNow = (what: string) => taken.push(what) === failing + 1;
    scene.decideBy(args => (isNow(args.join(' ')) ? fate : null));
    let isDown = false;
    const failure = await scene.deploy({
      buildPages: async () => {
        if (isNow('build')) throw new Error('The page could not be built (code 1).');
      },
      fetch: async () => {
        isDown ||= isNow('health');
        return isDown ? new Response('', { status: 522 }) : healthy();
      },
      createMailer: account => ({
        async send(mail) {
          const lost = {
            kind: 'retry',
            afterSeconds: null,
            reason: 'TimeoutError',
            isOurFault: false,
            mayBeOut: true,
          } as const;
          const isLost = isNow('mail');
          if (isLost && fate === 'before') return lost;
          const delivery = await createMailer({ ...account, apiUrl: mailbox.url }, systemClock).send(mail);
          return isLost ? lost : delivery;
        },
      }),
    });
    scene.decideBy(() => null);
    return { failure, taken };
  };
  /** Runs it again, and holds what is there against a run that nothing stopped. */
  const expectGoodEnd = async () => {
    const untroubled = createScene(mailbox.url);
    try {
      expect(await scene.deploy()).toBeNull();
      expect(await untroubled.deploy({ environment: { ...ANSWERS, OPERATOR_EMAIL: '' } })).toBeNull();
      expect(endOf(scene)).toEqual(endOf(untroubled));
      expect(scene.readConfig()).toBe(untroubled.readConfig());
    } finally {
      untroubled.end();
    }
  };

  test('a run has these steps', async () => {
    const { failure, taken } = await run(-1, 'before');
    expect(failure).toBeNull();
    expect(taken).toHaveLength(STEPS.length);
    for (const [at, step] of STEPS.entries()) expect(taken[at]).toMatch(new RegExp(`^${step}\\b`));
  });

  describe.each(['before', 'after'] as const)('%s it took effect', fate => {
    test.each(STEPS.map((step, at) => [at, step] as const))(
      '%i, %s: running again ends as if nothing had been',
      async at => {
        const { failure, taken } = await run(at, fate);
        expect(taken.slice(0, at + 1)).toHaveLength(at + 1);
        expect(failure).toMatch(/\S\n\S/);
        await expectGoodEnd();
        // A mail whose answer got lost came, and comes again.
        expect(mailsTo(OPERATOR)).toHaveLength(STEPS[at] === 'mail' && fate === 'after' ? 2 : 1);
      },
    );
  });

  test('killed at any line that it says: running again ends as if nothing had been', async () => {
    const whole = createScene(mailbox.url);
    await whole.deploy({ environment: { ...ANSWERS, OPERATOR_EMAIL: '' } });
    const lines = whole.lines.length;
    whole.end();
    expect(lines).toBeGreaterThan(15);
    for (let line = 0; line < lines; line += 1) {
      let said = 0;
      const failure = await scene.deploy({
        environment: { ...ANSWERS, OPERATOR_EMAIL: '' },
        say() {
          said += 1;
          if (said > line) throw new Error('killed');
        },
      });
      expect(failure).toBe('killed\n');
      await expectGoodEnd();
      scene.end();
      scene = createScene(mailbox.url);
    }
  });
});

describe('a dry run', () => {
  const bytes = () => [readFileSync(scene.wrangler.file, 'utf8').replace(/"calls":.*/s, ''), scene.readConfig()];
  const CHANGING = /create|bulk|apply|^deploy/;

  test('shows every step of a first deployment and changes nothing, byte for byte', async () => {
    const before = bytes();
    expect(await scene.deploy({ isDryRun: true })).toBeNull();
    expect(bytes()).toEqual(before);
    expect(commands().filter(command => CHANGING.test(command))).toEqual([]);
    expect(mailsTo(OPERATOR)).toEqual([]);
    const shown = scene.lines.filter(line => line.startsWith('Would'));
    expect(shown).toEqual([
      'Would write APP_URL, MAIL_FROM into wrangler.toml: a line each',
      'Would create the database rekey: npx wrangler d1 create rekey --env=""',
      'Would write its database_id into wrangler.toml: one line',
      'Would create the queue rekey-mail: npx wrangler queues create rekey-mail --env=""',
      'Would create the queue rekey-mail-dead: npx wrangler queues create rekey-mail-dead --env=""',
      'Would put the secrets TOKEN_SECRET, LOOKUP_SECRET, MAIL_API_KEY: npx wrangler secret bulk --env=""',
      'Would build the pages: npm run build',
      'Would apply the migrations: npx wrangler d1 migrations apply DB --remote --env=""',
      'Would deploy the Worker rekey: npx wrangler deploy --env=""',
      `Would ask ${APP_URL}/api/health how it is: for a minute at most`,
      `Would send a test mail to ${OPERATOR}: with the key that was given`,
    ]);
  });

  test('of a second deployment shows what is kept', async () => {
    await scene.deploy();
    const before = bytes();
    scene.lines.length = 0;
    await scene.deploy({ isDryRun: true, environment: {} });
    expect(bytes()).toEqual(before);
    expect(scene.lines.filter(line => line.startsWith('Keep'))).toHaveLength(6);
    expect(scene.lines.filter(line => line.startsWith('Would'))).toHaveLength(4);
  });

  test('asks nobody: it names what would be asked for', async () => {
    const { terminal, asked } = typing();
    expect(await scene.deploy({ isDryRun: true, environment: {}, terminal })).toBeNull();
    expect(asked).toEqual([]);
    expect(scene.lines.filter(line => line.startsWith('Would ask for')).map(line => line.split(/[ :]/)[3])).toEqual([
      'APP_URL',
      'MAIL_FROM',
      'MAIL_API_KEY',
    ]);
  });

  test('works for who is not logged in, and says so', async () => {
    scene.wrangler.change(account => {
      account.isLoggedIn = false;
    });
    expect(await scene.deploy({ isDryRun: true })).toBeNull();
    expect(scene.lines).toContain('Not logged in to Cloudflare: shown as if nothing were there yet');
    expect(commands()).toEqual(['whoami --json']);
  });
});

describe('staging', () => {
  test('stands beside production: neither touches the other', async () => {
    await scene.deploy();
    const production = scene.wrangler.read();
    const before = readWranglerConfig(`${scene.folder}/wrangler.toml`, '');
    const stage = { ...ANSWERS, APP_URL: 'https://staging.example.com' };
    expect(await scene.deploy({ env: 'staging', environment: stage })).toBeNull();

    const account = scene.wrangler.read();
    expect(account.databases.map(({ name }) => name)).toEqual(['rekey', 'rekey-staging']);
    expect(account.queues.slice(2)).toEqual(['rekey-staging-mail', 'rekey-staging-mail-dead']);
    expect(account.workers.rekey).toEqual(production.workers.rekey);
    expect(account.workers['rekey-staging']?.secrets.TOKEN_SECRET).not.toBe(
      account.workers.rekey?.secrets.TOKEN_SECRET,
    );
    expect(account.workers['rekey-staging']?.deployments).toEqual([
      { vars: expect.objectContaining({ APP_URL: stage.APP_URL }), database: account.databases[1]?.uuid },
    ]);
    const after = readWranglerConfig(`${scene.folder}/wrangler.toml`, '');
    expect([after.vars, after.d1_databases]).toEqual([before.vars, before.d1_databases]);
  });

  test('of an environment that is not there nothing is made, above all not from the bindings of production', async () => {
    await scene.deploy();
    scene.editConfig(text => text.split('# Staging:')[0] ?? '');
    const before = scene.wrangler.read();
    expect(await scene.deploy({ env: 'staging' })).toContain('wrangler.toml has no [env.staging].');
    expect(scene.wrangler.read()).toEqual(before);
  });

  test('without one of the bindings, which no environment inherits, nothing is made', async () => {
    scene.editConfig(text => text.split('[[env.staging.durable_objects.bindings]]')[0] ?? '');
    expect(await scene.deploy({ env: 'staging' })).toContain(
      '[env.staging] does not bind PASSWORD_HASHER, RATE_LIMITER.',
    );
    expect(commands()).toEqual([]);
  });

  test.each([
    ['id', (text: string) => text],
    [
      'name',
      (text: string) =>
        text.replace(/^database_id = .*/m, `database_id = "${'0'.repeat(8)}-0000-0000-0000-000000000000"`),
    ],
  ])(
    'copied with the %s of its database under another name, a block of wrangler.toml takes it from nobody',
    async (_, edit) => {
      await scene.deploy({ env: 'staging' });
      scene.editConfig(text => {
        const block = text.slice(text.indexOf('\n[env.staging]\n')).replaceAll('[env.staging', '[env.preview');
        return `${text}${edit(block.replace('"rekey-staging"', '"rekey-preview"'))}`;
      });
      const before = scene.wrangler.read();
      const uuid = before.databases[0]?.uuid;
      expect(await scene.deploy({ env: 'preview', isDryRun: true })).toContain(
        `The database ${uuid} is that of the Worker rekey-staging.`,
      );
      expect(await scene.deploy({ env: 'preview' })).toContain('Two deployments share none');
      expect({ ...scene.wrangler.read(), calls: [] }).toEqual({ ...before, calls: [] });
    },
  );

  test('every command names its environment, so none in the air is taken', async () => {
    await scene.deploy({ env: 'staging' });
    await scene.deploy();
    const named = scene.wrangler.read().calls.map(({ args }) => args.at(-1));
    expect(new Set(named)).toEqual(new Set(['--env=staging', '--env=']));
  });
});
