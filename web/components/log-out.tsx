/** The way out, in the header of every page of a signed-in person. */
import { createSignal } from 'solid-js';
import { api, ask } from '../api.ts';
import { showFlash, useRedirect } from '../flash.ts';
import { problemText } from '../problem-text.ts';
import { setSignedInUser } from '../session.ts';
import { say } from '../words.ts';
import { forgetPerson } from './asked.ts';

export const LogOut = () => {
  const redirect = useRedirect();
  const [pending, setPending] = createSignal(false);
  const logOut = async () => {
    if (pending()) return;
    setPending(true);
    const answer = await ask(api.session.$delete());
    setPending(false);
    if (!answer.ok) return showFlash('danger', problemText(answer.failure));
    forgetPerson();
    redirect('/', { kind: 'info', text: say('every-page.logged-out') });
    setSignedInUser(null);
  };
  return (
    <button type="button" class="button button-small" aria-disabled={pending()} onClick={logOut}>
      {say('every-page.log-out')}
    </button>
  );
};
