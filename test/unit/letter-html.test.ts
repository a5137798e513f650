/**
 * The HTML of every letter in every language, by the rules of HTML and by what the clients that most people read mail in
 * can show. What is allowed all the same stands here with its reason, and what is no longer needed fails.
 */
import { caniemail } from 'caniemail';
import { HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { LANGUAGES, type Language } from '../../worker/contract/languages.ts';
import { renderLetter } from '../../worker/mail/letter-layout.ts';
import { readWords, sampleLetters } from '../support/sample-letters.ts';

const letters = (Object.keys(LANGUAGES) as Language[]).flatMap(language =>
  sampleLetters(readWords(language)).map(letter => ({ language, kind: letter.kind, ...renderLetter(letter, 'Rekey') })),
);

const validator = new HtmlValidate({
  extends: ['html-validate:recommended'],
  rules: {
    // As a person writes the one and XML the other. Both are HTML.
    'doctype-style': ['error', { style: 'lowercase' }],
    'void-style': ['error', { style: 'selfclosing' }],
    // The older role of layout tables: what reads mails aloud knows it.
    'presentation-role-style': 'off',
    // Gmail shows no article element, and its role on a div.
    'prefer-native-element': ['error', { exclude: ['article'] }],
    // Outlook for Windows lays out by attributes and comments, and a style sheet is the first thing that clients drop.
    'no-deprecated-attr': 'off',
    'no-conditional-comment': 'off',
    'no-inline-style': 'off',
    // Tables of one row for layout have no parts.
    'prefer-tbody': 'off',
  },
});

test.each(letters)('the letter $kind in $language is valid HTML', async ({ html }) => {
  const { results } = await validator.validateString(html);
  expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))).toEqual([]);
});

const CLIENTS: Parameters<typeof caniemail>[0]['clients'] = [
  'gmail.desktop-webmail',
  'gmail.ios',
  'gmail.android',
  'apple-mail.*',
  'outlook.windows',
  'outlook.outlook-com',
  'yahoo.*',
  'samsung-email.android',
];

/** What some of them do not know at all, and why the letter is read there as well as elsewhere. */
const UNKNOWN: Record<string, string> = {
  'color-scheme CSS property': 'the letter is light there, or darkened by the client',
  'color-scheme meta tag': 'as the property, which stands beside it',
  '@media': 'holds the dark colours alone: the letter is light there',
  'border-radius': 'corners are square',
  'max-height property': 'of the hidden preheader, beside display and mso-hide, which hide it',
  overflow: 'of the hidden preheader, beside display and mso-hide, which hide it',
  '<body> element': 'becomes a div, or nothing: the wrapper inside has colours, language and direction of its own',
  'aria-hidden attribute': 'a first letter and a preheader are read aloud, and do no harm',
  'aria-label attribute': 'the letter is read aloud without a name of its own, below its subject',
  'height property': 'of the tile, which has the height of its line',
  'word-break': 'word-wrap stands before it, and the tables have a fixed layout',
  'table-layout': 'word-break breaks the link there',
};

/** What some of them know in part: none of the parts that are missing is used, unless the reason says so. */
const PARTLY: Record<string, string> = {
  '@media': 'prefers-color-scheme, see above',
  '<style> element': 'holds the dark colours alone',
  '<body> element': 'its style is that of the wrapper',
  margin: 'no negative one is used',
  overflow: 'hidden alone is used',
  display: 'none and inline-block alone are used, and the button has a cell with its colour',
  'display:none': 'mso-hide stands beside it',
  'text-decoration': 'none alone is used',
  'word-break': 'break-all alone is used',
  'text-align': 'left, right and center alone are used',
  'lang attribute': 'kept on the wrapper',
  'role attribute': 'tables are read as tables at worst',
  background: 'colours alone are used, and bgcolor stands beside them',
  'border-radius': 'no percentages and no slashes are used',
  'font-size': 'pixels alone are used',
  'font-weight': 'becomes bold or not',
  'dir attribute': 'the text of a link runs by its own letters, and its paragraph has the direction',
  padding: 'of cells, and the button has spaces for Outlook',
  'width attribute': 'no picture has one',
  'max-width': 'Outlook is given a table of that width',
  'height attribute': 'of the tile, which has the height of its line',
  'width property': 'of the tile',
  'height property': 'of the tile',
  border: 'shown on cells',
  'line-height': 'pixels alone are used',
};

type Issues = ReturnType<typeof caniemail>['issues']['errors'];
const titlesOf = (issues: Issues) => [...issues.values()].flatMap(list => list.map(({ title }) => title));

describe('of what the letters use', () => {
  const seen = { unknown: new Set<string>(), partly: new Set<string>() };
  // Languages change words alone; the layout from right to left is Arabic's.
  for (const { html } of letters.filter(({ language }) => ['en', 'ar'].includes(language))) {
    // The data says of it what Yahoo's clients do, and throws where others are asked for; it stands beside word-break.
    const { issues } = caniemail({ clients: CLIENTS, html: html.replace('word-wrap:break-word;', '') });
    for (const title of titlesOf(issues.errors)) seen.unknown.add(title);
    for (const title of titlesOf(issues.warnings)) seen.partly.add(title);
  }

  test('no client misses anything that it needs', () => {
    expect([...seen.unknown].filter(title => !Object.hasOwn(UNKNOWN, title))).toEqual([]);
    expect([...seen.partly].filter(title => !Object.hasOwn(PARTLY, title))).toEqual([]);
  });

  test('nothing is allowed that is not there', () => {
    expect(Object.keys(UNKNOWN).filter(title => !seen.unknown.has(title))).toEqual([]);
    expect(Object.keys(PARTLY).filter(title => !seen.partly.has(title))).toEqual([]);
  });
});

test('a mail that needs what a client does not know would be found', () => {
  const { issues } = caniemail({ clients: CLIENTS, html: '<p style="display:grid"><bdi>x</bdi></p>' });
  expect(titlesOf(issues.errors)).toEqual(expect.arrayContaining(['<bdi> element']));
});
