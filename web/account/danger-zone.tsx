/** What cannot be undone: the end of the account. */
import type { User } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { rememberAddress } from '../components/email-field.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { useRedirect } from '../flash.ts';
import { setSignedInUser } from '../session.ts';
import { createChangePending } from './change-pending.tsx';
import { Confirm } from './confirm.tsx';
import { CurrentPasswordField, currentPasswordProblem } from './current-password.tsx';
import { Section } from './section.tsx';

type Values = { username: string; currentPassword: string };

export const DangerZone = (props: { user: User }) => {
  const redirect = useRedirect();
  const { isPending, Reason } = createChangePending();
  const leave = () => {
    rememberAddress('');
    redirect('/', { kind: 'success', text: 'Your account has been deleted.' });
    setSignedInUser(null);
  };
  const repeatProblem = (username: string) =>
    username.toLowerCase() === props.user.username.toLowerCase() ? null : `Type ${props.user.username} to confirm.`;
  return (
    <Section
      id="danger"
      heading="Danger Zone"
      isDangerous
      about="Deleting your account removes your username, address, password, sessions and activity at once and for good. Your username stays reserved for 30 days."
    >
      <Confirm button="Delete Account" isDangerous question="Delete this account for good?">
        {cancel => (
          <Form
            button="Delete My Account"
            isDangerous
            beside={cancel}
            check={({ username, currentPassword }: Values) => ({
              username: repeatProblem(username),
              currentPassword: currentPasswordProblem(currentPassword),
            })}
            send={({ currentPassword }) => ask(api.account.$delete({ json: { currentPassword } }))}
            done={leave}
            failed={isPending}
          >
            <p>
              This cannot be undone. Type <strong>{props.user.username}</strong> and your current password to go on.
            </p>
            <Field name="username" label="Your Username" autocomplete="off" />
            <CurrentPasswordField email={props.user.email} />
            <Reason />
          </Form>
        )}
      </Confirm>
    </Section>
  );
};
