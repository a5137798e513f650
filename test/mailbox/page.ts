/**
 * The page of the mailbox, rendered here and complete without scripts: the list, and beside it one mail in one of three
 * views. A small script only fetches it again when something changed.
 */
import { type Html, html } from './html.ts';
import type { Answer } from './http.ts';
import { splitLinks } from './links.ts';
import type { Mail, MailStore } from './mail-store.ts';

export const VIEWS = ['html', 'text', 'source'] as const;
export type View = (typeof VIEWS)[number];

const VIEW_NAMES: Readonly<Record<View, string>> = { html: 'HTML', text: 'Text', source: 'Source' };

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" aria-hidden="true"><rect y="4" width="32" height="24" rx="6" fill="#eab54d"/><path d="m6.5 11 9.5 7.5 9.5-7.5" fill="none" stroke="#1f1b16" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

export type PageParts = {
  readonly store: MailStore;
  /** The application whose mails arrive here, for the empty page; null when it is not known. */
  readonly appUrl: string | null;
  /** The mail that the address names; at `/` the newest. Null when there is none. */
  readonly mail: Mail | null;
  readonly view: View;
  /** Whether the address names a mail: a narrow screen shows the mail then and the list otherwise. */
  readonly isMailPage: boolean;
};

export function pageAnswer(parts: PageParts): Answer {
  const gone = parts.isMailPage && parts.mail === null;
  return {
    status: gone ? 404 : 200,
    type: 'text/html; charset=utf-8',
    body: renderPage(parts).html,
    headers: { 'Content-Security-Policy': POLICY },
  };
}

function renderPage({ store, appUrl, mail, view, isMailPage }: PageParts): Html {
  const mails = store.all();
  const unopened = mails.filter(one => !store.isOpened(one.id)).length;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${unopened > 0 && `(${unopened}) `}${isMailPage && mail && `${mail.subject} - `}Mailbox</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="stylesheet" href="/assets/mailbox.css">
<script type="module" src="/assets/mailbox.js"></script>
</head>
<body data-page="${isMailPage ? 'mail' : 'list'}">
<header class="bar">
<h1><a class="home" href="/">${{ html: ICON }}Mailbox</a></h1>
<p class="count" id="count">${countText(mails.length)}</p>
<form method="post" action="/clear"><button${mails.length === 0 ? html` disabled` : ''}>Clear</button></form>
</header>
<p class="unseen" role="status" id="news"></p>
<main>
<nav aria-label="Mails" id="list" class="list">${
    mails.length === 0 ? renderEmpty(appUrl) : html`<ol>${mails.map(one => renderEntry(one, one === mail, store))}</ol>`
  }</nav>
<article id="mail" class="mail" data-mail="${mail?.id}"${mails.length === 0 && !isMailPage && html` hidden`}>${
    mail ? renderMail(mail, view) : html`<p class="gone">This mail is not here any more. <a href="/">All mails</a></p>`
  }</article>
</main>
</body>
</html>`;
}

const countText = (count: number): string => (count === 0 ? 'No mails' : count === 1 ? '1 mail' : `${count} mails`);

function renderEmpty(appUrl: string | null): Html {
  return html`<div class="empty"><p>No mail yet.</p><p>${
    appUrl !== null
      ? html`Sign up or ask for a password reset at <a href="${appUrl}">${appUrl}</a>. The mail arrives here by itself.`
      : 'A mail that is sent appears here by itself.'
  }</p></div>`;
}

function renderEntry(mail: Mail, isShown: boolean, store: MailStore): Html {
  const className = store.isOpened(mail.id) ? 'entry' : 'entry new';
  return html`<li><a id="entry-${mail.id}" class="${className}" href="/mails/${mail.id}"${isShown && html` aria-current="true"`}>
<span class="subject">${mail.subject}</span> ${renderTime(mail)} <span class="to">${mail.to.join(', ')}</span>
</a></li>`;
}

function renderMail(mail: Mail, view: View): Html {
  return html`<header class="head">
<a class="back" href="/"><span aria-hidden="true">← </span>All mails</a>
<h2>${mail.subject}</h2>
<dl>
<dt>From</dt><dd>${mail.from}</dd>
<dt>To</dt><dd>${mail.to.join(', ')}</dd>
${mail.cc.length > 0 && html`<dt>Cc</dt><dd>${mail.cc.join(', ')}</dd>`}
${mail.bcc.length > 0 && html`<dt>Bcc</dt><dd>${mail.bcc.join(', ')}</dd>`}
${mail.replyTo.length > 0 && html`<dt>Reply to</dt><dd>${mail.replyTo.join(', ')}</dd>`}
<dt>Received</dt><dd>${renderTime(mail)}</dd>
</dl>
<nav class="views" aria-label="View">${VIEWS.map(
    one =>
      html`<a id="view-${one}" href="/mails/${mail.id}/${one}"${one === view && html` aria-current="page"`}>${VIEW_NAMES[one]}</a>`,
  )}</nav>
</header>
${renderBody(mail, view)}`;
}

function renderBody(mail: Mail, view: View): Html {
  switch (view) {
    case 'html':
      return mail.html === null
        ? html`<p class="gone">This mail has no HTML.</p>`
        : html`<iframe title="The mail as HTML" src="/mails/${mail.id}/frame" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`;
    case 'text':
      return mail.text === null ? html`<p class="gone">This mail has no text.</p>` : renderText(mail.text);
    case 'source':
      return html`<pre class="source" tabindex="0">${sourceText(mail)}</pre>`;
  }
}

const renderText = (text: string): Html =>
  html`<pre class="text">${splitLinks(text).map(part =>
    part.isLink
      ? html`<a href="${part.text}" target="_blank" rel="noopener noreferrer">${part.text}</a>`
      : html`${part.text}`,
  )}</pre>`;

const sourceText = (mail: Mail): string =>
  `POST /emails\n${mail.idempotencyKey === null ? '' : `Idempotency-Key: ${mail.idempotencyKey}\n`}\n${JSON.stringify(JSON.parse(mail.source), null, 2)}\n`;

/** The time where the mailbox runs, which is where it is read; with the day once it is another one. */
function renderTime(mail: Mail): Html {
  const at = new Date(mail.receivedAt);
  const isToday = at.toDateString() === new Date().toDateString();
  const text = at.toLocaleString(
    'en-GB',
    isToday ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' },
  );
  return html`<time datetime="${mail.receivedAt}">${text}</time>`;
}
