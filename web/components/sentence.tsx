/** A sentence with elements in its gaps: the words around them may stand in any order. */
import { For, type JSX } from 'solid-js';
import type { Given } from '../../worker/contract/sentence.ts';
import { type Key, partsOf } from '../words.ts';

/** `given` goes in as text, `parts` as elements by the names of the gaps, each with a direction of its own. */
export const Sentence = (props: { of: Key; given?: Given; parts: { [gap: string]: () => JSX.Element } }) => (
  <For each={partsOf(props.of, props.given)}>
    {(part, index) => (index() % 2 === 0 ? part : <bdi>{props.parts[part]?.()}</bdi>)}
  </For>
);
