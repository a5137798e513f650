/**
 * Rekey with an ear on its API: every answer that anybody gets meanwhile is held against the description, and what each
 * call has answered is noted.
 */
import { callsOf, createAnswerJudge, createCallFinder, type Description } from './api-description.ts';
import type { Rekey } from './harness.ts';

/** `rekey` is the same to use; `answersOf` has `success` and the codes that a call gave. */
export const createRecorder = (description: Description) => {
  const findCall = createCallFinder(callsOf(description));
  const judge = createAnswerJudge(description);
  const wrong: string[] = [];
  const answers = new Map<string, Set<string>>();

  const note = async (method: string, path: string, response: Response) => {
    const isHead = method === 'HEAD';
    const { pathname } = new URL(path, 'http://localhost');
    const call = findCall(method, pathname);
    if (!call) return;
    const { status, headers } = response;
    const text = await response.text();
    const title = `${method} ${path} answered ${status}`;
    wrong.push(...judge(call, { status, headers, text, isHead }).map(what => `${title}: ${what}`));
    const given = status < 400 ? 'success' : isHead ? 'HEAD' : String(JSON.parse(text).code);
    answers.set(call.id, (answers.get(call.id) ?? new Set()).add(given));
  };

  return {
    wrong,
    answersOf: (id: string): ReadonlySet<string> => answers.get(id) ?? new Set(),
    record: (rekey: Rekey): Rekey => ({
      ...rekey,
      async fetch(path, init) {
        const response = await rekey.fetch(path, init);
        await note(init?.method ?? 'GET', path, response.clone() as unknown as Response);
        return response;
      },
    }),
  };
};
