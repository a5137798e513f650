/** The address, with what was typed last. */
import { brokenEmailRule, EMAIL_MAX_LENGTH } from '../../worker/contract/fields.ts';
import { ruleText } from '../problem-text.ts';
import { rememberAddress, typedAddress } from '../typed-address.ts';
import { say } from '../words.ts';
import { Field } from './field.tsx';

/** `username` where password managers should offer who to be, `email` where it is a new address. */
export const EmailField = (props: { autocomplete: 'username' | 'email' }) => (
  <Field
    name="email"
    label={say('every-page.email')}
    type="email"
    autocomplete={props.autocomplete}
    value={typedAddress()}
    onValue={rememberAddress}
  />
);

/** Which account this is, for the reader and for password managers. Not to be changed here. */
export const FixedAddress = (props: { email: string }) => (
  <Field
    name="email"
    label={say('every-page.email')}
    type="email"
    autocomplete="username"
    value={props.email}
    readonly
  />
);

/** What is wrong with an address, or null. */
export const emailProblem = (email: string): string | null => {
  const broken = brokenEmailRule(email);
  return (broken && ruleText(broken, { max: EMAIL_MAX_LENGTH })) ?? null;
};
