/** A moment in words, with the exact one behind it. */
import { createSignal } from 'solid-js';
import { inLanguage, say } from '../words.ts';

const UNITS: [Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

const relative = inLanguage(language => new Intl.RelativeTimeFormat(language));
const exact = inLanguage(language => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }));

const [now, setNow] = createSignal(Date.now());
setInterval(() => setNow(Date.now()), 60_000);

/** "just now", "5 minutes ago", "1 day ago". A clock that runs behind the server's says "just now", never "in 2 minutes". */
const agoText = (at: number, nowMs: number): string => {
  const seconds = (nowMs - at) / 1000;
  const [unit, length] = UNITS.find(([, unitSeconds]) => seconds >= unitSeconds) ?? [];
  return unit && length ? relative().format(-Math.floor(seconds / length), unit) : say('account.just-now');
};

export const Ago = (props: { at: string }) => (
  <time datetime={props.at} title={exact().format(new Date(props.at))}>
    {agoText(Date.parse(props.at), Math.max(now(), Date.now()))}
  </time>
);
