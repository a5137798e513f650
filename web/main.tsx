/** The start. A link's token leaves the address bar before anything else reads the address, the router included. */
import { render } from 'solid-js/web';
import { App } from './app.tsx';
import { keepLinkTokenOutOfSight } from './link-token.ts';
import { watchSession } from './session.ts';

keepLinkTokenOutOfSight();
watchSession();

const root = document.getElementById('root');
if (root) render(() => <App />, root);
