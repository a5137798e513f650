/**
 * bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", USENIX 1999), to verify what other systems made. Our
 * own: half of every library of it is the digits of pi that Blowfish begins with, 6 KB of a Worker; they are computed here.
 */

/** Blowfish's state is one array: 18 round keys, then four boxes of 256 words. */
const ROUND_KEYS = 18;
const WORDS = ROUND_KEYS + 4 * 256;
const [BOX_1, BOX_2, BOX_3, BOX_4] = [ROUND_KEYS, ROUND_KEYS + 256, ROUND_KEYS + 512, ROUND_KEYS + 768];

const HASH_BYTES = 23;

/** The 23 bytes of a password's hash under a salt of 16 bytes, after 2 to the power of `cost` rounds. */
export const bcrypt = (password: Uint8Array, salt: Uint8Array, cost: number): Uint8Array => {
  // A zero byte ends the password. Keys are 72 bytes: what follows is not read, what is missing begins anew.
  const key = wordsOf(Uint8Array.of(...password.subarray(0, 72), 0), ROUND_KEYS);
  const salted = wordsOf(salt, ROUND_KEYS);
  pi ??= wordsOfPi(WORDS);
  const state = pi.slice();
  expandKey(state, key, salted.subarray(0, 4));
  for (let round = 0; round < 2 ** cost; round += 1) {
    expandKey(state, key, NO_SALT);
    expandKey(state, salted, NO_SALT);
  }
  const words = wordsOf(new TextEncoder().encode('OrpheanBeholderScryDoubt'), 6);
  for (let i = 0; i < words.length; i += 2) {
    for (let times = 0; times < 64; times += 1) encipher(state, words, i);
  }
  const hash = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, i) => {
    hash.setInt32(4 * i, word);
  });
  return new Uint8Array(hash.buffer, 0, HASH_BYTES);
};

const NO_SALT = new Int32Array(4);

/** So many big-endian words of the bytes, which are repeated as often as it takes. */
const wordsOf = (bytes: Uint8Array, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, word) =>
    [0, 1, 2, 3].reduce((sum, byte) => (sum << 8) | (bytes[(4 * word + byte) % bytes.length] ?? 0), 0),
  );

/** Mixes a key into the round keys, and replaces the whole state by its own output, under a salt of four words. */
const expandKey = (state: Int32Array, key: Int32Array, salt: Int32Array): void => {
  for (let i = 0; i < ROUND_KEYS; i += 1) state[i] = at(state, i) ^ at(key, i);
  const block = new Int32Array(2);
  for (let i = 0; i < WORDS; i += 2) {
    block[0] = at(block, 0) ^ at(salt, i & 2);
    block[1] = at(block, 1) ^ at(salt, (i & 2) + 1);
    encipher(state, block, 0);
    state.set(block, i);
  }
};

/** Blowfish's 16 rounds over two words in place. */
const encipher = (state: Int32Array, words: Int32Array, index: number): void => {
  let left = at(words, index);
  let right = at(words, index + 1);
  for (let round = 0; round < 16; round += 2) {
    left ^= at(state, round);
    right ^= feistel(state, left) ^ at(state, round + 1);
    left ^= feistel(state, right);
  }
  words[index] = right ^ at(state, 17);
  words[index + 1] = left ^ at(state, 16);
};

const feistel = (state: Int32Array, word: number): number =>
  (((at(state, BOX_1 + (word >>> 24)) + at(state, BOX_2 + ((word >>> 16) & 255))) ^
    at(state, BOX_3 + ((word >>> 8) & 255))) +
    at(state, BOX_4 + (word & 255))) |
  0;

/** For words alone: bytes beside them would make it slow. */
const at = (words: Int32Array, index: number): number => words[index] as number;

let pi: Int32Array | undefined;

/** So many words of what follows the point in pi, by Machin's formula. Some 50 ms, once for each isolate. */
const wordsOfPi = (count: number): Int32Array => {
  // So many bits more than are wanted that no rounding reaches these.
  const spare = 64n;
  const one = 1n << (32n * BigInt(count) + spare);
  const arctanOfOneOver = (x: bigint): bigint => {
    let power = one / x;
    let sum = power;
    for (let n = 3n; power !== 0n; n += 2n) {
      power /= -x * x;
      sum += power / n;
    }
    return sum;
  };
  const fraction = 4n * (4n * arctanOfOneOver(5n) - arctanOfOneOver(239n)) - 3n * one;
  const hex = (fraction >> spare).toString(16).padStart(8 * count, '0');
  return Int32Array.from({ length: count }, (_, i) => Number.parseInt(hex.slice(8 * i, 8 * i + 8), 16));
};
