/** Whose turn it is to send a mail, and for how long nobody's. */
import { describe, expect, test } from 'vitest';
import { afterFailure, chooseAccount } from '../../worker/mail/choose-account.ts';
import type { MailAccount } from '../../worker/mail/mail-account.ts';
import { configWith } from './settings.ts';

const NOW = 1_800_000_000_000;
const { mail } = configWith({});
const fallbackMail: MailAccount = { ...mail, provider: 'postmark' };
const fresh = { failures: 0, provider: 'resend', mayBeOutUntil: null };
const failed = { kind: 'retry', afterSeconds: null, reason: '500', isOurFault: false, mayBeOut: false } as const;

/** Who is asked, one try after the other, where each fails like this; a wait is told in seconds and waited out. */
const turns = (accounts: Parameters<typeof chooseAccount>[0], ...failures: Partial<typeof failed | object>[]) => {
  let [tries, nowMs]: [Parameters<typeof chooseAccount>[1], number] = [fresh, NOW];
  const told: (string | number)[] = [];
  for (const failure of [...failures, {}]) {
    let choice = chooseAccount(accounts, tries, nowMs);
    if (choice.kind === 'wait') {
      told.push(choice.seconds);
      nowMs += choice.seconds * 1000;
      choice = chooseAccount(accounts, tries, nowMs);
    }
    if (choice.kind === 'wait') throw new Error('a wait that was waited out is over');
    told.push(choice.account.provider);
    tries = afterFailure(accounts, tries, choice.account.provider, { ...failed, ...failure }, nowMs);
  }
  return told;
};

describe('with a second provider', () => {
  const both = { mail, fallbackMail };

  test('the first is asked twice, then the two in turn', () => {
    expect(turns(both, {}, {}, {}, {})).toEqual(['resend', 'resend', 'postmark', 'resend', 'postmark']);
  });

  test('a provider that asks for more than a minute is left for the other at once', () => {
    expect(turns(both, { afterSeconds: 61 }, { afterSeconds: 61 })).toEqual(['resend', 'postmark', 'resend']);
    expect(turns(both, { afterSeconds: 60 }, {})).toEqual(['resend', 'resend', 'postmark']);
  });

  test('what may be out is not given to the other within two minutes, whichever it was', () => {
    expect(turns(both, {}, { mayBeOut: true }, { mayBeOut: true })).toEqual([
      'resend',
      'resend',
      120,
      'postmark',
      120,
      'resend',
    ]);
  });

  test('a later answer that it was not taken says nothing of the try before', () => {
    expect(turns(both, { mayBeOut: true }, {})).toEqual(['resend', 'resend', 120, 'postmark']);
  });
});

test('without a second one the first is asked every time, and nobody waits for anybody', () => {
  const one = { mail, fallbackMail: null };
  expect(turns(one, { mayBeOut: true }, { afterSeconds: 3600 }, {})).toEqual(['resend', 'resend', 'resend', 'resend']);
});
