/** The colours of web/brand.css, by day and by night. */
export type BrandColor = { light: string; dark: string };

/** Each variable that is a colour, by its name without the dashes. One colour alone stands for both. */
export const readBrandColors = (css: string): Record<string, BrandColor> => {
  const colors: Record<string, BrandColor> = {};
  for (const [, name = '', light = '', dark] of css.matchAll(COLOR)) colors[name] = { light, dark: dark ?? light };
  return colors;
};

const COLOR = /--([\w-]+):\s*(?:light-dark\(\s*)?(#[\da-f]{3,8})\b(?:\s*,\s*(#[\da-f]{3,8})\s*\))?/gi;
