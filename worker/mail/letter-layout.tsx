/** @jsxRuntime automatic @jsxImportSource hono/jsx */
/**
 * One letter as text and as HTML. The text keeps the link on a line of its own; the HTML is one column of tables and inline
 * styles, which every mail client shows, and says the link in letters too. Gmail drops html, body and their attributes, so
 * language and direction stand on the wrapper again, and Outlook for Windows is given what it needs in comments.
 */
import { raw } from 'hono/html';
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
  html: `<!doctype html>${<Page letter={letter} appName={appName} />}`,
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

const Page = ({ letter, appName }: { letter: Letter; appName: string }) => {
  const dir = directionOf(letter.language);
  return (
    <html lang={letter.language} dir={dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="x-apple-disable-message-reformatting" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{letter.subject}</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body class="page" style="margin:0;padding:0;background:#f7f5f1">
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all" aria-hidden="true">
          {letter.preheader}
          {raw(PREHEADER_PADDING)}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: mail clients keep a div, and drop an article */}
        <div role="article" aria-roledescription="email" aria-label={letter.subject} lang={letter.language} dir={dir}>
          <Table width="100%" class="page" bgcolor="#f7f5f1" style="table-layout:fixed;background:#f7f5f1">
            <tr>
              <td align="center" style="padding:32px 12px">
                {outlook(OUTLOOK_COLUMN)}
                <Column letter={letter} appName={appName} align={dir === 'rtl' ? 'right' : 'left'} />
                {outlook(OUTLOOK_COLUMN_END)}
              </td>
            </tr>
          </Table>
        </div>
      </body>
    </html>
  );
};

type Align = 'left' | 'right';

const Table = ({ children, ...rest }: { children?: unknown; [attribute: string]: unknown }) => (
  <table role="presentation" cellspacing="0" cellpadding="0" border={0} {...rest}>
    {children}
  </table>
);

/** Of a fixed layout, so that the long link breaks in Yahoo's mail too, which knows `word-wrap` alone. */
const Column = ({ letter, appName, align }: { letter: Letter; appName: string; align: Align }) => (
  <Table width="100%" style="table-layout:fixed;max-width:544px;margin:0 auto">
    <tr>
      <td align={align} style={`padding:0 8px 16px;text-align:${align}`}>
        <Brand appName={appName} />
      </td>
    </tr>
    <tr>
      <td
        align={align}
        class="card"
        bgcolor="#ffffff"
        style={`padding:32px 24px;border:1px solid #e4dfd6;border-radius:16px;background:#ffffff;text-align:${align}`}
      >
        <Body letter={letter} />
      </td>
    </tr>
    {letter.closing.map(sentence => (
      <tr>
        <td align={align} class="soft" style={`padding:16px 8px 0;${SOFT};text-align:${align}`}>
          <Sentence text={sentence} />
        </td>
      </tr>
    ))}
  </Table>
);

/** The name, and a tile with its first letter in the place of a picture, which clients would not load. */
const Brand = ({ appName }: { appName: string }) => (
  <Table>
    <tr>
      <td
        width="28"
        height="28"
        align="center"
        bgcolor="#eab54d"
        aria-hidden="true"
        style={`width:28px;height:28px;border-radius:7px;background:#eab54d;${FONT};font-size:16px;line-height:28px;font-weight:700;color:#1b1710;text-align:center`}
      >
        {[...appName][0]?.toUpperCase()}
      </td>
      <td class="strong" style={`padding:0 10px;${STRONG};font-size:16px;line-height:28px;font-weight:600`}>
        <span dir="auto">{appName}</span>
      </td>
    </tr>
  </Table>
);

const Body = ({ letter }: { letter: Letter }) => (
  <>
    <h1 class="strong" style={`margin:0 0 16px;${STRONG};font-size:24px;line-height:30px;font-weight:600`}>
      <Sentence text={letter.heading} />
    </h1>
    {letter.paragraphs.map((sentence, at) => (
      <p class="strong" style={`margin:${at === 0 ? '0' : '16px 0 0'};${STRONG};font-size:16px;line-height:25px`}>
        <Sentence text={sentence} />
      </p>
    ))}
    {letter.link && <Link {...letter.link} />}
  </>
);

const Link = ({ url, label, ends, copy }: NonNullable<Letter['link']>) => (
  <>
    <Table style="margin:24px 0">
      <tr>
        <td class="button" align="center" bgcolor="#1f1b16" style="border-radius:10px;background:#1f1b16">
          <a
            href={url}
            style={`display:inline-block;padding:12px 22px;mso-padding-alt:0;${FONT};font-size:16px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none`}
          >
            {outlook(OUTLOOK_PADDING(24))}
            {label}
            {outlook(OUTLOOK_PADDING(0))}
          </a>
        </td>
      </tr>
    </Table>
    <p class="soft" style={SOFT}>
      <Sentence text={ends} />
    </p>
    <Table width="100%" style="table-layout:fixed;margin:24px 0 0">
      <tr>
        <td class="line" style="border-top:1px solid #e4dfd6;padding:20px 0 0">
          <p class="soft" style={SOFT}>
            {copy}
          </p>
          <p
            dir="ltr"
            style={`margin:4px 0 0;${FONT};font-size:12px;line-height:18px;word-wrap:break-word;word-break:break-all`}
          >
            <a class="soft" href={url} style="color:#655d52">
              {url}
            </a>
          </p>
        </td>
      </tr>
    </Table>
  </>
);

/** A sentence whose names and times keep their own direction. Gmail and Outlook drop bdi, and leave this. */
const Sentence = ({ text }: { text: string }) => (
  <>{splitIsolates(text).map((part, at) => (at % 2 === 1 ? <span dir="auto">{part}</span> : part))}</>
);
