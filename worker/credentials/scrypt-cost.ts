/** scrypt's three cost numbers, as the setting SCRYPT and the stored hashes write them: `ln=14,r=8,p=5`. */

/** RFC 7914 2: N is 2 to the power of `ln`, `r` the block size, `p` the parallelisation. Memory is 128 * N * r bytes. */
export type ScryptCost = { readonly ln: number; readonly r: number; readonly p: number };

/** Half of a Worker's 128 MiB. */
const MAX_MEMORY_BYTES = 64 * 1024 * 1024;

/** OWASP Password Storage Cheat Sheet, scrypt: settings of equal strength, all with r = 8. */
const OWASP_MINIMA = [
  { ln: 17, p: 1 },
  { ln: 16, p: 2 },
  { ln: 15, p: 3 },
  { ln: 14, p: 5 },
  { ln: 13, p: 10 },
];

/** Reads `ln=14,r=8,p=5`; null for anything else, and for a cost that could hang or starve a Worker. */
export const parseScryptCost = (text: string): ScryptCost | null => {
  const match = /^ln=([1-9]\d?),r=([1-9]\d?),p=([1-9]\d?)$/.exec(text);
  if (!match) return null;
  const cost = { ln: Number(match[1]), r: Number(match[2]), p: Number(match[3]) };
  const fits = cost.ln >= 4 && cost.ln <= 16 && cost.p <= 16 && 128 * 2 ** cost.ln * cost.r <= MAX_MEMORY_BYTES;
  return fits ? cost : null;
};

export const formatScryptCost = ({ ln, r, p }: ScryptCost): string => `ln=${ln},r=${r},p=${p}`;

export const meetsOwaspMinimum = ({ ln, r, p }: ScryptCost): boolean =>
  r >= 8 && OWASP_MINIMA.some(minimum => ln >= minimum.ln && p >= minimum.p);
