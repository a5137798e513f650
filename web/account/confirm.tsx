/** A button that asks before it acts. The question takes its place; Cancel and Escape bring it back. */
import { createSignal, createUniqueId, type JSX, onMount, Show } from 'solid-js';
import { say } from '../words.ts';

type ConfirmProps = {
  button: string;
  isDangerous?: boolean;
  question: JSX.Element;
  /** What to press or fill in; gets the button that cancels. */
  children: (cancel: JSX.Element) => JSX.Element;
};

export const Confirm = (props: ConfirmProps) => {
  const [open, setOpen] = createSignal(false);
  const id = createUniqueId();
  let opener!: HTMLButtonElement;
  const close = () => {
    setOpen(false);
    opener.focus();
  };
  const Question = () => {
    let group!: HTMLFieldSetElement;
    onMount(() => group.focus());
    return (
      <fieldset
        ref={group}
        class="confirm"
        tabindex="-1"
        aria-labelledby={id}
        onKeyDown={event => event.key === 'Escape' && close()}
      >
        <p id={id}>{props.question}</p>
        {props.children(
          <button type="button" class="button" onClick={close}>
            {say('account.cancel')}
          </button>,
        )}
      </fieldset>
    );
  };
  return (
    <Show
      when={open()}
      fallback={
        <button
          ref={opener}
          type="button"
          class="button"
          classList={{ 'button-danger': props.isDangerous ?? false }}
          onClick={() => setOpen(true)}
        >
          {props.button}
        </button>
      }
    >
      <Question />
    </Show>
  );
};
