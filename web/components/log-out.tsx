/** The way out, in the header of every page of a signed-in person. */
import { createSignal } from 'solid-js';
import { api, ask } from '../api.ts';
import { showFlash, useRedirect } from '../flash.ts';
import { problemText } from '../problem-text.ts';
import { setSignedInUser } from '../session.ts';

export const LogOut = () => {
  const redirect = useRedirect();
  const [pending, setPending] = createSignal(false);
  const logOut = async () => {
    if (pending()) return;
    setPending(true);
    const answer = await ask(api.session.$delete());
    setPending(false);
    if (!answer.ok) return showFlash('danger', problemText(answer.failure));
    redirect('/', { kind: 'info', text: 'You are logged out.' });
    setSignedInUser(null);
  };
  return (
    <button type="button" class="button button-small" aria-disabled={pending()} onClick={logOut}>
      Log Out
    </button>
  );
};
