/**
 * The rules of fields.ts as schemas: they validate and describe the API's bodies. The message of each is its rule's name:
 * valibot's default messages would repeat the input.
 */
import * as v from 'valibot';
import {
  EMAIL,
  EMAIL_MAX_LENGTH,
  type FieldRule,
  USERNAME,
  USERNAME_MAX_LENGTH,
  USERNAME_MIN_LENGTH,
} from './fields.ts';

/** What valibot passes on as the message of a broken rule. */
export const rule = (name: FieldRule): FieldRule => name;
/** Another type is the caller's mistake, and no rule of a field. */
export const NOT_TEXT = 'not_text';

/** An email address: trimmed, 1 to 254 characters. Compared without case wherever it is looked up. */
export const emailField = v.pipe(
  v.string(NOT_TEXT),
  v.trim(),
  v.nonEmpty(rule('email_empty')),
  v.maxLength(EMAIL_MAX_LENGTH, rule('email_too_long')),
  v.regex(EMAIL, rule('email_not_an_address')),
);

/** A username. Unique without case. */
export const usernameField = v.pipe(
  v.string(NOT_TEXT),
  v.nonEmpty(rule('username_empty')),
  v.regex(USERNAME, rule('username_characters')),
  v.minLength(USERNAME_MIN_LENGTH, rule('username_too_short')),
  v.maxLength(USERNAME_MAX_LENGTH, rule('username_too_long')),
);
