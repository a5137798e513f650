/** Passwords: hidden until asked, pasted at will, and a new one counted as it grows. */
import { createSignal, type JSX } from 'solid-js';
import { newPasswordProblem, PASSWORD_MAX_LENGTH, passwordLength } from '../../worker/contract/fields.ts';
import { PASSWORD_MIN_LENGTH } from '../settings.ts';
import { Field } from './field.tsx';
import { Icon } from './icon.tsx';

const RULES = `minlength: ${PASSWORD_MIN_LENGTH}; maxlength: ${PASSWORD_MAX_LENGTH};`;

type PasswordFieldProps = {
  name: string;
  label: string;
  isNew?: boolean;
  help?: JSX.Element;
  onValue?: (value: string) => void;
};

export const PasswordField = (props: PasswordFieldProps) => {
  const [shown, setShown] = createSignal(false);
  return (
    <Field
      name={props.name}
      label={props.label}
      type={shown() ? 'text' : 'password'}
      autocomplete={props.isNew ? 'new-password' : 'current-password'}
      minlength={props.isNew ? PASSWORD_MIN_LENGTH : undefined}
      passwordRules={props.isNew ? RULES : undefined}
      help={props.help}
      onValue={value => props.onValue?.(value)}
    >
      <button type="button" class="icon-button" aria-pressed={shown()} onClick={() => setShown(!shown())}>
        <Icon name={shown() ? 'slash' : 'eye'} />
        <span class="visually-hidden">Show password</span>
      </button>
    </Field>
  );
};

/** A new password, and the same again. */
export const NewPasswordFields = () => {
  const [length, setLength] = createSignal(0);
  const enough = () => length() >= PASSWORD_MIN_LENGTH;
  return (
    <>
      <PasswordField
        name="password"
        label="Password"
        isNew
        onValue={value => setLength(passwordLength(value))}
        help={
          <>
            <p class="count" aria-hidden="true">
              <progress max={PASSWORD_MIN_LENGTH} value={Math.min(length(), PASSWORD_MIN_LENGTH)} />
              {enough() ? `${length()} characters` : `${length()} of ${PASSWORD_MIN_LENGTH}`}
            </p>
            At least {PASSWORD_MIN_LENGTH} characters. Three or four unrelated words work well, or let your browser
            suggest one.
          </>
        }
      />
      <p class="visually-hidden" aria-live="polite">
        {enough() ? 'The password is long enough.' : ''}
      </p>
      <PasswordField name="confirmation" label="Confirm Password" isNew />
    </>
  );
};

/** What is wrong with the two fields; null where nothing is. */
export const newPasswordProblems = (values: { password: string; confirmation: string }) => {
  const password = newPasswordProblem(values.password, PASSWORD_MIN_LENGTH);
  const differs = values.password !== values.confirmation;
  return { password, confirmation: !password && differs ? 'The two passwords are not the same.' : null };
};
