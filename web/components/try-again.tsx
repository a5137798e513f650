/** Something could not be loaded, and a button that tries it again. */
import { say } from '../words.ts';

export const TryAgain = (props: { text: string; onRetry: () => void }) => (
  <div class="try-again">
    <p role="alert">{props.text}</p>
    <button type="button" class="button" onClick={() => props.onRetry()}>
      {say('every-page.try-again')}
    </button>
  </div>
);
