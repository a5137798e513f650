/** What a change of address means for the next days, said before it is made. */
export const UndoNote = (props: { email: string }) => (
  <p class="note">
    For 7 days a link sent to {props.email} can undo this, and you cannot change it again or delete the account.
  </p>
);
