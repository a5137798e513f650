/** A new password by the current one, or by a mailed link where that is forgotten. */
import type { User } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Form } from '../components/form.tsx';
import { NewPasswordFields, newPasswordProblems } from '../components/new-password-fields.tsx';
import { showFlash } from '../flash.ts';
import { say } from '../words.ts';
import { CurrentPasswordField, currentPasswordProblem } from './current-password.tsx';
import { Section } from './section.tsx';

type Values = { currentPassword: string; password: string; confirmation: string };

export const Password = (props: { user: User; onChange: () => void }) => {
  const done = () => {
    showFlash('success', say('account.password-changed'));
    props.onChange();
  };
  const linkMailed = () => {
    showFlash('info', say('account.reset-asked'));
    props.onChange();
  };
  return (
    <Section id="password" heading={say('every-page.password')} about={say('account.password-about')}>
      <Form
        button={say('choosing.change-password')}
        beside={
          <ActionButton class="link-button" send={() => ask(api.account['reset-link'].$post())} done={linkMailed}>
            {say('account.forgot-current-password')}
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
