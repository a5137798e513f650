/**
 * Listening on this machine only, under both addresses that `localhost` may mean.
 */
import type { Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';

const FREE_PORT_TRIES = 5;

/** Listens on 127.0.0.1 and, where there is IPv6, on ::1 with the same port: `localhost` may mean either. */
export async function listenOnLoopback(
  makeServer: () => Server,
  port: number,
): Promise<{ servers: Server[]; port: number }> {
  for (let tries = 1; ; tries += 1) {
    const ipv4 = makeServer();
    const ipv6 = makeServer();
    try {
      const takenPort = await listenOn(ipv4, '127.0.0.1', port);
      const hasIpv6 = await listenOn(ipv6, '::1', takenPort).then(
        () => true,
        error => {
          if (error.code === 'EADDRINUSE') throw error;
          return false;
        },
      );
      return { servers: hasIpv6 ? [ipv4, ipv6] : [ipv4], port: takenPort };
    } catch (error) {
      await closeServer(ipv4);
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (isTaken && port === 0 && tries < FREE_PORT_TRIES) continue;
      if (!isTaken) throw error;
      throw new Error(`Port ${port} is taken, so the mailbox cannot start. Set MAILBOX_PORT to move it.`, {
        cause: error,
      });
    }
  }
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: isIPv6(host) }, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Closes a server at once, with the connections that are open. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
