/**
 * The ports of the local Worker and mailbox: read from the environment and looked at before anything starts.
 */
import { createServer } from 'node:net';
import { DEFAULT_MAILBOX_PORT } from '../test/mailbox/mailbox.ts';

export const DEFAULT_PORT = 8787;
const PORT_MAX = 65_535;

export type Ports = { readonly app: number; readonly mailbox: number };

/** Reads `PORT` and `MAILBOX_PORT`. Throws a sentence that names the variable and its value. */
export function readPorts(environment: NodeJS.ProcessEnv): Ports {
  const app = readPort(environment, 'PORT', DEFAULT_PORT);
  const mailbox = readPort(environment, 'MAILBOX_PORT', DEFAULT_MAILBOX_PORT);
  if (app === mailbox) throw new Error(`PORT and MAILBOX_PORT are both ${app}. They need a port each.`);
  return { app, mailbox };
}

function readPort(environment: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const value = environment[name];
  if (value === undefined || value === '') return fallback;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (port < 1 || port > PORT_MAX)
    throw new Error(`${name} is ${JSON.stringify(value)}. It must be a port: 1 to ${PORT_MAX}.`);
  return port;
}

/** Throws a sentence for the first port that somebody listens on, under either address of `localhost`. */
export async function assertPortsAreFree(ports: Ports): Promise<void> {
  await assertPortIsFree(ports.app, 'PORT', 'the Worker');
  await assertPortIsFree(ports.mailbox, 'MAILBOX_PORT', 'the mailbox');
}

async function assertPortIsFree(port: number, name: string, what: string): Promise<void> {
  for (const host of ['127.0.0.1', '::1']) {
    const code = await tryToListen(host, port);
    const other = `${name}=${port < PORT_MAX ? port + 1 : port - 1} npm run dev`;
    if (code === 'EADDRINUSE')
      throw new Error(`Port ${port}, where ${what} should listen, is taken. Choose another: ${other}`);
    if (code === 'EACCES')
      throw new Error(`Port ${port} is not allowed for ${what}. Choose one over 1023: ${name}=8080 npm run dev`);
  }
}

/** The error code of listening there, or null. A machine without IPv6 has its own codes, which say nothing here. */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', error => resolve('code' in error ? String(error.code) : null));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
