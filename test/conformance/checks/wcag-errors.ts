/** WCAG 2.2, 3.3: what is wrong with a form, and what it has to be. */
import { type Check, type Finding, finding, judge, pagesOf } from '../check.ts';
import { surveyPages } from '../observations/survey.ts';
import { EMAIL, invalidFields, openPage, PASSWORD, submit } from '../observations/using-pages.ts';
import { join, resetLink } from '../visits.ts';

const standard = 'WCAG 2.2';

export const errorRows: readonly Check[] = [
  {
    id: 'WCAG 3.3.1 (A)',
    standard,
    requirement: 'What is wrong is said in words and tied to its field.',
    run: context =>
      context.withPage(async page => {
        const pages = pagesOf(context.driver);
        const findings: Finding[] = [];
        for (const path of [pages.login, pages.register, pages.forgotPassword]) {
          await openPage(page, path);
          await submit(page);
          const fields = await invalidFields(page);
          const isTold =
            fields.length > 0 && fields.every(({ words }) => words !== '') && fields.some(({ hasFocus }) => hasFocus);
          findings.push(
            finding(
              isTold,
              `${path}, left empty: ${fields.map(({ name, words }) => `${name}: "${words.slice(0, 40)}"`).join(', ') || 'nothing is marked'}`,
            ),
          );
        }
        return judge(findings);
      }),
  },
  {
    id: 'WCAG 3.3.2 (A)',
    standard,
    requirement: 'What a new password has to be is said before it is typed.',
    async run(context) {
      const pages = await context.once(surveyPages);
      const fresh = pages.flatMap(({ fields }) => fields.filter(({ autocomplete }) => autocomplete === 'new-password'));
      const told = fresh.filter(({ description }) => /\d+/.test(description));
      // The second field of a pair, to type it again, needs no rule of its own.
      const isTold = fresh.length > 0 && told.length * 2 >= fresh.length;
      const unlabelled = pages.flatMap(({ name, fields }) =>
        fields.filter(({ label }) => label === '').map(field => `${name}: ${field.name}`),
      );
      return judge([
        finding(isTold, told[0] ? `"${told[0].description.slice(0, 110)}"` : 'no rule is shown'),
        finding(unlabelled.length === 0, unlabelled.join(', ') || 'every field has a label'),
      ]);
    },
  },
  {
    id: 'WCAG 3.3.3 (AA)',
    standard,
    requirement: 'Where it is known how to put something right, it is said.',
    run: context =>
      context.withPage(async page => {
        const { driver } = context;
        const pages = pagesOf(driver);
        await openPage(page, pages.register);
        await page.locator(EMAIL).first().fill('ada.example.com');
        await submit(page);
        const [address] = await invalidFields(page);
        const { account } = await join(context);
        await openPage(page, (await resetLink(driver, account.email)).link);
        await page.locator(PASSWORD).first().fill('too short');
        await submit(page);
        const [password] = await invalidFields(page);
        return judge([
          finding(/@/.test(address?.words ?? ''), `an address without @: "${address?.words ?? ''}"`),
          finding(/\d/.test(password?.words ?? ''), `a short password: "${(password?.words ?? '').slice(0, 60)}"`),
        ]);
      }),
  },
];
