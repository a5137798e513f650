/** What better-auth, a library, leaves to the application that it is built into. Such a row does not count against it. */

const HEADERS = 'It answers within an application, which sets the headers of its pages and answers.';
const NOTICES = 'It sends no notice by itself; an application can, in its hooks.';
const MAILS = 'The application sends the mails, with headers of its own.';

export const LEFT_TO_OTHERS: Readonly<Record<string, string>> = {
  'ASVS 3.4.1': HEADERS,
  'ASVS 3.4.3': HEADERS,
  'ASVS 3.4.4': HEADERS,
  'ASVS 3.4.5': HEADERS,
  'ASVS 3.4.6': HEADERS,
  'ASVS 3.4.7': HEADERS,
  'ASVS 3.4.8': HEADERS,
  'ASVS 14.3.1': HEADERS,
  'W3C change-password': 'The pages are the application’s, and so is the address that leads to one.',
  'RFC 3834': MAILS,
  'ASVS 2.3.3, 2.3.4': `This row also looks for the notice. ${NOTICES}`,
  'ASVS 6.3.5': NOTICES,
  'ASVS 6.3.7': NOTICES,
  'NIST 800-63B 4.2.3': NOTICES,
  'OWASP FP-9': NOTICES,
  'ASVS 16.2.5, 16.3.1, 16.3.3': 'It logs problems; what else is logged is for an application to say, in its hooks.',
};
