/** A labelled input with its help and its error, tied together for screen readers. */
import { createUniqueId, type JSX, Show } from 'solid-js';
import { useForm } from './form.tsx';

declare module 'solid-js' {
  namespace JSX {
    interface ExplicitAttributes {
      passwordrules: string | undefined;
    }
  }
}

export type FieldProps = {
  name: string;
  label: string;
  autocomplete: JSX.HTMLAutocomplete;
  type?: 'text' | 'email' | 'password';
  value?: string;
  readonly?: boolean;
  minlength?: number | undefined;
  passwordRules?: string | undefined;
  help?: JSX.Element;
  onValue?: (value: string) => void;
  /** At the end of the input, inside its frame. */
  children?: JSX.Element;
};

export const Field = (props: FieldProps) => {
  const form = useForm();
  const id = createUniqueId();
  const error = () => form.error(props.name);
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <div class="control">
        <input
          id={id}
          name={props.name}
          type={props.type ?? 'text'}
          // Addresses, names and passwords are not prose: no language turns them round.
          dir="ltr"
          inputmode={props.type === 'email' ? 'email' : undefined}
          autocomplete={props.autocomplete}
          autocapitalize="none"
          spellcheck={false}
          value={props.value ?? ''}
          readonly={props.readonly}
          required={!props.readonly}
          minlength={props.minlength}
          attr:passwordrules={props.passwordRules}
          aria-invalid={error() ? true : undefined}
          aria-describedby={props.help ? `${id}-error ${id}-help` : `${id}-error`}
          onInput={event => props.onValue?.(event.currentTarget.value)}
        />
        {props.children}
      </div>
      <p class="error" id={`${id}-error`} aria-live="polite">
        {error()}
      </p>
      <Show when={props.help}>
        <div class="help" id={`${id}-help`}>
          {props.help}
        </div>
      </Show>
    </div>
  );
};
