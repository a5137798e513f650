/** Said at the form that a change of address bars for 7 days: it is no mistake in any field, and it lasts. */
import { createSignal, Show } from 'solid-js';
import type { Failure } from '../api.ts';
import { dismissFlash } from '../flash.ts';

export const createChangePending = () => {
  const [reason, setReason] = createSignal<string>();
  return {
    /** For the form's `failed`. */
    isPending: ({ code, detail }: Failure): boolean => {
      if (code !== 'change_pending') return false;
      dismissFlash();
      setReason(detail);
      return true;
    },
    /** Stands in the page before any text does, or screen readers miss it. */
    Reason: () => (
      <div class="reason" role="alert">
        <Show when={reason()}>
          <p class="note note-danger">{reason()}</p>
        </Show>
      </div>
    ),
  };
};
