/** The application of the browser tests for who is not Playwright's runner: started, and there. */
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../../scripts/child.ts';
import { MAILBOX_URL } from './ports.ts';

const FOLDER = fileURLToPath(new URL('../..', import.meta.url));

export const startApp = async (): Promise<Child> => {
  const app = startChild({ script: `${FOLDER}test/browser/serve.ts`, folder: FOLDER, onLine: () => {} });
  let how: string | null = null;
  app.ended.then(ended => {
    how = ended;
  });
  // The mailbox opens last.
  while (!(await fetch(`${MAILBOX_URL}/api/mails`).catch(() => null))?.ok) {
    if (how !== null) throw new Error(`The application ended before it listened: ${how}`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  return app;
};
