/** What a failure says to a person: the API's own sentence, or ours where the API could not speak. */
import type { Failure } from './api.ts';
import { APP_NAME } from './settings.ts';

const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** A wait in words: "45 seconds", "2 minutes", "1 minute 5 seconds". */
export const waitText = (seconds: number): string => {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (minutes === 0) return plural(rest, 'second');
  return rest === 0 ? plural(minutes, 'minute') : `${plural(minutes, 'minute')} ${plural(rest, 'second')}`;
};

export const problemText = ({ code, detail, retryAfterSeconds }: Failure): string => {
  if (code === 'no_answer') return `We could not reach ${APP_NAME}. Check your connection and try again.`;
  if (code === 'too_many_requests' && retryAfterSeconds > 0) {
    return `Too many tries. You can try again in ${waitText(retryAfterSeconds)}.`;
  }
  return detail;
};
