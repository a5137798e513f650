/** Passwords: hidden until asked, and pasted at will. */
import { createSignal, type JSX } from 'solid-js';
import { PASSWORD_MAX_LENGTH } from '../../worker/contract/fields.ts';
import { PASSWORD_MIN_LENGTH } from '../settings.ts';
import { say } from '../words.ts';
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
        <span class="visually-hidden">{say('every-page.show-password')}</span>
      </button>
    </Field>
  );
};
