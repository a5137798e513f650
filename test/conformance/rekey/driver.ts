/** Rekey, as the suite uses it: over HTTP, with the mails that its mailbox took. A bench adds what only tests can do. */
import { readFileSync } from 'node:fs';
import type { Mail as StoredMail } from '../../mailbox/mailbox.ts';
import type { Client, Driver, Mail } from '../driver.ts';
import { createClient, type Transport } from '../http.ts';
import { asMail } from '../mailbox-mail.ts';
import { nextMail } from '../visits.ts';
import { callsOf } from './calls.ts';
import { DECISIONS } from './decisions.ts';

type Parts = {
  url: string;
  version: string;
  transport: Transport;
  /** Newest first. */
  mailsTo(email: string): Promise<readonly StoredMail[]>;
  stop(): Promise<void>;
};

const DOCUMENTS = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md'];

const linkOf = (mail: Mail, page: string): { link: string; token: string } | null => {
  const [link, token] = new RegExp(`https?://\\S+/${page}#([\\w.-]+)`).exec(mail.text) ?? [];
  return link && token ? { link, token } : null;
};

export const createDriver = ({ url, version, transport, mailsTo, stop }: Parts): Driver => {
  const calls = callsOf(url);
  const tokenOf = (page: string) => (mail: Mail) => linkOf(mail, page)?.token ?? null;
  const registrationTokenOf = tokenOf('complete-registration');
  const mails = async (email: string) => (await mailsTo(email)).map(asMail);

  const driver: Driver = {
    name: 'Rekey',
    version,
    url,
    pages: { login: '/login', register: '/register', forgotPassword: '/forgot-password', account: '/account' },
    nextParameter: 'next',
    calls,
    decisions: DECISIONS,
    createClient: () => createClient(transport),

    async register(client, { email, username, password }) {
      const before = await mails(email);
      const asked = await client.send(calls.askRegistration(email));
      if (asked.status !== 202) return asked;
      const mail = await nextMail(driver, email, before, found => registrationTokenOf(found) !== null);
      const token = mail && registrationTokenOf(mail);
      if (!token) throw new Error('no mail with a link to finish the registration came');
      return client.send(calls.completeRegistration({ token, username, password }));
    },

    async whoAmI(client: Client) {
      const { text } = await client.send(calls.whoAmI());
      return (JSON.parse(text) as { user: { email: string } | null }).user?.email ?? null;
    },

    mailsTo: mails,
    documents: async () => DOCUMENTS.map(path => readFileSync(path, 'utf8')).join('\n'),
    resetLinkOf: mail => linkOf(mail, 'reset-password'),
    registrationTokenOf,
    emailChangeTokenOf: tokenOf('change-email'),
    disownTokenOf: tokenOf('secure-account'),
    stop,
  };
  return driver;
};
