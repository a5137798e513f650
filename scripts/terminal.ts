/** Asking whoever sits at the terminal. What is secret is not shown while it is typed. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export type Terminal = {
  /** One line, trimmed; null where there is nobody any more. */
  ask(question: string): Promise<string | null>;
  askSecret(question: string): Promise<string | null>;
};

export const createTerminal = (input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Terminal => {
  const read = (question: string, isShown: boolean) =>
    new Promise<string | null>(resolve => {
      output.write(question);
      // Readline echoes into its output: for a secret that leads nowhere.
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = createInterface({ input, output: isShown ? output : nowhere, terminal: true });
      let answer: string | null = null;
      lines.once('line', line => {
        answer = line.trim();
        lines.close();
      });
      lines.once('SIGINT', () => lines.close());
      lines.once('close', () => {
        if (!isShown || answer === null) output.write('\n');
        resolve(answer);
      });
    });
  return { ask: question => read(question, true), askSecret: question => read(question, false) };
};
