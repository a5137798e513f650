/** Rekey's password hash and nothing else, by one path for each engine: `/noble?ln=14&r=8&p=5`. */
import { hashPassword } from '../../../worker/credentials/password-hash.ts';

export default {
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const engine = pathname === '/native' ? 'native' : 'noble';
    const [ln = 0, r = 0, p = 0] = ['ln', 'r', 'p'].map(name => Number(searchParams.get(name)));
    return new Response(hashPassword('correct horse battery', { ln, r, p }, engine));
  },
} satisfies ExportedHandler;
