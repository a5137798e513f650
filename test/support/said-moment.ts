/** A moment as English letters say it, with the offset of the zone that it is said in: that of the machine that asks. */
export const SAID_MOMENT = '\\d{1,2} [A-Z][a-z]+ \\d{4} at \\d\\d:\\d\\d (?:UTC|GMT(?:[+-]\\d{1,2}(?::\\d\\d)?)?)';

/** Milliseconds since the epoch; NaN where there is no such moment. */
export const readMoment = (said = ''): number => {
  const [, day, time, sign, hours = '0', minutes = '00'] =
    /^(.*) at (\d\d:\d\d) (?:UTC|GMT)(?:([+-])(\d{1,2})(?::(\d\d))?)?$/.exec(said) ?? [];
  return Date.parse(`${day} ${time} GMT${sign ?? '+'}${hours.padStart(2, '0')}${minutes}`);
};
