/**
 * A form: read, check, send, and say what came of it. Fields keep their own text in the DOM, so whatever goes wrong,
 * what was typed stays. Errors sit on their fields; everything else is a flash message.
 */
import { createContext, createMemo, createSignal, type JSX, onCleanup, Show, useContext } from 'solid-js';
import type { Failure, Result } from '../api.ts';
import { dismissFlash, showFlash } from '../flash.ts';
import { fieldErrorText, problemText, waitText } from '../problem-text.ts';
import { loseSession } from '../session.ts';
import { say } from '../words.ts';
import { createCountdown } from './countdown.ts';

type Errors = { [field: string]: string | null | undefined };
const NO_ERRORS = { tell: (): Errors => ({}), forgiven: [] };
type FormState = { error: (field: string) => string | undefined };

type FormProps<Values extends Record<string, string>, Value> = {
  button: string;
  /** For what cannot be undone. */
  isDangerous?: boolean;
  /** The page stays when it is done: the fields start anew. */
  stays?: boolean;
  /** Beside the button. */
  beside?: JSX.Element;
  /** What is wrong with each field; nothing is sent while anything is. */
  check: (values: Values) => { [field in keyof Values]?: string | null };
  send: (values: Values) => Promise<Result<Value>>;
  done: (value: Value, values: Values) => void;
  /** True when the page dealt with this failure itself. */
  failed?: (failure: Failure, values: Values) => boolean;
  children: JSX.Element;
};

const FormContext = createContext<FormState>({ error: () => undefined });
export const useForm = () => useContext(FormContext);

/** By element and not by FormData, which mends broken characters in silence. A box that is not ticked is ''. */
const readValues = (form: HTMLFormElement) =>
  Object.fromEntries(
    [...form.elements]
      .filter(element => element instanceof HTMLInputElement)
      .map(input => [input.name, input.type === 'checkbox' && !input.checked ? '' : input.value]),
  );

/** The failures that are about one field. */
const FIELDS: { [code: string]: string } = { username_taken: 'username', wrong_password: 'currentPassword' };

const errorsOf = (failure: Failure): Errors => {
  const field = FIELDS[failure.code];
  if (field) return { [field]: problemText(failure) };
  return Object.fromEntries(failure.errors.map(error => [error.field, fieldErrorText(error)]));
};

export const Form = <Values extends Record<string, string>, Value>(props: FormProps<Values, Value>) => {
  let form!: HTMLFormElement;
  /** Told anew in another language, and without those that were typed over. */
  const [told, setTold] = createSignal<{ tell: () => Errors; forgiven: string[] }>(NO_ERRORS);
  const errors = createMemo((): Errors => {
    const { tell, forgiven } = told();
    return Object.fromEntries(Object.entries(tell()).filter(([field]) => !forgiven.includes(field)));
  });
  const [pending, setPending] = createSignal(false);
  const [round, setRound] = createSignal(1);
  const wait = createCountdown(() => showFlash('info', say('every-page.try-again-now')));

  /** Whether any field of this form took an error; the first that did has the focus. */
  const showErrors = (tell: () => Errors): boolean => {
    setTold({ tell, forgiven: [] });
    const first = form.querySelector<HTMLElement>('[aria-invalid=true]');
    if (first) dismissFlash();
    first?.focus();
    return first !== null;
  };

  const fail = (failure: Failure, values: Values) => {
    setPending(false);
    if (props.failed?.(failure, values)) return;
    if (failure.code === 'not_signed_in') return loseSession();
    if (showErrors(() => errorsOf(failure))) return;
    showFlash('danger', problemText(failure));
    wait.start(failure.retryAfterSeconds);
  };

  const finish = (value: Value, values: Values) => {
    props.done(value, values);
    // Else the button stays as it is: the page is about to be left.
    if (!props.stays) return;
    setPending(false);
    setTold(NO_ERRORS);
    setRound(round() + 1);
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (pending() || wait.seconds() > 0) return;
    const values = readValues(form) as Values;
    if (showErrors(() => props.check(values))) return;
    setPending(true);
    const result = await props.send(values);
    if (result.ok) finish(result.value, values);
    else if (form.isConnected) fail(result.failure, values);
  };

  const forgiveOnInput = (event: InputEvent) => {
    const { name } = event.target as HTMLInputElement;
    if (errors()[name]) setTold({ ...told(), forgiven: [...told().forgiven, name] });
    // A wait belongs to the address that was guessed at.
    if (name === 'email') wait.stop();
  };

  onCleanup(wait.stop);
  return (
    <FormContext.Provider value={{ error: field => errors()[field] ?? undefined }}>
      <form ref={form} method="post" novalidate onSubmit={submit} onInput={forgiveOnInput}>
        <Show when={round()} keyed>
          {_ => props.children}
        </Show>
        <div class="actions">
          <button
            type="submit"
            class={props.isDangerous ? 'button button-danger' : 'button button-primary'}
            aria-disabled={pending() || wait.seconds() > 0}
          >
            <Show when={pending()}>
              <span class="spinner" aria-hidden="true" />
            </Show>
            {props.button}
          </button>
          {props.beside}
        </div>
        <Show when={wait.seconds() > 0}>
          <p class="help" role="timer">
            {say('every-page.try-again-in', { wait: waitText(wait.seconds()) })}
          </p>
        </Show>
      </form>
    </FormContext.Provider>
  );
};
