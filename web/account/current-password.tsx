/** What stands before every change that a borrowed browser must not be able to make. */
import { PasswordField } from '../components/password-field.tsx';
import { say } from '../words.ts';

/** The hidden field tells password managers which account it is. */
export const CurrentPasswordField = (props: { email: string }) => (
  <>
    <input type="text" autocomplete="username" value={props.email} readonly hidden />
    <PasswordField name="currentPassword" label={say('account.current-password')} />
  </>
);

export const currentPasswordProblem = (password: string): string | null =>
  password ? null : say('choosing.rule-current_password_empty');
