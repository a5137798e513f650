/** Password hashes that other systems' libraries made: test/unit/vectors/make-foreign-hashes.py. */
import { readFileSync } from 'node:fs';

export type ForeignVector = { scheme: string; madeBy: string; hash: string; right: string[]; wrong: string[] };

export const FOREIGN_VECTORS: ForeignVector[] = JSON.parse(
  readFileSync(new URL('../unit/vectors/foreign-hashes.json', import.meta.url), 'utf8'),
).vectors;

/** The signer key of the project that Firebase's vectors are of. */
export const FIREBASE_SIGNER_KEY =
  'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==';
export const FIREBASE_KEY = Uint8Array.from(atob(FIREBASE_SIGNER_KEY), char => char.charCodeAt(0));

/** One of each scheme, the cheapest. */
export const ONE_OF_EACH = [...new Map(FOREIGN_VECTORS.map(vector => [vector.scheme, vector])).values()];

const hashOf = (scheme: string) => ONE_OF_EACH.find(one => one.scheme === scheme)?.hash ?? '';
const twisted = (scheme: string, from: string | RegExp, to: string): string => {
  const hash = hashOf(scheme);
  const other = hash.replace(from, () => to);
  if (other === hash) throw new Error(`${from} is not in ${hash}`);
  return other;
};

const HEX = '0123456789abcdef';
const BASE64_OF_8_BYTES = 'AAAAAAAAAAA';

/** What is nearly a hash of another system and must not be taken for one: too dear, too short, or not as they write it. */
export const REFUSED_HASHES: [string, string][] = [
  ['bcrypt of cost 14', twisted('bcrypt 2b', '$04$', '$14$')],
  ['bcrypt of cost 31', twisted('bcrypt 2b', '$04$', '$31$')],
  ['bcrypt of cost 3', twisted('bcrypt 2b', '$04$', '$03$')],
  ['bcrypt of cost 0', twisted('bcrypt 2b', '$04$', '$00$')],
  ['bcrypt of a cost of one digit', twisted('bcrypt 2b', '$04$', '$4$')],
  ['bcrypt of the faulty version', twisted('bcrypt 2b', '$2b$', '$2x$')],
  ['bcrypt of the first version', twisted('bcrypt 2b', '$2b$', '$2$')],
  ['bcrypt without a hash', twisted('bcrypt 2b', /.{31}$/, '')],
  ['bcrypt with a character less', twisted('bcrypt 2b', /.$/, '')],
  ['bcrypt with a character more', twisted('bcrypt 2b', /$/, 'A')],
  ['bcrypt with a line more', twisted('bcrypt 2b', /$/, '\n')],
  ['bcrypt with a part more', twisted('bcrypt 2b', /$/, '$')],
  ['bcrypt with a character of another base64', twisted('bcrypt 2b', /.$/, '+')],
  ['Argon2id of 32 MiB and a block', twisted('Argon2id', 'm=256', 'm=32769')],
  ['Argon2id of 4 GiB', twisted('Argon2id', 'm=256', 'm=4194304')],
  ['Argon2id of 5 passes', twisted('Argon2id', 't=2', 't=5')],
  ['Argon2id of no pass', twisted('Argon2id', 't=2', 't=0')],
  ['Argon2id of 5 lanes', twisted('Argon2id', 'p=1', 'p=5')],
  ['Argon2id of no lane', twisted('Argon2id', 'p=1', 'p=0')],
  ['Argon2id of less memory than its lanes need', twisted('Argon2id', 'm=256,t=2,p=1', 'm=31,t=2,p=4')],
  ['Argon2id of no memory', twisted('Argon2id', 'm=256', 'm=0')],
  ['Argon2id of another version', twisted('Argon2id', 'v=19', 'v=16')],
  ['Argon2id without a version', twisted('Argon2id', 'v=19$', '')],
  ['Argon2i', twisted('Argon2id', 'argon2id', 'argon2i')],
  ['Argon2id without a hash', twisted('Argon2id', /[^$]+$/, '')],
  ['Argon2id with a hash of 8 bytes', twisted('Argon2id', /[^$]+$/, BASE64_OF_8_BYTES)],
  ['Argon2id with a hash of 65 bytes', twisted('Argon2id', /[^$]+$/, 'A'.repeat(87))],
  ['Argon2id with a salt of 7 bytes', twisted('Argon2id', /[^$]+(?=\$[^$]+$)/, 'A'.repeat(10))],
  ['Argon2id with a part more', twisted('Argon2id', /$/, '$AAAA')],
  ['Werkzeug scrypt of 64 MiB', twisted('Werkzeug scrypt:1024:8:1', '1024', '65536')],
  ['Werkzeug scrypt of 32 MiB and more by r', twisted('Werkzeug scrypt:1024:8:1', '1024:8', '32768:9')],
  ['Werkzeug scrypt of 17 lanes', twisted('Werkzeug scrypt:1024:8:1', '8:1$', '8:17$')],
  ['Werkzeug scrypt of no lane', twisted('Werkzeug scrypt:1024:8:1', '8:1$', '8:0$')],
  ['Werkzeug scrypt of an r of 0', twisted('Werkzeug scrypt:1024:8:1', '1024:8', '1024:0')],
  ['Werkzeug scrypt of N 1', twisted('Werkzeug scrypt:1024:8:1', '1024', '1')],
  ['Werkzeug scrypt of N 0', twisted('Werkzeug scrypt:1024:8:1', '1024', '0')],
  ['Werkzeug scrypt of N no power of two', twisted('Werkzeug scrypt:1024:8:1', '1024', '1000')],
  ['Werkzeug scrypt of N in other writing', twisted('Werkzeug scrypt:1024:8:1', '1024', '0x400')],
  ['Werkzeug scrypt of a negative N', twisted('Werkzeug scrypt:1024:8:1', '1024', '-1024')],
  ['Werkzeug scrypt without its numbers', twisted('Werkzeug scrypt:1024:8:1', ':1024:8:1', '')],
  ['Werkzeug scrypt without a hash', twisted('Werkzeug scrypt:1024:8:1', /[^$]+$/, '')],
  ['Werkzeug scrypt with a hash of 15 bytes', twisted('Werkzeug scrypt:1024:8:1', /[^$]+$/, 'ab'.repeat(15))],
  ['Werkzeug scrypt with a hash of 65 bytes', twisted('Werkzeug scrypt:1024:8:1', /[^$]+$/, 'ab'.repeat(65))],
  ['Werkzeug scrypt with half a byte', twisted('Werkzeug scrypt:1024:8:1', /.$/, '')],
  ['Werkzeug scrypt in capitals', twisted('Werkzeug scrypt:1024:8:1', /.{2}$/, 'AB')],
  ['Werkzeug scrypt without a salt', twisted('Werkzeug scrypt:1024:8:1', /\$.+\$/, '$$')],
  ['Werkzeug scrypt with a salt of 65 bytes', twisted('Werkzeug scrypt:1024:8:1', /\$.+\$/, `$${'s'.repeat(65)}$`)],
  ['Werkzeug PBKDF2 of a million rounds and one', twisted('Werkzeug pbkdf2:sha256:1000', ':1000$', ':1000001$')],
  ['Werkzeug PBKDF2 of a billion rounds', twisted('Werkzeug pbkdf2:sha256:1000', ':1000$', ':1000000000$')],
  ['Werkzeug PBKDF2 of no round', twisted('Werkzeug pbkdf2:sha256:1000', ':1000$', ':0$')],
  ['Werkzeug PBKDF2 of rounds in other writing', twisted('Werkzeug pbkdf2:sha256:1000', ':1000$', ':1e3$')],
  ['Werkzeug PBKDF2 without rounds', twisted('Werkzeug pbkdf2:sha256:1000', ':1000$', '$')],
  ['Werkzeug PBKDF2 of MD5', twisted('Werkzeug pbkdf2:sha256:1000', 'sha256', 'md5')],
  ['Werkzeug PBKDF2 of what every object has', twisted('Werkzeug pbkdf2:sha256:1000', 'sha256', 'constructor')],
  ['Werkzeug PBKDF2 with part of a hash', twisted('Werkzeug pbkdf2:sha256:1000', /.{2}$/, '')],
  ['Werkzeug PBKDF2 with a longer hash', twisted('Werkzeug pbkdf2:sha1:1000', /$/, 'abcdef')],
  ['Werkzeug, a plain HMAC', `sha256$saltsalt$${HEX.repeat(4)}`],
  ['Werkzeug, the password itself', 'plain$$correct horse battery'],
  ['Django PBKDF2 of a million rounds and one', twisted('Django pbkdf2_sha256', '$1$', '$1000001$')],
  ['Django PBKDF2 of no round', twisted('Django pbkdf2_sha256', '$1$', '$0$')],
  ['Django PBKDF2 without a hash', twisted('Django pbkdf2_sha256', /[^$]+$/, '')],
  ['Django PBKDF2 without padding', twisted('Django pbkdf2_sha256', /=$/, '')],
  ['Django PBKDF2 with padding too many', twisted('Django pbkdf2_sha256', /=$/, '=====')],
  ['Django PBKDF2 of what every object has', twisted('Django pbkdf2_sha256', 'sha256', 'constructor')],
  ['Django PBKDF2 of a double name', twisted('Django pbkdf2_sha256', 'sha256', 'sha256_sha256')],
  ['Django scrypt of 64 MiB', twisted('Django scrypt', '$1024$', '$131072$')],
  ['Django scrypt of 17 lanes', twisted('Django scrypt', '$4$3$', '$4$17$')],
  ['Django scrypt with a part less', twisted('Django scrypt', '$4$3$', '$4$')],
  ['Django scrypt without a hash', twisted('Django scrypt', /[^$]+$/, '')],
  ['Django, an account without a password', '!qvJHBSsbSEQMQZGMzTYrpRLPD2ZmAHgqVWEC1nXz'],
  ['Django, an old MD5', `md5$saltsalt$${HEX.repeat(2)}`],
  ['Firebase of 64 MiB', twisted('Firebase', 'ln=14', 'ln=16')],
  ['Firebase of no cost', twisted('Firebase', 'ln=14,r=8', '')],
  ['Firebase of lanes', twisted('Firebase', 'r=8', 'r=8,p=1')],
  ['Firebase without a salt', twisted('Firebase', '42xEC+ixf3L2lw==', '')],
  ['Firebase without a separator', twisted('Firebase', '$Bw==', '')],
  ['Firebase without a hash', twisted('Firebase', /[^$]+$/, '')],
  ['Firebase with a part more', twisted('Firebase', /$/, '$')],
  ['Firebase in base64url', twisted('Firebase', /\+/g, '-')],
  ['better-auth without a hash', twisted('better-auth', /:.*$/, ':')],
  ['better-auth without a salt', twisted('better-auth', /^[^:]+/, '')],
  ['better-auth with a byte less', twisted('better-auth', /.{2}$/, '')],
  ['better-auth in capitals', twisted('better-auth', /.{2}$/, 'AB')],
  ['better-auth with a line more', twisted('better-auth', /$/, '\n')],
];
