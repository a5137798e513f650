/** The brand: colours that can be read on each other, and a logo that the build takes or says what is wrong with. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BrandColor, readBrandColors } from '../../scripts/brand-colors.ts';
import { readLogo } from '../../scripts/read-logo.ts';
import { readExample } from '../browser/rebranded.ts';
import { contrast, mix } from '../support/contrast.ts';

const OURS = readFileSync(new URL('../../web/brand.css', import.meta.url), 'utf8');
const STYLES = readFileSync(new URL('../../web/styles.css', import.meta.url), 'utf8');

/** WCAG 2.2, 1.4.3: text. */
const TEXT = 4.5;
/** WCAG 2.2, 1.4.11: the frame of a field, and what shows the focus. */
const CONTROL = 3;

const PAIRS: [string, string, number][] = [
  ['text', 'page', TEXT],
  ['text', 'card', TEXT],
  ['muted', 'page', TEXT],
  ['muted', 'card', TEXT],
  ['accent', 'page', TEXT],
  ['accent', 'card', TEXT],
  ['button-text', 'button', TEXT],
  ['button', 'card', CONTROL],
  ['frame', 'card', CONTROL],
  ['frame', 'page', CONTROL],
];

const withFrame = (colors: Record<string, BrandColor>): Record<string, BrandColor> => {
  const part = Number(/--frame: color-mix\(in srgb, var\(--text\) (\d+)%, var\(--card\)\)/.exec(STYLES)?.[1]) / 100;
  const { text, card } = colors;
  if (!text || !card) throw new Error('brand.css says no --text or no --card');
  const frame = { light: mix(text.light, part, card.light), dark: mix(text.dark, part, card.dark) };
  return { ...colors, frame };
};

describe.each([
  ['of web/brand.css', OURS],
  ["of README's example", readExample().css],
])('the colours %s', (_, css) => {
  const colors = withFrame(readBrandColors(css));
  test.each(PAIRS)('--%s stands out from --%s at least %s times', (front, back, least) => {
    for (const scheme of ['light', 'dark'] as const) {
      const [one = '', other = ''] = [colors[front]?.[scheme], colors[back]?.[scheme]];
      expect(contrast(one, other), `${front} ${one} on ${back} ${other}, ${scheme}`).toBeGreaterThanOrEqual(least);
    }
  });

  test('are all that there are: every variable of ours, and no other', () => {
    const namesOf = (text: string) => [...text.matchAll(/^\s*(--[\w-]+):/gm)].map(match => match[1]).sort();
    expect(namesOf(css)).toEqual(namesOf(OURS));
  });
});

test('contrasts are as WCAG counts them', () => {
  expect(contrast('#000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#fff')).toBeCloseTo(4.48, 2);
  expect(contrast('#fff', '#fff')).toBe(1);
  expect(mix('#000000', 0.25, '#ffffff')).toBe('#bfbfbf');
});

describe('a logo', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'logo-'));
    mkdirSync(join(folder, 'img'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const logoOf = (name: string, content: string | Buffer) => {
    writeFileSync(join(folder, name), content);
    return readLogo(folder, `/${name}`);
  };
  const png = (width: number, height: number): Buffer => {
    const bytes = Buffer.alloc(32);
    bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    return bytes;
  };

  test('has its size by the viewBox, or by width and height', () => {
    const square = { width: 28, isName: false, type: 'image/svg+xml' };
    expect(logoOf('a.svg', '<svg viewBox="0 0 64 64"></svg>')).toEqual({ ...square, src: '/a.svg' });
    expect(logoOf('b.svg', '<svg width="10px" height="20"/>')).toMatchObject({ width: 14 });
    expect(logoOf('img/c.png', png(60, 30))).toMatchObject({ src: '/img/c.png', type: 'image/png', width: 56 });
  });

  test('that is more than twice as wide as high is the name itself', () => {
    expect(logoOf('d.svg', '<svg viewBox="0,0,200,100"/>').isName).toBe(false);
    expect(logoOf('e.svg', '<svg viewBox="0 0 201 100"/>').isName).toBe(true);
  });

  test.each([
    ['logo.svg', 'name a file of web/public/'],
    ['https://elsewhere.example/logo.svg', 'name a file of web/public/'],
    ['/../brand.svg', 'name a file of web/public/'],
    ['/logo.gif', 'name a file of web/public/'],
    ['', 'name a file of web/public/'],
    ['/none.svg', 'there is no web/public/none.svg. Put the logo there.'],
  ])('%j is refused: %s', (name, sentence) => {
    expect(() => readLogo(folder, name)).toThrow(`APP_LOGO in wrangler.toml: ${sentence}`);
  });

  test('that is too large, or not what its name says, is refused', () => {
    expect(() => logoOf('f.svg', `<svg viewBox="0 0 1 1">${'x'.repeat(101_000)}</svg>`)).toThrow(
      '/f.svg has 102 KB, and every page loads it: at most 100 KB.',
    );
    expect(() => logoOf('g.svg', '<html></html>')).toThrow('/g.svg is no SVG with a viewBox');
    expect(() => logoOf('h.svg', '<svg viewBox="0 0 0 0"/>')).toThrow('/h.svg is no SVG with a viewBox');
    expect(() => logoOf('i.png', '<svg viewBox="0 0 1 1"/>')).toThrow('/i.png is no PNG.');
  });
});
