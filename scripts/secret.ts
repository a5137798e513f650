/** `npm run secret`: prints a good value for TOKEN_SECRET or LOOKUP_SECRET, and nothing else, so it can be piped. */
import { randomSecret } from './random-secret.ts';

console.log(randomSecret());
