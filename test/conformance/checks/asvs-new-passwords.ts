/** ASVS 5.0, 6.1 and 6.2: what a new password may be. */
import { type Check, finding, judge, need } from '../check.ts';
import { codePoints, createChooser, letters, refusedBy, takenBy } from '../new-passwords.ts';
import { isGood, registerWith } from '../visits.ts';

const standard = 'OWASP ASVS 5.0';
const COMMON = ['passwordpassword', 'qwertyuiopasdfghjkl', '123456789012345'];

export const newPasswordRows: readonly Check[] = [
  {
    id: 'ASVS 6.1.2, 6.2.11',
    standard,
    level: 2,
    requirement:
      "Words that everybody would try here, such as the application's name or one's own address, are no passwords.",
    async run(context) {
      const chooser = await createChooser(context);
      const { email, username } = chooser.person.account;
      const name = context.driver.name;
      const padded = [`${name}12345678901234`, name.toLowerCase().repeat(4), `${name}!!!!!!!!!!!!!!`];
      const findings = [];
      for (const password of padded) findings.push(refusedBy(password, await chooser.tryEverywhere(password)));
      findings.push(refusedBy('the address', await chooser.tryOnOwn(email)));
      findings.push(refusedBy('the username, repeated', await chooser.tryOnOwn(username.repeat(3))));
      findings.push(refusedBy('the username and digits', await chooser.tryOnOwn(`${username}123456789`)));
      return judge(findings);
    },
  },
  {
    id: 'ASVS 6.2.1',
    standard,
    level: 1,
    requirement: 'Passwords have at least 8 characters; 15 is the advice, and what we test.',
    async run(context) {
      const chooser = await createChooser(context);
      const short = letters(14);
      return judge([
        refusedBy('14 letters', await chooser.tryEverywhere(short)),
        // 14 code points in 28 UTF-16 units.
        refusedBy('14 emoji', [{ route: 'sign-up', answer: await registerWith(context, codePoints(14, 0x1f300)) }]),
        takenBy('15 letters', await chooser.tryEverywhere(letters(15))),
      ]);
    },
  },
  {
    id: 'ASVS 6.2.4',
    standard,
    level: 1,
    requirement: 'New passwords are held against a list of the most common ones that fit the rules.',
    async run(context) {
      const chooser = await createChooser(context);
      const tried = [];
      for (const password of COMMON) tried.push(refusedBy(password, await chooser.tryEverywhere(password)));
      return judge(tried);
    },
  },
  {
    id: 'ASVS 6.2.5',
    standard,
    level: 1,
    requirement: 'Any mix of characters is fine: no kind is asked for or forbidden.',
    async run(context) {
      const samples = {
        'small letters': letters(15),
        digits: '730164928510473',
        'dots and dashes': '.-..--.-.--..-.--',
      };
      const answers = await Promise.all(
        Object.entries(samples).map(async ([what, password]) => [what, await registerWith(context, password)] as const),
      );
      return judge(answers.map(([what, answer]) => finding(isGood(answer), `only ${what}: ${answer.status}`)));
    },
  },
  {
    id: 'ASVS 6.2.9',
    standard,
    level: 2,
    requirement: 'Long passwords are allowed, 64 characters at the least.',
    async run(context) {
      const chooser = await createChooser(context);
      return judge([
        takenBy('64', await chooser.tryEverywhere(letters(64))),
        takenBy('128', await chooser.tryEverywhere(letters(128))),
      ]);
    },
  },
  {
    id: 'ASVS 6.2.12',
    standard,
    level: 2,
    requirement: 'New passwords are held against a list of leaked ones.',
    async run(context) {
      const leaked = need(context.driver.breachedPassword, 'a list of leaked passwords of which one is known');
      const chooser = await createChooser(context);
      return judge([refusedBy('a leaked password', await chooser.tryEverywhere(leaked))]);
    },
  },
];
