/** A chunk or the words that do not come: offline, or a deployment replaced them since this tab was opened. */
import { say } from '../words.ts';
import { CardPage } from './card-page.tsx';
import { TryAgain } from './try-again.tsx';

export const Broken = () => (
  <CardPage heading={say('every-page.broken-heading')}>
    <TryAgain text={say('every-page.broken-text')} onRetry={() => window.location.reload()} />
  </CardPage>
);
