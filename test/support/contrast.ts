/** How well two colours are told apart: WCAG 2.2, "contrast ratio". */

type Rgb = readonly [number, number, number];

/** Of `#rgb` or `#rrggbb`. */
const rgbOf = (hex: string): Rgb => {
  const digits = hex.slice(1).length === 3 ? hex.slice(1).replace(/./g, '$&$&') : hex.slice(1);
  if (!/^[\da-f]{6}$/i.test(digits)) throw new Error(`${hex} is no colour without transparency`);
  return [0, 2, 4].map(at => Number.parseInt(digits.slice(at, at + 2), 16)) as unknown as Rgb;
};

const luminance = (rgb: Rgb): number => {
  const [red = 0, green = 0, blue = 0] = rgb.map(channel => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** 1 to 21. */
export const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(rgbOf(one)), luminance(rgbOf(other))].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};

/** `color-mix(in srgb, one part, other)` for a part of 0 to 1. */
export const mix = (one: string, part: number, other: string): string => {
  const [first, second] = [rgbOf(one), rgbOf(other)];
  const channels = first.map((channel, at) => Math.round(channel * part + (second[at] ?? 0) * (1 - part)));
  return `#${channels.map(channel => channel.toString(16).padStart(2, '0')).join('')}`;
};
