/** What a section shows when it comes late, may fail and may be asked for again. What is there stays meanwhile. */
import { type Accessor, createSignal, type JSX, Match, onCleanup, Switch, untrack } from 'solid-js';
import type { Failure, Result } from '../api.ts';
import { TryAgain } from '../components/try-again.tsx';
import { Waiting } from '../components/waiting.tsx';
import { problemText } from '../problem-text.ts';
import { loseSession } from '../session.ts';

type Loader<Value> = { value: Accessor<Value | undefined>; failure: Accessor<Failure | undefined>; load: () => void };

export const createLoader = <Value,>(ask: () => Promise<Result<Value>>): Loader<Value> => {
  const [value, setValue] = createSignal<Value>();
  const [failure, setFailure] = createSignal<Failure>();
  let newestQuestion = 0;

  const load = async () => {
    newestQuestion += 1;
    const question = newestQuestion;
    setFailure(undefined);
    const result = await ask();
    if (question !== newestQuestion) return;
    if (result.ok) setValue(() => result.value);
    else if (result.failure.code === 'not_signed_in') loseSession();
    else if (untrack(value) === undefined) setFailure(result.failure);
  };

  onCleanup(() => {
    newestQuestion += 1;
  });
  return { value, failure, load: () => void load() };
};

export const Loaded = <Value,>(props: { from: Loader<Value>; children: (value: Accessor<Value>) => JSX.Element }) => (
  <Switch fallback={<Waiting />}>
    <Match when={props.from.value()}>{value => props.children(value as Accessor<Value>)}</Match>
    <Match when={props.from.failure()}>
      {failure => <TryAgain text={problemText(failure())} onRetry={props.from.load} />}
    </Match>
  </Switch>
);
