/** A button that does one thing without a form. What goes wrong is said as a message. */
import { createSignal, type JSX, Show } from 'solid-js';
import type { Failure, Result } from '../api.ts';
import { showFlash } from '../flash.ts';
import { problemText } from '../problem-text.ts';
import { loseSession } from '../session.ts';

type ActionButtonProps<Value> = {
  class?: string;
  send: () => Promise<Result<Value>>;
  done: (value: Value) => void;
  /** True when this failure was dealt with. */
  failed?: (failure: Failure) => boolean;
  children: JSX.Element;
};

export const ActionButton = <Value,>(props: ActionButtonProps<Value>) => {
  const [pending, setPending] = createSignal(false);

  const fail = (failure: Failure) => {
    if (props.failed?.(failure)) return;
    if (failure.code === 'not_signed_in') loseSession();
    else showFlash('danger', problemText(failure));
  };

  const act = async () => {
    if (pending()) return;
    setPending(true);
    const result = await props.send();
    setPending(false);
    if (result.ok) props.done(result.value);
    else fail(result.failure);
  };

  return (
    <button type="button" class={props.class ?? 'button'} aria-disabled={pending()} onClick={act}>
      <Show when={pending()}>
        <span class="spinner" aria-hidden="true" />
      </Show>
      {props.children}
    </button>
  );
};
