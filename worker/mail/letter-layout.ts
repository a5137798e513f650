/**
 * One letter as text and as HTML. The text keeps the link on a line of its own; the HTML is one column of tables and inline
 * styles, which every mail client shows, and says the link in letters too. Gmail drops html, body and their attributes, so
 * language and direction stand on the wrapper again, and Outlook for Windows is given what it needs in comments.
 */
import { html as escaping, raw } from 'hono/html';
import { directionOf, type Language } from '../contract/languages.ts';
import { splitIsolates } from './letter-words.ts';

/** What happened to an account, and its owner should know of. */
export type NoticeLetterKind =
  | 'password_reset'
  | 'password_changed'
  | 'email_change_asked'
  | 'email_changed'
  | 'new_browser';

/** Which of our mails it is: what the record of a mail keeps. */
export type LetterKind =
  | NoticeLetterKind
  | 'registration'
  | 'account_exists'
  | 'reset'
  | 'no_account'
  | 'change_email'
  | 'email_taken'
  | 'secured'
  | 'account_deleted';

export type Letter = {
  kind: LetterKind;
  language: Language;
  subject: string;
  /** What a list of mails shows beside the subject. */
  preheader: string;
  heading: string;
  paragraphs: string[];
  /** Missing where there is nothing to open. `ends` and `copy` are the sentences before it in letters. */
  link?: { url: string; label: string; ends: string; copy: string };
  closing: string[];
};

export type RenderedLetter = { subject: string; text: string; html: string };

/** The same letter always renders to the same bytes. */
export const renderLetter = (letter: Letter, appName: string): RenderedLetter => ({
  subject: letter.subject,
  text: [
    ...letter.paragraphs,
    ...(letter.link ? [letter.link.url, letter.link.ends] : []),
    ...letter.closing,
    `-- \n${appName}`,
  ]
    .join('\n\n')
    .concat('\n'),
  html: String(page(letter, appName)),
});

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const STRONG = `${FONT};color:#1f1b16`;
const SOFT = `margin:0;${FONT};font-size:14px;line-height:22px;color:#655d52`;

/** The pages' colours (web/styles.css), for clients that know the reader's choice. */
const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background:#14120f!important}.card{background:#1d1a16!important;border-color:#35302a!important}
.line{border-color:#35302a!important}.strong{color:#f3eee6!important}.soft{color:#aca294!important}
.button{background:#eab54d!important}.button a{color:#1b1710!important}}`;

/** Keeps a list of mails from showing the body behind the preheader: it is as wide as such lists are, and shows nothing. */
const PREHEADER_PADDING = '\u034f\u200c\u00a0\u2007\u00ad '.repeat(40);

/** Outlook for Windows knows no `max-width` and no padding of links. */
const outlook = (html: string) => raw(`<!--[if mso]>${html}<![endif]-->`);
const OUTLOOK_COLUMN = '<table role="presentation" width="544" align="center"><tr><td>';
const OUTLOOK_COLUMN_END = '</td></tr></table>';
const OUTLOOK_PADDING = (raise: number) => `<i style="mso-font-width:250%;mso-text-raise:${raise}px">&emsp;</i>`;

/** HTML out of a template: values are escaped, and the template's own lines and indents are left out. */
const html = (lines: TemplateStringsArray, ...values: unknown[]) => {
  const joined = lines.map(line => line.replace(/\n\s*/g, ''));
  return escaping(Object.assign(joined, { raw: joined }), ...values);
};
type Html = ReturnType<typeof html>;

const page = (letter: Letter, appName: string): Html => {
  const { language, subject, preheader } = letter;
  const dir = directionOf(language);
  return html`
    <!doctype html>
    <html lang="${language}" dir="${dir}">
      <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="supported-color-schemes" content="light dark"/>
        <meta name="x-apple-disable-message-reformatting"/>
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no"/>
        <title>${subject}</title>
        <style>${raw(STYLE)}</style>
      </head>
      <body class="page" style="margin:0;padding:0;background:#f7f5f1">
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all" aria-hidden="true">
          ${preheader}
          ${raw(PREHEADER_PADDING)}
        </div>
        <div role="article" aria-roledescription="email" aria-label="${subject}" lang="${language}" dir="${dir}">
          <table ${PLAIN} width="100%" class="page" bgcolor="#f7f5f1" style="table-layout:fixed;background:#f7f5f1">
            <tr>
              <td align="center" style="padding:32px 12px">
                ${outlook(OUTLOOK_COLUMN)}
                ${column(letter, appName, dir === 'rtl' ? 'right' : 'left')}
                ${outlook(OUTLOOK_COLUMN_END)}
              </td>
            </tr>
          </table>
        </div>
      </body>
    </html>
  `;
};

type Align = 'left' | 'right';

/** Of a table that only places things. */
const PLAIN = raw('role="presentation" cellspacing="0" cellpadding="0" border="0"');
const CARD = 'padding:32px 24px;border:1px solid #e4dfd6;border-radius:16px;background:#ffffff';

/** Of a fixed layout, so that the long link breaks in Yahoo's mail too, which knows `word-wrap` alone. */
const column = (letter: Letter, appName: string, align: Align): Html => html`
  <table ${PLAIN} width="100%" style="table-layout:fixed;max-width:544px;margin:0 auto">
    <tr>
      <td align="${align}" style="padding:0 8px 16px;text-align:${align}">
        ${brand(appName)}
      </td>
    </tr>
    <tr>
      <td align="${align}" class="card" bgcolor="#ffffff" style="${CARD};text-align:${align}">
        ${body(letter)}
      </td>
    </tr>
    ${letter.closing.map(
      sentence => html`
        <tr>
          <td align="${align}" class="soft" style="padding:16px 8px 0;${SOFT};text-align:${align}">
            ${isolated(sentence)}
          </td>
        </tr>
      `,
    )}
  </table>
`;

const TILE =
  'width:28px;height:28px;border-radius:7px;background:#eab54d;' +
  `${FONT};font-size:16px;line-height:28px;font-weight:700;color:#1b1710;text-align:center`;

/** The name, and a tile with its first letter in the place of a picture, which clients would not load. */
const brand = (appName: string): Html => html`
  <table ${PLAIN}>
    <tr>
      <td width="28" height="28" align="center" bgcolor="#eab54d" aria-hidden="true" style="${TILE}">
        ${[...appName][0]?.toUpperCase()}
      </td>
      <td class="strong" style="padding:0 10px;${STRONG};font-size:16px;line-height:28px;font-weight:600">
        <span dir="auto">${appName}</span>
      </td>
    </tr>
  </table>
`;

const body = (letter: Letter): Html => html`
  <h1 class="strong" style="margin:0 0 16px;${STRONG};font-size:24px;line-height:30px;font-weight:600">
    ${isolated(letter.heading)}
  </h1>
  ${letter.paragraphs.map(
    (sentence, at) => html`
      <p class="strong" style="margin:${at === 0 ? '0' : '16px 0 0'};${STRONG};font-size:16px;line-height:25px">
        ${isolated(sentence)}
      </p>
    `,
  )}
  ${letter.link && link(letter.link)}
`;

const BUTTON = `display:inline-block;padding:12px 22px;mso-padding-alt:0;${FONT};font-size:16px;line-height:20px`;
const IN_LETTERS = `margin:4px 0 0;${FONT};font-size:12px;line-height:18px;word-wrap:break-word;word-break:break-all`;

const link = ({ url, label, ends, copy }: NonNullable<Letter['link']>): Html => html`
  <table ${PLAIN} style="margin:24px 0">
    <tr>
      <td class="button" align="center" bgcolor="#1f1b16" style="border-radius:10px;background:#1f1b16">
        <a href="${url}" style="${BUTTON};font-weight:600;color:#ffffff;text-decoration:none">
          ${outlook(OUTLOOK_PADDING(24))}
          ${label}
          ${outlook(OUTLOOK_PADDING(0))}
        </a>
      </td>
    </tr>
  </table>
  <p class="soft" style="${SOFT}">
    ${isolated(ends)}
  </p>
  <table ${PLAIN} width="100%" style="table-layout:fixed;margin:24px 0 0">
    <tr>
      <td class="line" style="border-top:1px solid #e4dfd6;padding:20px 0 0">
        <p class="soft" style="${SOFT}">
          ${copy}
        </p>
        <p dir="ltr" style="${IN_LETTERS}">
          <a class="soft" href="${url}" style="color:#655d52">${url}</a>
        </p>
      </td>
    </tr>
  </table>
`;

/** A sentence whose names and times keep their own direction. Gmail and Outlook drop bdi, and leave this. */
const isolated = (text: string): unknown[] =>
  splitIsolates(text).map((part, at) => (at % 2 === 1 ? html`<span dir="auto">${part}</span>` : part));
