import { Sentence } from '../components/sentence.tsx';

/** What a change of address means for the next days, said before it is made. */
export const UndoNote = (props: { email: string }) => (
  <p class="note">
    <Sentence of="choosing.undo-note" parts={{ email: () => props.email }} />
  </p>
);
