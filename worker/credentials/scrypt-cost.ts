/** scrypt's three cost numbers, as the setting SCRYPT and the stored hashes write them: `ln=14,r=8,p=5`. */

/** RFC 7914 2: N is 2 to the power of `ln`, `r` the block size, `p` the parallelisation. Memory is 128 * N * r bytes. */
export type ScryptCost = { readonly ln: number; readonly r: number; readonly p: number };

/** Half of a Worker's 128 MiB. */
const MAX_MEMORY_BYTES = 64 * 1024 * 1024;

/** OWASP Password Storage Cheat Sheet, scrypt: settings of equal strength, all with r = 8. */
export const OWASP_MINIMA = [
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
  // RFC 7914 2: N is less than 2 to the power of 16 * r. One engine refuses more, the other does not.
  return fits && cost.ln < 16 * cost.r ? cost : null;
};

export const formatScryptCost = ({ ln, r, p }: ScryptCost): string => `ln=${ln},r=${r},p=${p}`;

export const meetsOwaspMinimum = ({ ln, r, p }: ScryptCost): boolean =>
  r >= 8 && OWASP_MINIMA.some(minimum => ln >= minimum.ln && p >= minimum.p);

/** What a cost takes, in calls of the block mix: near enough in proportion to its time. */
export const workOf = ({ ln, r, p }: ScryptCost): number => 2 ** ln * r * p;

/** A 64th of a lane is the least that `costsOfPart` knows. */
const MAX_HALVINGS = 6;

/**
 * Smaller costs whose work adds up to a part (0 to 1) of this one's, to the nearest 64th of a lane (at ln below 7 the
 * nearest 2^(ln-1)th): as many lanes as fit whole, then one of half the N, of a quarter and so on.
 */
export const costsOfPart = ({ ln, r, p }: ScryptCost, part: number): ScryptCost[] => {
  const halvings = Math.min(MAX_HALVINGS, ln - 1);
  const costs: ScryptCost[] = [];
  let rest = Math.round(part * p * 2 ** halvings);
  for (let halved = 0; halved <= halvings; halved += 1) {
    const lane = 2 ** (halvings - halved);
    const lanes = Math.floor(rest / lane);
    if (lanes > 0) costs.push({ ln: ln - halved, r, p: lanes });
    rest %= lane;
  }
  return costs;
};
