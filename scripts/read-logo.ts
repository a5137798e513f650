/** The logo that APP_LOGO names: a file of web/public/, checked and measured when the pages are built. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Logo = {
  /** Where the pages find it. */
  src: string;
  /** Its media type. */
  type: 'image/svg+xml' | 'image/png';
  /** CSS pixels in the header, where it is 28 high, so that nothing moves when it comes. */
  width: number;
  /** The name written out: nothing is written beside it, and it is no icon for a tab. */
  isName: boolean;
};

const HEIGHT = 28;
const MAX_KILOBYTES = 100;
/** Wider than this many times its height, a logo is a name. */
const NAME_RATIO = 2;

/** Throws a sentence that says what to mend. */
export const readLogo = (publicFolder: string, appLogo: string): Logo => {
  const wrong = (what: string) => new Error(`APP_LOGO in wrangler.toml: ${what}`);
  if (!/^\/[\w./-]+\.(svg|png)$/.test(appLogo) || appLogo.includes('..')) {
    throw wrong('name a file of web/public/ by its path, such as /logo.svg or /logo.png.');
  }
  const file = join(publicFolder, appLogo);
  if (!existsSync(file)) throw wrong(`there is no web/public${appLogo}. Put the logo there.`);
  const bytes = readFileSync(file);
  if (bytes.length > MAX_KILOBYTES * 1000) {
    const kilobytes = Math.ceil(bytes.length / 1000);
    throw wrong(`${appLogo} has ${kilobytes} KB, and every page loads it: at most ${MAX_KILOBYTES} KB.`);
  }
  const isSvg = appLogo.endsWith('.svg');
  const size = isSvg ? sizeOfSvg(bytes.toString('utf8')) : sizeOfPng(bytes);
  if (!size) {
    throw wrong(isSvg ? `${appLogo} is no SVG with a viewBox, or a width and a height.` : `${appLogo} is no PNG.`);
  }
  const ratio = size.width / size.height;
  return {
    src: appLogo,
    type: isSvg ? 'image/svg+xml' : 'image/png',
    width: Math.round(HEIGHT * ratio),
    isName: ratio > NAME_RATIO,
  };
};

type Size = { width: number; height: number };

const sound = (width: number, height: number): Size | null => (width > 0 && height > 0 ? { width, height } : null);

const sizeOfSvg = (text: string): Size | null => {
  const [tag = ''] = /<svg\b[^>]*>/.exec(text) ?? [];
  const [, viewWidth, viewHeight] =
    /\bviewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*"/.exec(tag) ?? [];
  const side = (name: string) => Number(new RegExp(`\\s${name}="([\\d.]+)(?:px)?"`).exec(tag)?.[1]);
  return viewWidth ? sound(Number(viewWidth), Number(viewHeight)) : sound(side('width'), side('height'));
};

/** PNG (Third Edition) 11.2.1: width and height are the first words of the chunk IHDR, which comes first. */
const sizeOfPng = (bytes: Buffer): Size | null => {
  const isPng = bytes.length > 24 && bytes.subarray(1, 4).toString('latin1') === 'PNG';
  return isPng ? sound(bytes.readUInt32BE(16), bytes.readUInt32BE(20)) : null;
};
