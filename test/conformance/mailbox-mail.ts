/** A mail of the local mailbox as a driver hands it on. */
import type { Mail as StoredMail } from '../mailbox/mailbox.ts';
import type { Mail } from './driver.ts';

export const asMail = ({ subject, to, from, text, html, headers }: StoredMail): Mail => ({
  subject,
  to: to.join(', '),
  from,
  text: text ?? '',
  html: html ?? '',
  headers,
});
