/** What a report shows of a stored password: scheme and cost, and never the salt or the hash. */

export const shownForm = (stored: string): string => {
  const named = stored.startsWith('$') ? stored.split('$').slice(0, 3).join('$') : '';
  return named === '' ? `${stored.length} characters that name neither` : `${named}...`;
};
