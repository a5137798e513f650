/** What is dear to find out and the same for many requests is kept by the isolate: in memory only, and not for ever. */

/** Whoever sends a new value each time gains nothing but the work of today. */
const MAX_KEPT = 500;

/** The same function, which remembers its latest answers. `find` depends on nothing but what it is given. */
export const remembered = <Answer>(find: (given: string) => Answer): ((given: string) => Answer) => {
  const answers = new Map<string, Answer>();
  return given => {
    const known = answers.get(given);
    if (known !== undefined) return known;
    const answer = find(given);
    if (answers.size >= MAX_KEPT) answers.clear();
    answers.set(given, answer);
    return answer;
  };
};
