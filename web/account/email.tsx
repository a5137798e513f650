/** Asking for another address. It is yours when the link in its mailbox was used in a browser that is signed in. */
import type { User } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { emailProblem } from '../components/email-field.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Sentence } from '../components/sentence.tsx';
import { showFlash } from '../flash.ts';
import { say } from '../words.ts';
import { createChangePending } from './change-pending.tsx';
import { CurrentPasswordField, currentPasswordProblem } from './current-password.tsx';
import { MailTrouble } from './mail-trouble.tsx';
import { Section } from './section.tsx';
import { UndoNote } from './undo-note.tsx';

type Values = { email: string; currentPassword: string };

export const Email = (props: { user: User; onChange: () => void }) => {
  const { isPending, Reason } = createChangePending();
  const done = () => {
    showFlash('info', say('account.email-change-asked'));
    props.onChange();
  };
  const newEmailProblem = (email: string) =>
    email.trim().toLowerCase() === props.user.email.toLowerCase()
      ? say('choosing.rule-email_yours_already')
      : emailProblem(email);
  return (
    <Section
      id="email"
      heading={say('every-page.email')}
      about={<Sentence of="account.email-about" parts={{ email: () => <strong>{props.user.email}</strong> }} />}
    >
      <MailTrouble />
      <Form
        button={say('choosing.change-email')}
        stays
        check={({ email, currentPassword }: Values) => ({
          email: newEmailProblem(email),
          currentPassword: currentPasswordProblem(currentPassword),
        })}
        send={({ email, currentPassword }) => ask(api.account.email.$post({ json: { email, currentPassword } }))}
        done={done}
        failed={isPending}
      >
        <UndoNote email={props.user.email} />
        <Field name="email" label={say('choosing.new-email')} type="email" autocomplete="email" />
        <CurrentPasswordField email={props.user.email} />
        <Reason />
      </Form>
    </Section>
  );
};
