/** Ada has an account in Rekey and in better-auth and is signed in to both: what the bench asks, and of whom. */
import { APP_URL } from '../../support/harness.ts';
import { makeToken } from '../../support/link-tokens.ts';
import { NEW_PASSWORD, PASSWORD } from '../../support/people.ts';
import { type Answer, cookiesOf, type Request } from './client.ts';
import type { ServerName, Servers } from './workers.ts';

const EMAIL = 'ada@example.com';
const OWN_ORIGIN = { Origin: APP_URL };
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

const CROWD_NUMBERS = Array.from({ length: 10 }, (_, n) => n);
/** Ten people with her password: to hash ten would take longer than most of what is measured. */
const COLUMNS = 'id, username, email, password_hash, security_stamp, created_at, browser_stamp';
const CROWD = `INSERT INTO users (${COLUMNS})
  SELECT 'crowd-' || value, 'crowd-' || value, 'crowd-' || value || '@example.com', password_hash,
    security_stamp || value, created_at, browser_stamp || value FROM users, json_each('[${CROWD_NUMBERS.join()}]')`;

/** People with a reset link each, whose stamps are known here. */
const FORGETFUL = `INSERT INTO users (${COLUMNS})
  SELECT 'forgetful-' || value, 'forgetful-' || value, 'forgetful-' || value || '@example.com', password_hash,
    'stamp-' || value, created_at, 'forgetful-' || value FROM users, json_each(?) WHERE username = 'ada'`;

/**
 * One request to one server, and the status that it answers. `nextJson` gives each call a body of its own, as often as there
 * are `links`: what can be done once needs another one each time.
 */
export type Call = Readonly<{ server: ServerName; request: Request; status: number; nextJson?: () => unknown }>;

/** Registers her in both, and lets so many others ask for links in each, and not open them. */
export const prepareScene = async (servers: Servers, links = 0) => {
  const [rekey, peer] = await Promise.all([servers.connectTo('rekey'), servers.connectTo('better-auth')]);
  const post = (path: string, json: unknown): Request => ({ method: 'POST', path, json, headers: OWN_ORIGIN });

  await expecting(202, rekey.send(post('/api/registrations', { email: EMAIL })));
  const token = (await linkIn(servers, /#([\w.-]+)$/m))[1];
  const registered = await expecting(
    200,
    rekey.send(post('/api/registrations/complete', { token, username: 'ada', password: PASSWORD })),
  );
  const key = await servers.db.prepare('SELECT secret_hash FROM sessions').first<string>('secret_hash');

  await expecting(200, peer.send(post('/api/auth/sign-up/email', { email: EMAIL, name: 'ada', password: PASSWORD })));
  const [, verify = ''] = await linkIn(servers, /https?:\/\/[^/\s]+(\/api\/auth\/verify-email\?\S+)/);
  await expecting(302, peer.send({ path: verify }));
  const peerSignIn = post('/api/auth/sign-in/email', { email: EMAIL, password: PASSWORD });
  const peerSignedIn = await expecting(200, peer.send(peerSignIn));

  await servers.db.prepare(CROWD).run();
  const numbers = Array.from({ length: links }, (_, n) => n);
  await servers.db.prepare(FORGETFUL).bind(JSON.stringify(numbers)).run();
  const registrations = await Promise.all(
    numbers.map(async n => ({
      token: await makeToken('register', { email: `new-${n}@example.com` }),
      username: `new-${n}`,
      password: PASSWORD,
    })),
  );
  const resets = await Promise.all(
    numbers.map(async n => ({
      token: await makeToken('reset', { userId: `forgetful-${n}`, stamp: `stamp-${n}` }),
      password: NEW_PASSWORD,
    })),
  );
  const peerSignUps = numbers.map(n => ({ email: `new-${n}@example.com`, name: `new-${n}`, password: PASSWORD }));
  const peerResets: { token: string; newPassword: string }[] = [];
  const peerAsk = { email: EMAIL, redirectTo: '/reset-password' };
  for (const _ of numbers) {
    await expecting(200, peer.send(post('/api/auth/request-password-reset', peerAsk)));
    const known = new Set(peerResets.map(({ token }) => token));
    const [, token = ''] = await linkIn(servers, /\/api\/auth\/reset-password\/([^?\s]+)/, found => !known.has(found));
    peerResets.push({ token, newPassword: NEW_PASSWORD });
  }

  const inTurn = (bodies: readonly unknown[]) => {
    let next = 0;
    return () => {
      next += 1;
      if (next > bodies.length) throw new Error(`The scene has ${bodies.length} links and no more.`);
      return bodies[next - 1];
    };
  };
  const call = (server: ServerName, status: number, request: Request): Call => ({
    server,
    status,
    request: { ...request, headers: { 'User-Agent': USER_AGENT, ...request.headers } },
  });
  const whoAmI = { path: '/api/session', headers: { Cookie: cookiesOf(registered) } };
  const peerWhoAmI = { path: '/api/auth/get-session', headers: { Cookie: cookiesOf(peerSignedIn) } };
  const browserCookie = /rekey-browser=[^;]+/.exec(cookiesOf(registered))?.[0] ?? '';
  const askReset = post('/api/password-resets', { email: EMAIL });
  return {
    /** What ten people besides her send to sign in. */
    crowd: CROWD_NUMBERS.map(n => ({ email: `crowd-${n}@example.com`, password: PASSWORD })),
    nothing: call('floor', 200, { path: '/nothing' }),
    oneSelect: call('floor', 200, { path: '/select', headers: { 'X-Key': key ?? '' } }),
    oneSend: call('floor', 202, post('/queue', { id: crypto.randomUUID(), kind: 'reset_asked', email: EMAIL })),
    oneHash: call('floor', 200, post('/hash', PASSWORD)),
    whoAmINobody: call('rekey', 200, { path: '/api/session' }),
    whoAmI: call('rekey', 200, whoAmI),
    askReset: call('rekey-unread', 202, askReset),
    askResetUnlimited: call('rekey-unlimited', 202, askReset),
    oneInsert: call('floor', 200, post('/insert', {})),
    /** In a browser that the account knows. */
    signIn: call('rekey-unread', 200, {
      ...post('/api/session', { email: EMAIL, password: PASSWORD }),
      headers: { ...OWN_ORIGIN, Cookie: browserCookie },
    }),
    register: {
      ...call('rekey-unread', 200, post('/api/registrations/complete', {})),
      nextJson: inTurn(registrations),
    },
    reset: { ...call('rekey-unread', 204, post('/api/password-resets/complete', {})), nextJson: inTurn(resets) },
    peerWhoAmINobody: call('better-auth', 200, { path: '/api/auth/get-session' }),
    peerWhoAmI: call('better-auth', 200, peerWhoAmI),
    peerAskReset: call(
      'better-auth-mailless',
      200,
      post('/api/auth/request-password-reset', { email: EMAIL, redirectTo: '/reset-password' }),
    ),
    peerSignIn: call('better-auth-mailless', 200, peerSignIn),
    peerRegister: {
      ...call('better-auth-mailless', 200, post('/api/auth/sign-up/email', {})),
      nextJson: inTurn(peerSignUps),
    },
    peerReset: {
      ...call('better-auth-mailless', 200, post('/api/auth/reset-password', {})),
      nextJson: inTurn(peerResets),
    },
  };
};

export type Scene = Awaited<ReturnType<typeof prepareScene>>;
export type CallName = Exclude<keyof Scene, 'crowd'>;

/** The first mail to her that holds such a link, with a token that is wanted. */
const linkIn = async (
  { mailbox }: Servers,
  link: RegExp,
  isWanted: (token: string) => boolean = () => true,
): Promise<RegExpExecArray> => {
  for (let tries = 0; tries < 200; tries += 1) {
    for (const mail of mailbox.mailsTo(EMAIL)) {
      const found = link.exec(mail.text ?? '');
      if (found && isWanted(found[1] ?? '')) return found;
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error(`No mail with ${link} has come within 5 s.`);
};

const expecting = async (status: number, answering: Promise<Answer>): Promise<Answer> => {
  const answer = await answering;
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.body}`);
  return answer;
};

/** OWASP's cost, as deployed: the other tests take a cheap one. */
export const DEPLOYED_COST = { SCRYPT: 'ln=14,r=8,p=5' };
