/**
 * One mail to the operator, by the adapter that the Worker itself sends with, from this machine: only where the key is at hand.
 * A deployed key cannot be read back, and no door is opened in the Worker for this.
 */
import { randomUUID } from 'node:crypto';
import type { Settings } from '../../worker/bindings.ts';
import { readConfig } from '../../worker/config.ts';
import { brokenEmailRule } from '../../worker/contract/fields.ts';
import type { MailAccount } from '../../worker/mail/mail-account.ts';
import type { Mailer } from '../../worker/mail/mailer.ts';
import type { Terminal } from '../terminal.ts';
import { DeployError } from './deploy-error.ts';
import type { Environment } from './find-answers.ts';
import type { Steps } from './steps.ts';

/** Where the test mail goes: asked early, so that nobody has to wait for the question. Null: nowhere. */
export const findOperator = async (environment: Environment, terminal: Terminal | null): Promise<string | null> => {
  const given = environment.OPERATOR_EMAIL?.trim();
  if (given && brokenEmailRule(given) && !terminal) {
    throw new DeployError('OPERATOR_EMAIL should hold the address that a test mail goes to.', 'Nothing was changed.');
  }
  if (!terminal || (given && !brokenEmailRule(given))) return given || null;
  for (;;) {
    const typed = await terminal.ask('  Your own address, for a test mail (empty: none): ');
    if (!typed || !brokenEmailRule(typed)) return typed || null;
  }
};

type Given = {
  settings: Settings;
  /** Undefined where it is not at hand. */
  key: string | undefined;
  /** Whether it is the deployed one: that was put just now. One from before cannot be read, and may be another. */
  isKeyDeployed: boolean;
  to: string | null;
  appUrl: string;
  createMailer(account: MailAccount): Mailer;
};

/** Resolves when the provider has taken it, or it was said why none is sent. */
export const sendTestMail = async (
  { settings, key, isKeyDeployed, to, appUrl, createMailer }: Given,
  steps: Steps,
): Promise<void> => {
  const instead = `Register at ${appUrl}/register with your own address: the mail that comes is the proof.`;
  if (!key) return steps.say(`Send no test mail: MAIL_API_KEY is deployed and not at hand here. ${instead}`);
  if (!to) return steps.say(`Send no test mail: OPERATOR_EMAIL does not say to whom. ${instead}`);
  await steps.change(`Send a test mail to ${to}`, 'with the key that was given', async () => {
    const outcome = readConfig({ ...settings, MAIL_API_KEY: key });
    if (outcome.kind === 'bad')
      throw new DeployError('MAIL_API_KEY is no key of this provider.', 'Give the deployed one.');
    const { mail, appName } = outcome.config;
    await send(createMailer(mail), mail, { to, appName, appUrl });
    steps.say(`${mail.provider} took it: look into the mailbox`);
    if (!isKeyDeployed) steps.say(`It went by the key that was given, which may not be the deployed one. ${instead}`);
  });
};

type Letter = { to: string; appName: string; appUrl: string };

const send = async (
  mailer: Mailer,
  { provider, from }: MailAccount,
  { to, appName, appUrl }: Letter,
): Promise<void> => {
  const text = `This is the test mail of ${appName}, which is deployed at ${appUrl}. Mails go out by ${provider}.`;
  const html = `<p>${text.replaceAll('&', '&amp;')}</p>`;
  const mail = { jobId: randomUUID(), repeat: 0, from, to, subject: `${appName}: test mail`, text: `${text}\n`, html };
  const delivery = await mailer.send(mail);
  if (delivery.kind === 'accepted') return;
  throw new DeployError(
    `It is deployed and answers, but ${provider} did not take the test mail: ${delivery.reason}.`,
    delivery.kind === 'retry' && !delivery.isOurFault
      ? 'Nothing of the deployment is wrong by that: look at its status, and at MAIL_PROVIDER and MAIL_REGION.'
      : 'Is the domain of MAIL_FROM verified there, and may the key send? A deployed key is replaced by\n' +
          '`npx wrangler secret put MAIL_API_KEY`.',
  );
};
