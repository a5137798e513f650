/** The shape that nearly every page has: one card in the middle, and under it a line that leads elsewhere. */
import type { JSX } from 'solid-js';
import { Heading } from './heading.tsx';

export const CardPage = (props: { heading: string; children: JSX.Element; below?: JSX.Element }) => (
  <>
    <section class="card">
      <Heading title={props.heading}>{props.heading}</Heading>
      {props.children}
    </section>
    {props.below && <p class="below">{props.below}</p>}
  </>
);
