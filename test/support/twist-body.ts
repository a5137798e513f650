/** Does to a good body what hostile-bodies.ts has thought of. */
import type { Twist } from './hostile-bodies.ts';

const nth = (body: object, at: number): string => {
  const names = Object.keys(body);
  return names[at % names.length] ?? 'x';
};

/** First what changes the value, then what changes its text, then what changes the bytes. */
const ORDER: Twist['kind'][] = [
  'keep',
  'drop',
  'put',
  'borrow',
  'add',
  'raw value',
  'twice',
  'nest',
  'instead',
  'wrap',
  'cut',
  'utf-16',
  'bytes',
];

const twistText = (json: string, good: object, one: Twist): string => {
  switch (one.kind) {
    case 'raw value':
      return json.replace(/:"(?:[^"\\]|\\.)*"/g, (match, at) =>
        at === valueAt(json, nth(good, one.field)) ? `:${one.text}` : match,
      );
    case 'twice':
      return json.replace('{', () => `{${JSON.stringify(nth(good, one.field))}:${JSON.stringify(one.value)},`);
    case 'nest':
      return '['.repeat(one.depth) + json + ']'.repeat(one.depth);
    case 'instead':
      return one.text;
    case 'wrap':
      return one.before + json + one.after;
    case 'cut':
      return json.slice(0, Math.floor(json.length * one.at));
    default:
      return json;
  }
};

const valueAt = (json: string, fieldName: string): number => {
  const at = json.indexOf(`${JSON.stringify(fieldName)}:`);
  return at < 0 ? -1 : at + JSON.stringify(fieldName).length;
};

const twistValue = (body: object, good: object, one: Twist, known: unknown[]): object => {
  const changed = new Map<string, unknown>(Object.entries(body));
  if (one.kind === 'drop') changed.delete(nth(good, one.field));
  if (one.kind === 'put') changed.set(nth(good, one.field), one.value);
  if (one.kind === 'borrow') changed.set(nth(good, one.field), known[one.from % known.length]);
  if (one.kind === 'add') changed.set(one.name, one.value);
  // `__proto__` becomes a field like any other, as JSON.parse has it.
  return Object.fromEntries(changed);
};

const twistBytes = (bytes: Uint8Array<ArrayBuffer>, one: Twist): Uint8Array<ArrayBuffer> => {
  if (one.kind === 'utf-16') return new Uint8Array(Buffer.from(new TextDecoder().decode(bytes), 'utf16le'));
  if (one.kind !== 'bytes') return bytes;
  const at = Math.floor(bytes.length * one.at);
  return Uint8Array.from([...bytes.slice(0, at), ...one.bytes, ...bytes.slice(at)]);
};

/** What goes over the wire. `known` are values that are good elsewhere. */
export const twisted = (good: object, all: Twist[], known: unknown[]): Uint8Array<ArrayBuffer> => {
  const ordered = ORDER.flatMap(kind => all.filter(one => one.kind === kind));
  const value = ordered.reduce((body, one) => twistValue(body, good, one, known), good);
  const json = ordered.reduce((sent, one) => twistText(sent, good, one), JSON.stringify(value));
  return ordered.reduce(twistBytes, new TextEncoder().encode(json));
};
