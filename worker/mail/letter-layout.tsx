/** @jsxRuntime automatic @jsxImportSource hono/jsx */
/**
 * One letter as text and as HTML. The text keeps the link on a line of its own; the HTML is one centred column of tables
 * and inline styles, which every mail client shows, and says the link in letters too.
 */
import { raw } from 'hono/html';

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
  subject: string;
  heading: string;
  paragraphs: string[];
  /** When what the letter tells of took place. */
  happenedAtMs?: number;
  /** Such as `Firefox on Windows, Germany`. Words of our own list. */
  from?: string;
  /** Missing where there is nothing to open. */
  link?: { url: string; label: string; expiresAtMs: number };
  closing: string[];
};

export type RenderedLetter = { subject: string; text: string; html: string };

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
const sayMoment = (ms: number): string => `${MOMENT.format(ms)} UTC`;

const happened = ({ happenedAtMs, from }: Letter): string[] =>
  happenedAtMs === undefined ? [] : [`It happened on ${sayMoment(happenedAtMs)}${from ? `, from ${from}` : ''}.`];

const ends = ({ link }: Letter): string[] => (link ? [`The link works until ${sayMoment(link.expiresAtMs)}.`] : []);

/** The same letter always renders to the same bytes. */
export const renderLetter = (letter: Letter, appName: string): RenderedLetter => ({
  subject: letter.subject,
  text: [
    ...happened(letter),
    ...letter.paragraphs,
    ...(letter.link ? [letter.link.url] : []),
    ...ends(letter),
    ...letter.closing,
    `-- \n${appName}`,
  ]
    .join('\n\n')
    .concat('\n'),
  html: `<!doctype html>${<Page letter={letter} appName={appName} />}`,
});

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const DARK = `@media (prefers-color-scheme:dark){
.page{background:#14120f!important}.card{background:#1d1a16!important;border-color:#35302a!important}
.strong{color:#f3eee6!important}.soft{color:#aca294!important}.link{color:#eab54d!important}
.button{background:#eab54d!important}.button a{color:#1b1710!important}}`;

const Page = ({ letter, appName }: { letter: Letter; appName: string }) => (
  <html lang="en" dir="ltr">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <title>{letter.subject}</title>
      <style>{raw(DARK)}</style>
    </head>
    <body class="page" style={`margin:0;padding:0;background:#f7f5f1;${FONT}`}>
      <div style="display:none;max-height:0;overflow:hidden">{[...letter.paragraphs, ...ends(letter)].join(' ')}</div>
      <table role="presentation" width="100%" cellspacing="0" cellpadding="0" border={0} class="page" bgcolor="#f7f5f1">
        <tr>
          <td align="center" style="padding:40px 16px">
            <table role="presentation" width="100%" cellspacing="0" cellpadding="0" border={0} style="max-width:520px">
              <tr>
                <td class="strong" style={`padding:0 4px 16px;${FONT};font-size:15px;font-weight:600;color:#1f1b16`}>
                  {appName}
                </td>
              </tr>
              <tr>
                <td class="card" bgcolor="#ffffff" style="padding:32px;border:1px solid #e4dfd6;border-radius:12px">
                  <Body letter={letter} />
                </td>
              </tr>
              {letter.closing.map(sentence => (
                <tr>
                  <td class="soft" style={`padding:16px 4px 0;${FONT};font-size:13px;line-height:20px;color:#655d52`}>
                    {sentence}
                  </td>
                </tr>
              ))}
            </table>
          </td>
        </tr>
      </table>
    </body>
  </html>
);

const Body = ({ letter }: { letter: Letter }) => (
  <>
    <h1 class="strong" style={`margin:0 0 16px;${FONT};font-size:22px;line-height:28px;color:#1f1b16`}>
      {letter.heading}
    </h1>
    {[...happened(letter), ...letter.paragraphs].map(sentence => (
      <p class="strong" style={`margin:0 0 16px;${FONT};font-size:15px;line-height:24px;color:#1f1b16`}>
        {sentence}
      </p>
    ))}
    {letter.link && <Link {...letter.link} ends={ends(letter)} />}
  </>
);

const Link = ({ url, label, ends }: { url: string; label: string; ends: string[] }) => (
  <>
    <table role="presentation" cellspacing="0" cellpadding="0" border={0} style="margin:8px 0 24px">
      <tr>
        <td class="button" bgcolor="#1f1b16" style="border-radius:8px">
          <a
            href={url}
            style={`display:inline-block;padding:12px 20px;${FONT};font-size:15px;font-weight:600;color:#ffffff;text-decoration:none`}
          >
            {label}
          </a>
        </td>
      </tr>
    </table>
    {ends.map(sentence => (
      <p class="soft" style={`margin:0 0 16px;${FONT};font-size:13px;line-height:20px;color:#655d52`}>
        {sentence}
      </p>
    ))}
    <p class="soft" style={`margin:0;${FONT};font-size:13px;line-height:20px;color:#655d52;word-break:break-all`}>
      Or copy this into your browser:
      <br />
      <a class="link" href={url} style="color:#8a5a00">
        {url}
      </a>
    </p>
  </>
);
