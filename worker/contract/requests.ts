/**
 * The bodies that the API takes. A missing, extra or wrongly typed field is the caller's mistake (400); a broken rule is
 * the person's (422). What comes with a link is typed here and judged after the link is.
 */
import * as v from 'valibot';
import { emailField, NOT_TEXT, rule, usernameField } from './field-schemas.ts';
import { LANGUAGES } from './languages.ts';

const text = v.string(NOT_TEXT);
const body = <const Fields extends v.ObjectEntries>(fields: Fields) =>
  v.strictObject(fields, 'This is not the body that this call takes.');

/** `POST /api/registrations` and `POST /api/password-resets`. */
export const addressRequest = body({ email: emailField });

/** A link's token: every `check`, `POST /api/account/email/confirm` and `POST /api/account/secure`. */
export const linkRequest = body({ token: text });

/** `POST /api/registrations/complete`. `language` is the page's: the account begins with it. */
export const completeRegistrationRequest = body({
  token: text,
  username: text,
  password: text,
  language: v.optional(text),
});

/** `POST /api/password-resets/complete`. */
export const completeResetRequest = body({ token: text, password: text });

/** `POST /api/session`. A password is asked for and otherwise left alone: the rules are for new ones. */
export const signInRequest = body({
  email: emailField,
  password: v.pipe(text, v.nonEmpty(rule('password_missing'))),
  remember: v.optional(v.boolean('This must be true or false.'), false),
});

const currentPassword = v.pipe(text, v.nonEmpty(rule('current_password_empty')));

const language = v.pipe(text, v.values(Object.keys(LANGUAGES), rule('language_unknown')));

/** `PATCH /api/account`: one of the two, or both. */
export const profileRequest = v.pipe(
  body({ username: v.optional(usernameField), language: v.optional(language) }),
  v.minEntries(1, 'This changes nothing.'),
);

/** `DELETE /api/account`. */
export const deleteAccountRequest = body({ currentPassword });

/** `POST /api/account/password`. The new one is judged where the account is known. */
export const changePasswordRequest = body({ currentPassword, password: text });

/** `POST /api/account/email`. */
export const changeEmailRequest = body({ email: emailField, currentPassword });
