/** A letter as it is sent. The layout is loaded by name: its JSX is a matter of the Worker's program, not of this one. */
import type { resetLetter } from '../../worker/mail/letters.ts';

export type Letter = ReturnType<typeof resetLetter>;
type Layout = {
  renderLetter: (letter: Letter, appName: string) => { subject: string; text: string; html: string };
};

const LAYOUT = '../../worker/mail/letter-layout.tsx';
export const { renderLetter } = (await import(/* @vite-ignore */ LAYOUT)) as Layout;
