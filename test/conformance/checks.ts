/** Every row, in the report's order: by standard, and as its sections are numbered. */
import { type Check, STANDARDS } from './check.ts';
import {
  absentAuthenticationRows,
  absentNistRows,
  absentOwaspRows,
  absentRfcRows,
  absentSessionRows,
} from './checks/absent.ts';
import { cookieRows } from './checks/asvs-cookies.ts';
import { dataRows } from './checks/asvs-data.ts';
import { guessingRows } from './checks/asvs-guessing.ts';
import { headerRows } from './checks/asvs-headers.ts';
import { newPasswordRows } from './checks/asvs-new-passwords.ts';
import { otherSiteRows } from './checks/asvs-other-sites.ts';
import { asvsPageRows } from './checks/asvs-pages.ts';
import { passwordRows } from './checks/asvs-passwords.ts';
import { sessionEndRows } from './checks/asvs-session-ends.ts';
import { sessionLifeRows } from './checks/asvs-session-lives.ts';
import { taskRows } from './checks/asvs-tasks.ts';
import { tokenRows } from './checks/asvs-tokens.ts';
import { wayInRows } from './checks/asvs-ways-in.ts';
import { nistNewPasswordRows } from './checks/nist-new-passwords.ts';
import { nistPasswordRows } from './checks/nist-passwords.ts';
import { nistRecoveryRows } from './checks/nist-recovery.ts';
import { nistSessionRows } from './checks/nist-sessions.ts';
import { otherPageRows } from './checks/other-pages.ts';
import { authenticationSheetRows } from './checks/owasp-authentication.ts';
import { resetLinkRows } from './checks/owasp-links.ts';
import { resetRequestRows } from './checks/owasp-requests.ts';
import { rfcRows } from './checks/rfcs.ts';
import { storageRows } from './checks/storage.ts';
import { errorRows } from './checks/wcag-errors.ts';
import { stepRows } from './checks/wcag-steps.ts';
import { surveyedRows } from './checks/wcag-survey.ts';
import { webPlatformRows } from './checks/web-platform.ts';

const { compare } = new Intl.Collator('en', { numeric: true });
const byPlace = (one: Check, other: Check): number =>
  STANDARDS.indexOf(one.standard) - STANDARDS.indexOf(other.standard) || compare(one.id, other.id);

export const CHECKS: readonly Check[] = [
  ...[...guessingRows, ...wayInRows, ...newPasswordRows, ...passwordRows, ...absentAuthenticationRows],
  ...[...sessionLifeRows, ...sessionEndRows, ...absentSessionRows],
  ...[...cookieRows, ...headerRows, ...otherSiteRows, ...tokenRows, ...taskRows, ...dataRows, ...asvsPageRows],
  ...[...nistNewPasswordRows, ...nistPasswordRows, ...nistSessionRows, ...nistRecoveryRows, ...absentNistRows],
  ...[...resetRequestRows, ...resetLinkRows, ...absentOwaspRows, ...storageRows, ...authenticationSheetRows],
  ...[...webPlatformRows, ...otherPageRows, ...surveyedRows, ...errorRows, ...stepRows],
  ...[...rfcRows, ...absentRfcRows],
].sort(byPlace);
