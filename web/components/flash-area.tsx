/** Where messages appear. Both live regions stand in the page before any text does, or screen readers miss it. */
import { Show } from 'solid-js';
import { dismissFlash, type Flash, flash } from '../flash.ts';
import { say } from '../words.ts';
import { Icon } from './icon.tsx';

const isUrgent = (message: Flash) => message.kind === 'warning' || message.kind === 'danger';

/** Keyed by the message, so that the same words are said again when they are shown again. */
const Words = (props: { urgent: boolean }) => {
  const message = () => {
    const shown = flash();
    return shown && isUrgent(shown) === props.urgent && shown;
  };
  return (
    <Show when={message()} keyed>
      {({ text, more }) => (
        <>
          <p>{text}</p>
          {more && <p>{more}</p>}
        </>
      )}
    </Show>
  );
};

export const FlashArea = () => (
  <div class={flash() ? `flash flash-${flash()?.kind}` : undefined}>
    <Show when={flash()}>{message => <Icon name={message().kind} />}</Show>
    <div class="flash-text">
      <div role="status">
        <Words urgent={false} />
      </div>
      <div role="alert">
        <Words urgent />
      </div>
    </div>
    <Show when={flash()}>
      <button type="button" class="icon-button" onClick={dismissFlash}>
        <Icon name="close" />
        <span class="visually-hidden">{say('every-page.dismiss')}</span>
      </button>
    </Show>
  </div>
);
