/** Said at the form that a change of address bars for 7 days: it is no mistake in any field, and it lasts. */
import { createSignal, Show } from 'solid-js';
import type { Failure } from '../api.ts';
import { dismissFlash } from '../flash.ts';
import { problemText } from '../problem-text.ts';

export const createChangePending = () => {
  const [reason, setReason] = createSignal<Failure>();
  return {
    /** For the form's `failed`. */
    isPending: (failure: Failure): boolean => {
      if (failure.code !== 'change_pending') return false;
      dismissFlash();
      setReason(failure);
      return true;
    },
    /** Stands in the page before any text does, or screen readers miss it. */
    Reason: () => (
      <div class="reason" role="alert">
        <Show when={reason()}>{failure => <p class="note note-danger">{problemText(failure())}</p>}</Show>
      </div>
    ),
  };
};
