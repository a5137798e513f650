/** WCAG 2.2, the criteria that an account's pages can break: judged by a survey of every page. */
import { type Check, finding, judge, verdict } from '../check.ts';
import { type PageFacts, surveyPages } from '../observations/survey.ts';
import { join, resetLink } from '../visits.ts';

const standard = 'WCAG 2.2';

/** A row that every page has to hold by itself; `wrongOf` says what is wrong with one. */
const everyPage = (
  id: string,
  requirement: string,
  wrongOf: (page: PageFacts) => string[],
  right: (pages: PageFacts[]) => string,
): Check => ({
  id: `WCAG ${id}`,
  standard,
  requirement,
  async run(context) {
    const pages = await context.once(surveyPages);
    const wrong = pages.flatMap(page => wrongOf(page).map(what => `${page.name}: ${what}`));
    return verdict(
      wrong.length === 0 && pages.length > 0,
      wrong.slice(0, 6).join('; ') || `${pages.map(({ name }) => name).join(', ')}: ${right(pages)}`,
    );
  },
});

const PURPOSES = ['username', 'email', 'current-password', 'new-password', 'nickname', 'one-time-code'];
const axe = (page: PageFacts, rules: RegExp) => page.violations.filter(id => rules.test(id));

export const surveyedRows: readonly Check[] = [
  everyPage(
    '1.3.5 (AA)',
    'Fields about oneself say in code what they are for.',
    ({ fields }) =>
      fields
        .filter(({ autocomplete }) => !PURPOSES.includes(autocomplete))
        .map(({ label, autocomplete }) => `${label}: ${autocomplete || 'nothing'}`),
    pages => `${pages.flatMap(({ fields }) => fields).length} fields say it`,
  ),
  everyPage(
    '1.4.3 (AA)',
    'Text stands out from what is behind it, 4.5 to 1.',
    page => axe(page, /color-contrast/),
    () => 'axe finds none that does not, in light and dark',
  ),
  everyPage(
    '1.4.10 (AA)',
    'At 320 pixels nothing has to be scrolled sideways.',
    ({ tooWide }) => (tooWide > 0 ? [`${tooWide} px too wide`] : []),
    () => 'as wide as the window',
  ),
  everyPage(
    '1.4.11 (AA)',
    'The frames of fields stand out, 3 to 1.',
    ({ weakFrames }) => weakFrames,
    pages => `${pages.flatMap(({ fields }) => fields).length} fields do`,
  ),
  everyPage(
    '1.4.12 (AA)',
    'With more room between lines, letters and words nothing is cut off.',
    ({ cutOff }) => cutOff,
    () => 'nothing is',
  ),
  everyPage(
    '2.4.7 (AA)',
    'Whatever has the focus shows it.',
    ({ unseen }) => unseen,
    pages => `${pages.reduce((sum, { steps }) => sum + steps, 0)} stops of the Tab key do`,
  ),
  everyPage(
    '2.4.11 (AA)',
    'Whatever has the focus is not covered by something else.',
    ({ covered }) => covered,
    pages => `none of ${pages.reduce((sum, { steps }) => sum + steps, 0)} stops is`,
  ),
  everyPage(
    '2.5.8 (AA)',
    'What can be clicked is 24 pixels high and wide, or stands in a sentence.',
    ({ smallTargets }) => smallTargets,
    () => 'everything is',
  ),
  {
    id: 'WCAG 3.1.1, 3.1.2 (A, AA)',
    standard,
    requirement: 'Pages and mails say in code which language they are in, and which way it runs.',
    async run(context) {
      const { driver } = context;
      const pages = await context.once(surveyPages);
      const silent = pages.filter(({ lang, dir }) => !lang || !dir).map(({ name }) => name);
      const { account } = await join(context);
      const { mail } = await resetLink(driver, account.email);
      const language = /<html[^>]*\blang="?([\w-]+)/i.exec(mail.html)?.[1];
      return judge([
        finding(
          silent.length === 0,
          silent.length > 0
            ? `without: ${silent.join(', ')}`
            : `pages: ${[...new Set(pages.map(({ lang, dir }) => `${lang} ${dir}`))].join(', ')}`,
        ),
        finding(language !== undefined, `mail: ${language ?? 'no language'}`),
      ]);
    },
  },
  {
    id: 'WCAG 3.2.6 (A)',
    standard,
    requirement: 'Help is in the same place on every page.',
    async run(context) {
      const pages = await context.once(surveyPages);
      const places = new Set(pages.map(({ helpLink }) => helpLink));
      return verdict(places.size === 1 && !places.has(null), [...places].map(place => place ?? 'no help').join('; '));
    },
  },
  everyPage(
    '4.1.2 (A)',
    'Names, roles and labels are there for assistive technology, and nothing else of levels A and AA that a machine can find is wrong.',
    page => axe(page, /^(?!color-contrast)/),
    () => 'axe finds nothing',
  ),
];
