/** What a source says of the catalogue, read by Vite's own parser: the keys, what fills them in, and texts beside it. */
import { parseSync, Visitor } from 'vite';

type Call = {
  key: string;
  /** The names of the gaps that are filled; null where they cannot be read off. */
  given: string[] | null;
};

export type Said = {
  calls: Call[];
  /** Every text of the source, and the names of properties. */
  literals: ReadonlySet<string>;
  /** The ends of keys that are made of a name: `-subject` of `${kind}-subject`. */
  tails: ReadonlySet<string>;
  /** Texts that a person would read, and no language but one has. */
  unspoken: string[];
};

/** Attributes whose values are for the browser or for our own code. Any other text in an attribute is read by people. */
const FOR_PROGRAMS =
  /^(class|id|for|name|type|role|href|src|rel|lang|dir|of|icon|path|elsewhere|method|autocomplete|autocapitalize|inputmode|viewBox|d|width|height|tabindex|aria-(hidden|live|current)|attr:\w+)$/;

/** Texts that stay as they are, with the reason. */
const ALLOWED: Record<string, string> = {
  'Something Went Wrong': 'web/words.ts: for when no words can be loaded',
  'This page could not be loaded.': 'web/words.ts: for when no words can be loaded',
  'Try Again': 'web/words.ts: for when no words can be loaded',
};

const hasLetters = (text: string) => /\p{L}/u.test(text);
/** "Log in first." or "Danger Zone" is for people; 'button button-primary' and 'Content-Type' are not. */
const isSentence = (text: string) => /^\p{Lu}\S*\s+\p{L}/u.test(text) || /\p{L}{2,} \p{L}{2,}.*[.!?]$/u.test(text);

type Node = { type: string; [field: string]: unknown };

/** The names of `{ count, name: ... }`, or null for anything else. */
const namesOf = (node: Node | undefined): string[] | null => {
  if (!node) return [];
  if (node.type !== 'ObjectExpression') return null;
  const names = (node.properties as Node[]).map(({ key }) => (key as Node | undefined)?.name);
  return names.every(name => typeof name === 'string') ? (names as string[]) : null;
};

const textOf = (node: Node | undefined | null): string | null =>
  node?.type === 'Literal' && typeof node.value === 'string' ? node.value : null;

export const saidIn = (path: string, source: string): Said => {
  const { program, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const [calls, unspoken]: [Call[], string[]] = [[], []];
  const [literals, tails] = [new Set<string>(), new Set<string>()];
  const isPage = path.startsWith('web/');
  const suspect = (text: string) => {
    if (isPage && !Object.hasOwn(ALLOWED, text)) unspoken.push(text.trim());
  };
  const inAttributes = new Set<unknown>();

  new Visitor({
    Literal: node => {
      if (typeof node.value !== 'string') return;
      literals.add(node.value);
      if (!inAttributes.has(node) && isSentence(node.value)) suspect(node.value);
    },
    TemplateElement: ({ value, tail }) => {
      if (tail && /^-\w+$/.test(value.cooked ?? '')) tails.add(value.cooked ?? '');
      if (isSentence(value.cooked ?? '')) suspect(value.cooked ?? '');
    },
    Property: ({ key }) => {
      if (key.type === 'Identifier') literals.add(key.name);
    },
    MemberExpression: ({ property }) => {
      if (property.type === 'Identifier') literals.add(property.name);
    },
    CallExpression: node => {
      const { callee, arguments: values } = node as unknown as { callee: Node; arguments: Node[] };
      const key = textOf(values[0]);
      if (callee.type === 'Identifier' && callee.name === 'say' && key) calls.push({ key, given: namesOf(values[1]) });
    },
    JSXText: ({ value }) => {
      if (hasLetters(value)) suspect(value);
    },
    JSXAttribute: node => {
      const { name, value } = node as unknown as { name: Node; value: Node | null };
      const text = textOf(value);
      if (text === null) return;
      inAttributes.add(value);
      const attribute = name.type === 'JSXNamespacedName' ? 'attr:x' : String(name.name);
      if (hasLetters(text) && !FOR_PROGRAMS.test(attribute)) suspect(text);
    },
    JSXOpeningElement: node => {
      const { name, attributes } = node as unknown as { name: Node; attributes: Node[] };
      if (name.name !== 'Sentence') return;
      const given = (wanted: string) =>
        attributes.find(attribute => (attribute.name as Node | undefined)?.name === wanted)?.value as Node | undefined;
      const key = textOf(given('of'));
      const fills = ['given', 'parts'].map(wanted => namesOf(given(wanted)?.expression as Node | undefined));
      if (key) calls.push({ key, given: fills.includes(null) ? null : fills.flatMap(names => names ?? []) });
    },
  }).visit(program);
  return { calls, literals, tails, unspoken };
};
