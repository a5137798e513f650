/** Shown while we do not know yet what to show. Stays invisible for a moment: most waits end before it is seen. */
import { say } from '../words.ts';

export const Waiting = (props: { text?: string }) => (
  <p class="waiting" aria-live="polite">
    <span class="spinner" aria-hidden="true" />
    <span class={props.text ? undefined : 'visually-hidden'}>{props.text ?? say('every-page.loading')}</span>
  </p>
);
