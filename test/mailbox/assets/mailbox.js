/**
 * Keeps the open page current: whenever the mailbox says that something changed, the page is fetched again and the
 * parts that differ are exchanged. Arrow keys move in the list.
 */

const byId = id => document.getElementById(id);

async function refresh() {
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const focusedId = document.activeElement?.id;
  document.title = fresh.title;
  for (const selector of ['#count', '#list', '.bar form']) {
    document.querySelector(selector)?.replaceWith(fresh.querySelector(selector));
  }
  // The mail stays as it is while it is the same one: its frame would load again and lose its place.
  const freshMail = fresh.getElementById('mail');
  if (byId('mail').dataset.mail !== freshMail.dataset.mail || freshMail.hidden !== byId('mail').hidden) {
    byId('mail').replaceWith(freshMail);
  }
  if (focusedId && document.activeElement?.id !== focusedId) byId(focusedId)?.focus();
}

let refreshing = Promise.resolve();
const refreshSoon = () => {
  refreshing = refreshing.then(refresh, refresh);
};

const events = new EventSource('/api/events');
let wasOpen = false;
events.addEventListener('open', () => {
  // Anything may have happened while the connection was away.
  if (wasOpen) refreshSoon();
  wasOpen = true;
});
events.addEventListener('mail', event => {
  const { to, subject } = JSON.parse(event.data);
  byId('news').textContent = `New mail to ${to.join(', ')}: ${subject}`;
  refreshSoon();
});
events.addEventListener('clear', refreshSoon);
// An open stream would use up one of the browser's few connections after the page is left.
addEventListener('pagehide', () => events.close());
addEventListener('pageshow', event => {
  if (event.persisted) location.reload();
});

document.addEventListener('keydown', event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !event.target.closest('#list')) return;
  const entries = [...document.querySelectorAll('.entry')];
  const next = entries[entries.indexOf(document.activeElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
