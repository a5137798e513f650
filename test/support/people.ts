/**
 * Named people for tests: each with an address, a network of their own (`CF-Connecting-IP`) and a cookie jar, as a
 * browser has them. What they do is what a person does: ask, read the mail, follow the link.
 */
import type { Mail } from '../mailbox/mailbox.ts';
import type { Rekey } from './harness.ts';

export const PASSWORD = 'correct horse battery';
export const NEW_PASSWORD = 'staple violet kettle drum';

/** `body` is the JSON of an answer, empty where it holds none; `text` is every answer as it came. */
export type Answer = { status: number; headers: Headers; text: string; body: Record<string, unknown> };
type Sent = {
  method?: string;
  json?: unknown;
  headers?: Record<string, string>;
  /** A stream goes out in chunks, without a Content-Length. */
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
};

let people = 0;

/** Someone new: no two share an address or a network. With `who`: that person again, in another browser and network. */
export const createPerson = (rekey: Rekey, name = 'ada', who?: { username: string; email: string }) => {
  people += 1;
  const { username, email } = who ?? { username: `${name}-${people}`, email: `${name}-${people}@example.com` };
  const network = `10.${people >> 16}.${(people >> 8) & 255}.${people & 255}`;
  const cookies = new Map<string, string>();

  const send = async (path: string, { method = 'POST', json, headers = {}, body }: Sent = {}): Promise<Answer> => {
    const hasJson = json !== undefined;
    const response = await rekey.fetch(path, {
      method,
      headers: {
        'CF-Connecting-IP': network,
        ...(hasJson && { 'Content-Type': 'application/json' }),
        ...(cookies.size > 0 && { Cookie: [...cookies].map(pair => pair.join('=')).join('; ') }),
        ...headers,
      },
      ...(hasJson ? { body: JSON.stringify(json) } : body !== undefined && { body, duplex: 'half' as const }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, cookie = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(cookie);
      else cookies.set(cookie, value);
    }
    const text = await response.text();
    const isJson = text !== '' && /json/.test(response.headers.get('Content-Type') ?? '');
    return {
      status: response.status,
      headers: response.headers as unknown as Headers,
      text,
      body: isJson ? JSON.parse(text) : {},
    };
  };

  const post = (path: string, json: unknown, headers: Record<string, string> = {}) => send(path, { json, headers });
  const get = (path: string, headers: Record<string, string> = {}) => send(path, { method: 'GET', headers });

  /** Waits for a mail with this subject (any, without) that came later than the given one. */
  const readMail = (subject?: string, after?: Mail): Promise<Mail> =>
    rekey.mailbox.waitForMail(email, { ...(subject && { subject }), ...(after && { after }), timeoutMs: 15_000 });

  /** Asks for a link by the given call and reads its token out of the mail. */
  const linkToken = async (ask: 'registrations' | 'password-resets', subject?: string): Promise<string> => {
    const [lastSeen] = rekey.mailbox.mailsTo(email);
    const asked = await post(`/api/${ask}`, { email });
    if (asked.status !== 202) throw new Error(`asking for a link answered ${asked.status}`);
    return tokenOf(await readMail(subject, lastSeen));
  };

  return {
    username,
    email,
    network,
    cookies,
    send,
    post,
    get,
    readMail,
    /** All that came so far, newest first. */
    mails: () => rekey.mailbox.mailsTo(email),

    askReset: () => post('/api/password-resets', { email }),
    askRegistration: () => post('/api/registrations', { email }),

    linkToken,

    /** The whole registration. Signed in afterwards. */
    async register(password = PASSWORD): Promise<void> {
      const token = await linkToken('registrations');
      const done = await post('/api/registrations/complete', { token, username, password });
      if (done.status !== 200) throw new Error(`registering answered ${done.status}: ${JSON.stringify(done.body)}`);
    },

    signIn: (password = PASSWORD, remember?: boolean) =>
      post('/api/session', { email, password, ...(remember !== undefined && { remember }) }),

    /** Who the API takes this person's browser for: a username or null. */
    async whoAmI(): Promise<string | null> {
      const { body } = await get('/api/session');
      return (body.user as { username: string } | null)?.username ?? null;
    },
  };
};

export type Person = ReturnType<typeof createPerson>;

/** Someone new who has an account and is signed in. */
export const createRegistered = async (rekey: Rekey, name?: string): Promise<Person> => {
  const person = createPerson(rekey, name);
  await person.register();
  return person;
};

/** The token in a mail's link. */
export const tokenOf = (mail: Mail): string => {
  const token = /#([\w.-]+)$/m.exec(mail.text ?? '')?.[1];
  if (!token) throw new Error('the mail holds no link with a token');
  return token;
};
