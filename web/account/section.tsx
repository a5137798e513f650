/** One part of the account page, with an address of its own: `/account#password` leads to it, however late it is there. */
import { useLocation } from '@solidjs/router';
import { createEffect, type JSX, Show } from 'solid-js';

type SectionProps = { id: string; heading: string; isDangerous?: boolean; about?: JSX.Element; children: JSX.Element };

const headingOf = (id: string) => `${id}-heading`;

/** For when the button that had the focus is gone. */
export const focusSection = (id: string) => document.getElementById(headingOf(id))?.focus();

export const Section = (props: SectionProps) => {
  const location = useLocation();
  createEffect(() => {
    if (location.hash !== `#${props.id}`) return;
    focusSection(props.id);
    document.getElementById(props.id)?.scrollIntoView();
  });
  return (
    <section
      id={props.id}
      class="card"
      classList={{ 'card-danger': props.isDangerous ?? false }}
      aria-labelledby={headingOf(props.id)}
    >
      <h2 id={headingOf(props.id)} tabindex="-1">
        {props.heading}
      </h2>
      <Show when={props.about}>
        <p class="lede">{props.about}</p>
      </Show>
      {props.children}
    </section>
  );
};
