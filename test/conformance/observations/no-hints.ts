/** Whether any page asks for a hint or a secret question: a row of two standards. */
import { verdict } from '../check.ts';
import type { Context } from '../context.ts';
import { surveyPages } from './survey.ts';

const HINTS = /\bhint\b|secret question|security question|maiden|first pet/i;

export const noHints = async (context: Context) => {
  const pages = await context.once(surveyPages);
  const found = pages.flatMap(({ name, fields, words }) => [
    ...fields
      .filter(({ label, name: field }) => HINTS.test(`${label} ${field}`))
      .map(({ label }) => `${name}: ${label}`),
    ...(HINTS.test(words) ? [`${name}: ${HINTS.exec(words)?.[0]}`] : []),
  ]);
  return verdict(
    found.length === 0,
    found.join('; ') || `none among ${pages.flatMap(({ fields }) => fields).length} fields on ${pages.length} pages`,
  );
};
