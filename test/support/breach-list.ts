/** A list of leaked passwords that holds one: it answers ranges of SHA-1 hashes as Have I Been Pwned does. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const startBreachList = async (password: string): Promise<{ url: string; close(): Promise<void> }> => {
  const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
  const server = createServer((request, response) => {
    const isItsRange = request.url === `/range/${hash.slice(0, 5)}`;
    response
      .setHeader('Content-Type', 'text/plain')
      .end(isItsRange ? `${hash.slice(5)}:7\r\n` : `${'0'.repeat(35)}:0\r\n`);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
