/** A new password by the current one, or by a mailed link where that is forgotten. */
import type { User } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Form } from '../components/form.tsx';
import { NewPasswordFields, newPasswordProblems } from '../components/password-field.tsx';
import { showFlash } from '../flash.ts';
import { CurrentPasswordField, currentPasswordProblem } from './current-password.tsx';
import { Section } from './section.tsx';

type Values = { currentPassword: string; password: string; confirmation: string };

export const Password = (props: { user: User; onChange: () => void }) => {
  const done = () => {
    showFlash('success', 'Your password has been changed. Every other session has ended.');
    props.onChange();
  };
  const linkMailed = ({ message }: { message: string }) => {
    showFlash('info', message);
    props.onChange();
  };
  return (
    <Section id="password" heading="Password" about="Every other session ends.">
      <Form
        button="Change Password"
        beside={
          <ActionButton class="link-button" send={() => ask(api.account['reset-link'].$post())} done={linkMailed}>
            I forgot my current password
          </ActionButton>
        }
        stays
        check={(values: Values) => ({
          currentPassword: currentPasswordProblem(values.currentPassword),
          ...newPasswordProblems(values),
        })}
        send={({ currentPassword, password }) =>
          ask(api.account.password.$post({ json: { currentPassword, password } }))
        }
        done={done}
      >
        <CurrentPasswordField email={props.user.email} />
        <NewPasswordFields />
      </Form>
    </Section>
  );
};
