/** A new password, counted as it grows, and the same again. */
import { createSignal } from 'solid-js';
import { brokenPasswordRule, PASSWORD_MAX_LENGTH, passwordLength } from '../../worker/contract/fields.ts';
import { ruleText } from '../problem-text.ts';
import { PASSWORD_MIN_LENGTH } from '../settings.ts';
import { say } from '../words.ts';
import { PasswordField } from './password-field.tsx';

export const NewPasswordFields = () => {
  const [length, setLength] = createSignal(0);
  const enough = () => length() >= PASSWORD_MIN_LENGTH;
  return (
    <>
      <PasswordField
        name="password"
        label={say('every-page.password')}
        isNew
        onValue={value => setLength(passwordLength(value))}
        help={
          <>
            <p class="count" aria-hidden="true">
              <progress max={PASSWORD_MIN_LENGTH} value={Math.min(length(), PASSWORD_MIN_LENGTH)} />
              {enough()
                ? say('choosing.password-count', { count: length() })
                : say('choosing.password-count-so-far', { length: length(), min: PASSWORD_MIN_LENGTH })}
            </p>
            {say('choosing.password-help', { min: PASSWORD_MIN_LENGTH })}
          </>
        }
      />
      <p class="visually-hidden" aria-live="polite">
        {enough() ? say('choosing.password-long-enough') : ''}
      </p>
      <PasswordField name="confirmation" label={say('choosing.confirm-password')} isNew />
    </>
  );
};

/** What is wrong with the two fields; null where nothing is. */
export const newPasswordProblems = (values: { password: string; confirmation: string }) => {
  const broken = brokenPasswordRule(values.password, PASSWORD_MIN_LENGTH);
  const numbers = { min: PASSWORD_MIN_LENGTH, max: PASSWORD_MAX_LENGTH, length: passwordLength(values.password) };
  const differs = values.password !== values.confirmation;
  return {
    password: broken && (ruleText(broken, numbers) ?? null),
    confirmation: !broken && differs ? say('choosing.passwords-differ') : null,
  };
};
