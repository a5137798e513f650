/** What stands before every change that a borrowed browser must not be able to make. */
import { PasswordField } from '../components/password-field.tsx';

/** The hidden field tells password managers which account it is. */
export const CurrentPasswordField = (props: { email: string }) => (
  <>
    <input type="text" autocomplete="username" value={props.email} readonly hidden />
    <PasswordField name="currentPassword" label="Current Password" />
  </>
);

export const currentPasswordProblem = (password: string): string | null =>
  password ? null : 'Enter your current password.';
