/** What cannot be undone: the end of the account. */
import type { User } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { forgetPerson } from '../components/asked.ts';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { Sentence } from '../components/sentence.tsx';
import { useRedirect } from '../flash.ts';
import { setSignedInUser } from '../session.ts';
import { say } from '../words.ts';
import { createChangePending } from './change-pending.tsx';
import { Confirm } from './confirm.tsx';
import { CurrentPasswordField, currentPasswordProblem } from './current-password.tsx';
import { Section } from './section.tsx';

type Values = { username: string; currentPassword: string };

export const DangerZone = (props: { user: User }) => {
  const redirect = useRedirect();
  const { isPending, Reason } = createChangePending();
  const leave = () => {
    forgetPerson();
    redirect('/', { kind: 'success', text: say('account.deleted') });
    setSignedInUser(null);
  };
  const repeatProblem = (username: string) =>
    username.toLowerCase() === props.user.username.toLowerCase()
      ? null
      : say('account.delete-type', { username: props.user.username });
  return (
    <Section id="danger" heading={say('account.danger')} isDangerous about={say('account.danger-about')}>
      <Confirm button={say('account.delete-account')} isDangerous question={say('account.delete-question')}>
        {cancel => (
          <Form
            button={say('account.delete-my-account')}
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
              <Sentence
                of="account.delete-confirm"
                parts={{ username: () => <strong>{props.user.username}</strong> }}
              />
            </p>
            <Field name="username" label={say('account.your-username')} autocomplete="off" />
            <CurrentPasswordField email={props.user.email} />
            <Reason />
          </Form>
        )}
      </Confirm>
    </Section>
  );
};
