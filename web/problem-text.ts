/** What a failure says to a person: the API's own sentence, or ours where the API could not speak. */
import type { Failure } from './api.ts';
import { APP_NAME } from './settings.ts';

const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** A wait in words: "45 seconds", "2 minutes", "1 minute 5 seconds", "3 hours 1 minute". */
export const waitText = (seconds: number): string => {
  const parts = [
    plural(Math.floor(seconds / 3600), 'hour'),
    plural(Math.floor(seconds / 60) % 60, 'minute'),
    plural(seconds % 60, 'second'),
  ];
  // The two greatest that are not nothing; seconds stop counting beside hours.
  const said = (seconds < 3600 ? parts : parts.slice(0, 2)).filter(part => !part.startsWith('0 '));
  return said.join(' ') || '0 seconds';
};

export const problemText = ({ code, detail, retryAfterSeconds }: Failure): string => {
  if (code === 'no_answer') return `We could not reach ${APP_NAME}. Check your connection and try again.`;
  if (code === 'too_many_requests' && retryAfterSeconds > 0) {
    return `Too many tries. You can try again in ${waitText(retryAfterSeconds)}.`;
  }
  return detail;
};
