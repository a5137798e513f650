/** The start. A link's token leaves the address bar before anything else reads the address, the router included. */
import { render } from 'solid-js/web';
import { App } from './app.tsx';
import { Broken } from './components/broken.tsx';
import { firstWords } from './first-words.ts';
import { keepLinkTokenOutOfSight } from './link-token.ts';
import { watchSession } from './session.ts';
import { beginIn } from './words.ts';

keepLinkTokenOutOfSight();

const root = document.getElementById('root');
void firstWords.then(language => {
  if (!root) return;
  if (!language) return void render(() => <Broken />, root);
  beginIn(language);
  render(() => <App />, root);
});

watchSession();
