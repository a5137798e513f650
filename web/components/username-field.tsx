/** The name that an account goes by. */
import { safeParse } from 'valibot';
import { usernameField } from '../../worker/contract/fields.ts';
import { Field } from './field.tsx';

export const UsernameField = (props: { value?: string }) => (
  <Field
    name="username"
    label="Username"
    autocomplete="nickname"
    value={props.value ?? ''}
    help="2 to 20 letters, digits, dots, underscores or hyphens."
  />
);

/** What is wrong with a username, or null. */
export const usernameProblem = (username: string): string | null =>
  safeParse(usernameField, username).issues?.[0].message ?? null;
