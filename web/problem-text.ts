/** What a failure says to a person: our words for its reason or its code, else the API's own sentence. */
import type { FieldRule } from '../worker/contract/fields.ts';
import type { FieldError } from '../worker/contract/problems.ts';
import type { Given } from '../worker/contract/sentence.ts';
import type { Failure } from './api.ts';
import { APP_NAME } from './settings.ts';
import { inLanguage, type NameIn, say, sayIfKnown } from './words.ts';

const unitsIn = inLanguage(language => {
  const countOf = (unit: string) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' });
  const [hours, minutes, seconds] = [countOf('hour'), countOf('minute'), countOf('second')];
  return { hours, minutes, seconds, list: new Intl.ListFormat(language, { type: 'unit', style: 'narrow' }) };
});

/** A wait in words: "45 seconds", "2 minutes", "1 minute 5 seconds", "3 hours 1 minute". */
export const waitText = (seconds: number): string => {
  const units = unitsIn();
  const parts = [
    { count: Math.floor(seconds / 3600), unit: units.hours },
    { count: Math.floor(seconds / 60) % 60, unit: units.minutes },
    { count: seconds % 60, unit: units.seconds },
  ];
  // The two greatest that are not nothing; seconds stop counting beside hours.
  const said = (seconds < 3600 ? parts : parts.slice(0, 2)).filter(({ count }) => count > 0);
  return said.length > 0
    ? units.list.format(said.map(({ count, unit }) => unit.format(count)))
    : units.seconds.format(0);
};

export const problemText = ({ code, reason, detail, retryAfterSeconds }: Failure): string => {
  if (code === 'too_many_requests' && retryAfterSeconds > 0) {
    return say('every-page.too-many-tries', { wait: waitText(retryAfterSeconds) });
  }
  const given = { app: APP_NAME };
  return (reason && sayIfKnown(`problem-${reason}`)) ?? sayIfKnown(`problem-${code}`, given) ?? detail;
};

/** What a broken rule of a field says. */
export const ruleText = (rule: FieldRule, given: Given = {}): string | undefined => {
  // Typed, so that a rule without words does not compile.
  const name: NameIn<'every-page' | 'choosing'> = `rule-${rule}`;
  return sayIfKnown(name, { ...given, app: APP_NAME });
};

/** The API's own sentence where the rule is a newer Worker's, or speaks of numbers that are only known there. */
export const fieldErrorText = ({ rule, message }: FieldError): string => ruleText(rule) ?? message;
