/** NIST SP 800-63B-4, 3.1.1.2: what a password may be, and how it is compared. */
import { type Check, finding, judge, verdict } from '../check.ts';
import { codePoints, createChooser, letters, refusedBy } from '../new-passwords.ts';
import { isGood, isRefused, join, opens, registerWith } from '../visits.ts';

const standard = 'NIST SP 800-63-4';

export const nistNewPasswordRows: readonly Check[] = [
  {
    id: 'NIST 800-63B 3.1.1.2 (1)',
    standard,
    requirement: 'Where a password is the only factor it has 15 characters or more.',
    async run(context) {
      const chooser = await createChooser(context);
      const [short, long] = [await chooser.tryEverywhere(letters(14)), await registerWith(context, letters(15))];
      return judge([refusedBy('14', short), finding(isGood(long), `15: sign-up ${long.status}`)]);
    },
  },
  {
    id: 'NIST 800-63B 3.1.1.2 (2 to 4)',
    standard,
    requirement:
      'Passwords may have 64 characters and more, of any script, space included; a code point counts as one.',
    async run(context) {
      const samples = {
        '64 letters': letters(64),
        '15 CJK characters': codePoints(15),
        '15 emoji': codePoints(15, 0x1f300),
        'spaces in between': `a ${letters(5)} b ${letters(5)} c`,
      };
      const taken = await Promise.all(
        Object.entries(samples).map(async ([what, password]) => [what, await registerWith(context, password)] as const),
      );
      const few = await registerWith(context, codePoints(14, 0x1f300));
      return judge([
        ...taken.map(([what, answer]) => finding(isGood(answer), `${what}: ${answer.status}`)),
        finding(isRefused(few), `14 emoji: ${few.status}`),
      ]);
    },
  },
  {
    id: 'NIST 800-63B 3.1.1.2 (5)',
    standard,
    requirement: 'No kind of character is asked for.',
    async run(context) {
      const answers = await Promise.all(
        [letters(15), '604917385260194', 'XQZJVKWPYGHMBFD'].map(password => registerWith(context, password)),
      );
      return verdict(
        answers.every(isGood),
        `only small letters, digits, capitals: ${answers.map(({ status }) => status).join(' ')}`,
      );
    },
  },
  {
    id: 'NIST 800-63B 3.1.1.2 (9)',
    standard,
    requirement: 'The whole password is checked, not the beginning of it.',
    async run(context) {
      const { account } = await join(context, letters(100));
      const [whole, cut, other] = [
        account.password,
        account.password.slice(0, 99),
        `${account.password.slice(0, 99)}-`,
      ];
      const results = [];
      for (const password of [whole, cut, other]) results.push(await opens(context.driver, account, password));
      return verdict(
        results.join() === 'true,false,false',
        `100 characters: whole, without the last, with another last one: ${results.map(is => (is ? 'opens' : 'refused')).join(', ')}`,
      );
    },
  },
  {
    id: 'NIST 800-63B 3.1.1.2 (normalization)',
    standard,
    requirement: 'What looks the same is the same: a password is normalized before it is hashed.',
    async run(context) {
      const core = `é à ü ${letters(12)}`;
      const { account } = await join(context, core.normalize('NFC'));
      const isOpen = await opens(context.driver, account, core.normalize('NFD'));
      return verdict(isOpen, `set as composed characters, given as decomposed ones: ${isOpen ? 'opens' : 'refused'}`);
    },
  },
  {
    id: 'NIST 800-63B 3.1.1.2 (blocklist)',
    standard,
    requirement: 'A new password is compared as a whole with a list, and refused with the reason and advice.',
    async run(context) {
      const refused = await registerWith(context, 'passwordpassword');
      const around = await registerWith(context, `passwordpassword ${letters(12)}`);
      const isTold = /list|common|guess|first|leak|breach|different/i.test(refused.text);
      return judge([
        finding(isRefused(refused), `passwordpassword: ${refused.status}`),
        finding(isTold, isTold ? 'with the reason' : 'without a reason'),
        finding(isGood(around), `the same within a longer one: ${around.status}`),
      ]);
    },
  },
];
