/** Who is signed in, as far as this tab knows. Asked once at the start and when the tab is looked at again. */
import { createSignal, untrack } from 'solid-js';
import type { User } from '../worker/contract/responses.ts';
import { api, ask, type Failure } from './api.ts';
import { showFlash } from './flash.ts';

/** `unavailable`: we asked and got no answer. The forms for signed-out people work all the same. */
type Session = { kind: 'unknown' } | { kind: 'known'; user: User | null } | { kind: 'unavailable'; failure: Failure };

const sameSession = (a: Session, b: Session) => JSON.stringify(a) === JSON.stringify(b);
const [session, setSession] = createSignal<Session>({ kind: 'unknown' }, { equals: sameSession });
let newestQuestion = 0;

export { session };

export const signedInUser = (): User | null => {
  const current = session();
  return current.kind === 'known' ? current.user : null;
};

export const sessionFailure = (): Failure | null => {
  const current = session();
  return current.kind === 'unavailable' ? current.failure : null;
};

/** What an answer told us: a sign-in, a registration, a sign-out. Outruns questions that are under way. */
export const setSignedInUser = (user: User | null) => {
  newestQuestion += 1;
  setSession({ kind: 'known', user });
};

/** A call was refused because nobody is signed in any more. The guards lead to the login form, and the message goes along. */
export const loseSession = () => {
  showFlash('warning', 'Your session has ended. Log in again to go on.');
  setSignedInUser(null);
};

/** Asks again. What is known stays while we ask, and when there is no answer. */
const refreshSession = async () => {
  newestQuestion += 1;
  const question = newestQuestion;
  const answer = await ask(api.session.$get());
  if (question !== newestQuestion) return;
  if (answer.ok) setSession({ kind: 'known', user: answer.value.user });
  else if (untrack(session).kind !== 'known') setSession({ kind: 'unavailable', failure: answer.failure });
};

/** Forgets first: for when what we know may be wrong, as after a reset. */
export const askSessionAnew = () => {
  setSession({ kind: 'unknown' });
  return refreshSession();
};

export const watchSession = () => {
  void refreshSession();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void refreshSession();
  });
};
