/** The name that an account goes by. */
import { brokenUsernameRule, USERNAME_MAX_LENGTH, USERNAME_MIN_LENGTH } from '../../worker/contract/fields.ts';
import { ruleText } from '../problem-text.ts';
import { say } from '../words.ts';
import { Field } from './field.tsx';

const LENGTHS = { min: USERNAME_MIN_LENGTH, max: USERNAME_MAX_LENGTH };

export const UsernameField = (props: { value?: string }) => (
  <Field
    name="username"
    label={say('choosing.username')}
    autocomplete="nickname"
    value={props.value ?? ''}
    help={say('choosing.username-help', LENGTHS)}
  />
);

/** What is wrong with a username, or null. */
export const usernameProblem = (username: string): string | null => {
  const broken = brokenUsernameRule(username);
  return (broken && ruleText(broken, LENGTHS)) ?? null;
};
