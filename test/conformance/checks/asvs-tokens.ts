/** ASVS 5.0, chapter 9: signed tokens. */
import type { Check } from '../check.ts';
import { forgeryRow } from '../observations/forged-tokens.ts';

const asvs = { standard: 'OWASP ASVS 5.0', level: 1 } as const;

export const tokenRows: readonly Check[] = [
  forgeryRow(
    { ...asvs, id: 'ASVS 9.1.1', requirement: 'A token is believed only after its signature was checked.' },
    'unsigned',
    'tampered',
    'foreign key',
  ),
  forgeryRow(
    { ...asvs, id: 'ASVS 9.1.2', requirement: 'Only the algorithms of a fixed list are taken, and never "none".' },
    'unsigned',
    'other algorithm',
  ),
  forgeryRow(
    {
      ...asvs,
      id: 'ASVS 9.1.3',
      requirement: 'No header of a token says which key checks it, but for one of our own.',
    },
    'key header',
  ),
  forgeryRow({ ...asvs, id: 'ASVS 9.2.1', requirement: 'A token is good within its time only.' }, 'ended'),
  forgeryRow(
    { ...asvs, level: 2, id: 'ASVS 9.2.2', requirement: 'A token made for one purpose serves no other.' },
    'other purpose',
  ),
  forgeryRow(
    {
      ...asvs,
      level: 2,
      id: 'ASVS 9.2.3, 9.2.4',
      requirement: 'A token made for another service, or by another, is refused.',
    },
    'wrong claims',
  ),
];
