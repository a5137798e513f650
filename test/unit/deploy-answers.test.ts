/** What `npm run deploy` asks for, what it says where nobody can be asked, and what it says of each thing that is wrong. */

import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import about from '../../package.json' with { type: 'json' };
import { createTerminal } from '../../scripts/terminal.ts';
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
import { type StubServer, startStubServer } from './stub-server.ts';

const { version } = about;

let scene: Scene;
let provider: StubServer;
beforeEach(async () => {
  provider = await startStubServer();
  provider.answerWith(response => response.end('{"id":"mail-1"}'));
  scene = createScene(provider.url);
});
afterEach(async () => {
  scene.end();
  await provider.close();
});

const changing = () =>
  scene.wrangler.read().calls.filter(({ args }) => /create|bulk|apply|deploy/.test(args.join(' ')));
const varsOfToml = () =>
  Object.fromEntries([...scene.readConfig().matchAll(/^([A-Z_]+) = "(.*)"$/gm)].map(([, ...pair]) => pair).reverse());

describe('without a terminal', () => {
  test('all that is missing is named at once, with how to give it, and nothing is changed', async () => {
    const before = scene.readConfig();
    expect(await scene.deploy({ environment: {} })).toBe(
      `Missing or wrong:
  APP_URL should hold the https address where people will open it, such as https://accounts.example.com
  MAIL_FROM should hold a sender of a domain that is yours, such as Rekey <noreply@example.com>, with a name of at most 70 characters
  MAIL_API_KEY should hold the mail provider's API key
Run it at a terminal, which asks for them, or give them in the environment:
  APP_URL=... MAIL_FROM=... MAIL_API_KEY=... npm run deploy
In Workers Builds they are build variables and secrets (Settings, Build).
What is no secret may also stand in wrangler.toml, [vars].`,
    );
    expect(changing()).toEqual([]);
    expect(scene.readConfig()).toBe(before);
  });

  test('for an environment it names that one', async () => {
    const failure = await scene.deploy({ environment: {}, env: 'staging' });
    expect(failure).toContain('npm run deploy -- --env staging');
    expect(failure).toContain('[env.staging.vars]');
  });

  test.each([
    ['http', 'http://accounts.example.com'],
    ['this machine', 'https://localhost:8787'],
    ['a path', 'https://example.com/accounts'],
    ['no address', 'accounts.example.com'],
  ])('an APP_URL of %s is refused', async (_, url) => {
    const failure = await scene.deploy({ environment: { ...ANSWERS, APP_URL: url } });
    expect(failure).toMatch(/^Missing or wrong:\n {2}APP_URL should hold .*https:\/\/\S+example\.com/);
    expect(changing()).toEqual([]);
  });

  test('what the chosen provider needs is missing, too', async () => {
    const failure = await scene.deploy({ environment: { ...ANSWERS, MAIL_PROVIDER: 'mailgun' } });
    expect(failure).toContain('MAIL_ACCOUNT should hold the sending domain at Mailgun');
    expect(failure).not.toContain('MAIL_FROM should');
    const environment = { ...ANSWERS, MAIL_PROVIDER: 'mailgun', MAIL_ACCOUNT: 'mg.example.com', MAIL_REGION: 'eu' };
    expect(await scene.deploy({ environment })).toBeNull();
    expect(varsOfToml()).toMatchObject({ MAIL_PROVIDER: 'mailgun', MAIL_ACCOUNT: 'mg.example.com', MAIL_REGION: 'eu' });
  });

  test('a provider that is not known is named with those that are', async () => {
    const failure = await scene.deploy({ environment: { ...ANSWERS, MAIL_PROVIDER: 'pigeon' } });
    expect(failure).toMatch(/MAIL_PROVIDER should hold "resend" or "postmark" or/);
  });

  test('a setting that is wrong beside them is named with them, as the Worker would name it', async () => {
    const given = { ...ANSWERS, MAIL_API_KEY: '' };
    scene.editConfig(text => text.replace('APP_NAME = "Rekey"', 'APP_NAME = "Rekey"\nSCRYPT = "ln=4,r=8,p=1"'));
    const failure = await scene.deploy({ environment: given });
    expect(failure).toContain('SCRYPT should hold one of OWASP');
    expect(failure).toContain("MAIL_API_KEY should hold the mail provider's API key");
    expect(failure).toContain('Mend the others in wrangler.toml, [vars]');
  });

  test('the key of a second provider is missing where one is set', async () => {
    scene.editConfig(text =>
      text.replace(
        'APP_NAME = "Rekey"',
        'APP_NAME = "Rekey"\nMAIL_FALLBACK_PROVIDER = "ses"\nMAIL_FALLBACK_REGION = "eu-central-1"',
      ),
    );
    expect(await scene.deploy()).toContain("MAIL_FALLBACK_API_KEY should hold an access key's id and its secret");
    const key = `${'A'.repeat(20)}:secret`;
    expect(await scene.deploy({ environment: { ...ANSWERS, MAIL_FALLBACK_API_KEY: key } })).toBeNull();
    expect(scene.wrangler.read().workers.rekey?.secrets.MAIL_FALLBACK_API_KEY).toBe(key);
    // Deployed by now, and good for any provider.
    expect(await scene.deploy({ environment: {} })).toBeNull();
  });

  test('an address for the test mail that is none stops it before anything is changed', async () => {
    expect(await scene.deploy({ environment: { ...ANSWERS, OPERATOR_EMAIL: 'grace' } })).toContain(
      'OPERATOR_EMAIL should hold',
    );
    expect(changing()).toEqual([]);
  });
});

describe('at a terminal', () => {
  test('it asks for what it cannot know, for the key without showing it, and writes what is no secret', async () => {
    const { terminal, asked, secretly } = typing(APP_URL, '', 'Example <hello@example.com>', MAIL_KEY, OPERATOR);
    expect(await scene.deploy({ environment: {}, terminal })).toBeNull();
    expect(asked).toEqual([
      'APP_URL:',
      'MAIL_PROVIDER [resend]:',
      'MAIL_FROM:',
      'Your own address, for a test mail (empty: none):',
    ]);
    expect(secretly).toEqual(['MAIL_API_KEY:']);
    expect(varsOfToml()).toMatchObject({ APP_URL, MAIL_FROM: 'Example <hello@example.com>' });
    expect(scene.wrangler.read().workers.rekey?.secrets.MAIL_API_KEY).toBe(MAIL_KEY);
    expect(scene.readConfig()).not.toContain(MAIL_KEY);
    expect(provider.asked).toHaveLength(1);
    expect(provider.asked[0]?.headers.authorization).toBe(`Bearer ${MAIL_KEY}`);
  });

  test('an answer that cannot be used is asked for again, with what it should hold', async () => {
    const { terminal, asked } = typing(
      'http://a.example',
      APP_URL,
      'pigeon',
      'resend',
      'hello',
      'hello@example.com',
      MAIL_KEY,
      'grace',
      '',
    );
    expect(await scene.deploy({ environment: {}, terminal })).toBeNull();
    expect(asked.filter(question => question === 'APP_URL:')).toHaveLength(2);
    expect(asked.filter(question => question === 'MAIL_FROM:')).toHaveLength(2);
    expect(scene.lines.filter(line => line.includes('MAIL_PROVIDER should hold "resend"'))).toHaveLength(1);
    expect(scene.lines.find(line => line.startsWith('Send no test mail'))).toContain('OPERATOR_EMAIL');
  });

  test('a provider with two regions is asked about for its region', async () => {
    const { terminal, asked } = typing(APP_URL, 'mailgun', 'eu', 'mg.example.com', 'hello@example.com', 'key', '');
    expect(await scene.deploy({ environment: {}, terminal })).toBeNull();
    expect(asked.slice(1, 4)).toEqual(['MAIL_PROVIDER [resend]:', 'MAIL_REGION [us]:', 'MAIL_ACCOUNT:']);
    expect(varsOfToml()).toMatchObject({ MAIL_PROVIDER: 'mailgun', MAIL_REGION: 'eu', MAIL_ACCOUNT: 'mg.example.com' });
  });

  test('a second time it asks nothing', async () => {
    await scene.deploy();
    const { terminal, asked, secretly } = typing();
    expect(await scene.deploy({ environment: {}, terminal })).toBeNull();
    expect([...asked, ...secretly]).toEqual([]);
  });

  test('who leaves at a question has changed nothing', async () => {
    const before = scene.readConfig();
    const { terminal } = typing(APP_URL);
    expect(await scene.deploy({ environment: {}, terminal })).toBe(
      'It was stopped at a question.\nNothing was deployed.',
    );
    expect(changing()).toEqual([]);
    expect(scene.readConfig()).toBe(before);
  });

  test('a secret is not echoed while it is typed, another answer is', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = '';
    output.on('data', chunk => {
      shown += chunk;
    });
    const terminal = createTerminal(input, output);
    const type = async (text: string) => {
      await sleep(5);
      input.write(text);
    };
    void type(' hello@example.com \r');
    expect(await terminal.ask('MAIL_FROM: ')).toBe('hello@example.com');
    void type(`${MAIL_KEY}\r`);
    expect(await terminal.askSecret('MAIL_API_KEY: ')).toBe(MAIL_KEY);
    void type('\u0003');
    expect(await terminal.askSecret('MAIL_API_KEY: ')).toBeNull();
    expect(shown).toContain('hello@example.com');
    expect(shown).toContain('MAIL_API_KEY: ');
    expect(shown).not.toContain(MAIL_KEY);
  });
});

describe('the account', () => {
  test('who is not logged in is told how', async () => {
    scene.wrangler.change(account => {
      account.isLoggedIn = false;
    });
    expect(await scene.deploy()).toBe(
      'Wrangler is not logged in to Cloudflare.\nLog in: `npx wrangler login`. Where there is no browser, set CLOUDFLARE_API_TOKEN.',
    );
  });

  describe('of several', () => {
    const SECOND = { id: 'b'.repeat(32), name: 'Bob' };
    beforeEach(() => scene.wrangler.change(({ accounts }) => void accounts.push(SECOND)));

    test('none is guessed', async () => {
      const failure = await scene.deploy();
      expect(failure).toContain('This login opens 2 accounts, and nothing says which:');
      expect(failure).toContain(`${SECOND.id}  Bob`);
      expect(changing()).toEqual([]);
    });

    test('the one that is chosen at the terminal is written down, and holds from then on', async () => {
      const { terminal } = typing(SECOND.id, 'resend');
      expect(await scene.deploy({ terminal })).toBeNull();
      expect(scene.readConfig()).toMatch(new RegExp(`^upload_source_maps = true\\naccount_id = "${SECOND.id}"$`, 'm'));
      expect(await scene.deploy({ environment: {} })).toBeNull();
      expect(new Set(changing().map(({ accountId }) => accountId))).toEqual(new Set([SECOND.id]));
    });

    test('CLOUDFLARE_ACCOUNT_ID says which', async () => {
      expect(await scene.deploy({ environment: { ...ANSWERS, CLOUDFLARE_ACCOUNT_ID: SECOND.id } })).toBeNull();
      expect(new Set(changing().map(({ accountId }) => accountId))).toEqual(new Set([SECOND.id]));
    });
  });
});

describe('the deployment', () => {
  test('an address of the operator is told to need a route, one of workers.dev is not', async () => {
    await scene.deploy();
    expect(scene.lines.join('\n')).toContain('routes = [{ pattern = "accounts.example.com", custom_domain = true }]');
    scene.lines.length = 0;
    await scene.deploy({
      env: 'staging',
      environment: { ...ANSWERS, APP_URL: 'https://rekey-staging.ada.workers.dev' },
    });
    expect(scene.lines.join('\n')).not.toContain('custom_domain');
  });

  test('is given patience: what answers wrongly at first may be the one before it', async () => {
    const answers = [
      new Response('', { status: 522 }),
      Response.json({ code: 'misconfigured' }, { status: 500 }),
      Response.json({ status: 'ok', version: '0.0.9' }),
      healthy(),
    ];
    const urls: unknown[] = [];
    const fetch = async (url: unknown) => {
      urls.push(url);
      const answer = answers.shift();
      if (!answer) throw new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } });
      return answer;
    };
    expect(await scene.deploy({ fetch: fetch as typeof globalThis.fetch })).toBeNull();
    expect(urls).toEqual(Array(4).fill(`${APP_URL}/api/health`));
    expect(scene.lines).toContain(`It answers, as version ${version}`);
  });

  test.each([
    [
      'nothing answers',
      async () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } })),
      'nothing (ENOTFOUND)',
    ],
    ['it is misconfigured', async () => Response.json({ code: 'misconfigured' }, { status: 500 }), '500 misconfigured'],
    ['something else answers', async () => new Response('<h1>Hello</h1>'), '200'],
    [
      'another version goes on answering',
      async () => Response.json({ status: 'ok', version: '9.9.9' }),
      `version "9.9.9", and ${version} was deployed`,
    ],
    [
      'another application is healthy',
      async () => Response.json({ status: 'ok' }),
      `version undefined, and ${version} was deployed`,
    ],
  ])('where %s, it says so, and what to look at', async (_, fetch, said) => {
    const failure = await scene.deploy({ fetch });
    expect(failure).toContain(`It is deployed, but GET ${APP_URL}/api/health does not answer as it should: ${said}.`);
    expect(failure).toContain('routes = [{ pattern = "accounts.example.com", custom_domain = true }]');
    expect(provider.asked).toEqual([]);
  });
});

describe('the mail provider', () => {
  test('a key that is refused is said to be, and what to do', async () => {
    provider.answerWith(response => response.writeHead(403).end('{"name":"invalid_api_key"}'));
    const failure = await scene.deploy();
    expect(failure).toContain(
      'It is deployed and answers, but resend did not take the test mail: 403 invalid_api_key.',
    );
    expect(failure).toContain('wrangler secret put MAIL_API_KEY');
  });

  test('one that does not answer is said not to, and that the deployment is not to blame', async () => {
    await provider.close();
    const failure = await scene.deploy();
    expect(failure).toMatch(/resend did not take the test mail: \w+/);
    expect(failure).toContain('Nothing of the deployment is wrong by that');
    provider = await startStubServer();
  });
});
