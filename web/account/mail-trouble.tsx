/** Says so where mails to the account's address come back. Silent while that is unknown: nothing here waits for it. */
import { onMount, Show } from 'solid-js';
import { api, ask } from '../api.ts';
import { say } from '../words.ts';
import { createLoader } from './loaded.tsx';

export const MailTrouble = () => {
  const account = createLoader(() => ask(api.account.$get()));
  onMount(account.load);
  return (
    <Show when={account.value()?.mail === 'bouncing'}>
      <p class="note note-warning" role="status">
        {say('account.mail-trouble')}
      </p>
    </Show>
  );
};
