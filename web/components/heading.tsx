/** A page's h1. It names the document too, and takes the focus after a navigation, so that screen readers say it. */
import { createEffect, type JSX, onMount } from 'solid-js';
import { APP_NAME } from '../settings.ts';

let isFirstPage = true;

/** `title`: what the document is called, where the heading alone would not say it; '' for the home page. */
export const Heading = (props: { title: string; children: JSX.Element }) => {
  let heading!: HTMLHeadingElement;
  createEffect(() => {
    document.title = props.title ? `${props.title} · ${APP_NAME}` : APP_NAME;
  });
  onMount(() => {
    if (!isFirstPage) heading.focus({ preventScroll: true });
    isFirstPage = false;
  });
  return (
    <h1 ref={heading} tabindex="-1">
      {props.children}
    </h1>
  );
};
