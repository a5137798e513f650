/** Who is signed in, as far as this tab knows. Asked once at the start and when the tab is looked at again. */
import { createSignal, untrack } from 'solid-js';
import type { User } from '../worker/contract/responses.ts';
import { api, ask, type Failure } from './api.ts';
import { showFlash } from './flash.ts';
import { keepLanguage, language, say, speak } from './words.ts';

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

/** The account's language wins over the browser's. What is known waits for its words: no page shows in two languages. */
const know = async (user: User | null, question: number) => {
  if (user && user.language !== untrack(language)) {
    await speak(user.language);
    if (question !== newestQuestion) return;
  }
  // Also where its words did not come: the next visit tries again.
  if (user) keepLanguage(user.language);
  setSession({ kind: 'known', user });
};

/** What an answer told us: a sign-in, a registration, a sign-out. Outruns questions that are under way. */
export const setSignedInUser = (user: User | null) => {
  newestQuestion += 1;
  void know(user, newestQuestion);
};

/** A call was refused because nobody is signed in any more. The guards lead to the login form, and the message goes along. */
export const loseSession = () => {
  showFlash('warning', say('every-page.session-ended'));
  setSignedInUser(null);
};

/** Asks again. What is known stays while we ask, and when there is no answer. */
const refreshSession = async () => {
  newestQuestion += 1;
  const question = newestQuestion;
  const answer = await ask(api.session.$get());
  if (question !== newestQuestion) return;
  if (answer.ok) await know(answer.value.user, question);
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
