/** Something could not be loaded, and a button that tries it again. */
export const TryAgain = (props: { text: string; onRetry: () => void }) => (
  <div class="try-again">
    <p role="alert">{props.text}</p>
    <button type="button" class="button" onClick={() => props.onRetry()}>
      Try Again
    </button>
  </div>
);
