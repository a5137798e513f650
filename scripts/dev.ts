/**
 * `npm run dev`: from a fresh clone to a running application with a mailbox. The mailbox runs in this process, vite's
 * watcher and wrangler in their own; when one of them ends, all end.
 */
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters, styleText } from 'node:util';
import { type Mail, startMailbox } from '../test/mailbox/mailbox.ts';
import { type Child, startChild } from './child.ts';
import { ensureDevVars } from './dev-vars.ts';
import { assertPortsAreFree, type Ports, readPorts } from './ports.ts';
import type { PageBuilt } from './watch-page.ts';
import { applyMigrations, createLineFilter, startWrangler } from './wrangler.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));
const START_WAIT_MS = 60_000;
const HIDDEN_LINES_KEPT = 30;

const startedAtMs = performance.now();
const stops: (() => Promise<void>)[] = [];
let isStopping = false;

const bold = (text: string) => styleText('bold', text);
const print = (line: string) => console.log(process.stdout.isTTY ? line : stripVTControlCharacters(line));
const printError = (line: string) => console.error(process.stderr.isTTY ? line : stripVTControlCharacters(line));
const printStep = (what: string) => {
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  print(`  ${styleText('green', '✓')} ${what.padEnd(34)} ${styleText('dim', `${seconds} s`)}`);
};

async function stopAll(exitCode: number): Promise<never> {
  if (!isStopping) {
    isStopping = true;
    process.exitCode = exitCode;
    await Promise.allSettled(stops.map(stop => stop()));
  }
  process.exit();
}

/** Registers a child to be stopped with the rest; should it end by itself, the rest is stopped. */
function keep(name: string, child: Child, hiddenLines: readonly string[] = []): void {
  stops.push(child.stop);
  child.ended.then(how => {
    if (isStopping) return;
    for (const line of hiddenLines) printError(line);
    printError(styleText('red', `\n${name} ended unexpectedly (${how}). Stopping the rest.`));
    void stopAll(1);
  });
}

/** Starts the watcher; resolves when the page is built for the first time. */
function startPageWatcher(): Promise<void> {
  return new Promise((resolve, reject) => {
    let isFirst = true;
    const child = startChild({
      script: fileURLToPath(new URL('watch-page.ts', import.meta.url)),
      folder: FOLDER,
      onLine: line => printError(line),
      onMessage: message => {
        const { kind } = message as PageBuilt;
        if (kind === 'failed') return isFirst ? reject(new Error('The page could not be built.')) : undefined;
        if (!isFirst) print(styleText('dim', '  page built again'));
        isFirst = false;
        resolve();
      },
    });
    keep('The page watcher (vite)', child);
  });
}

/** Starts the Worker; resolves when it listens. */
function startWorker(ports: Ports): Promise<void> {
  const isForPeople = createLineFilter();
  const hiddenLines: string[] = [];
  const variables = [`APP_URL:http://localhost:${ports.app}`, `MAIL_API_URL:http://localhost:${ports.mailbox}`];
  const args = ['dev', '--port', String(ports.app), '--show-interactive-dev-session=false'];
  return new Promise(resolve => {
    const child = startWrangler([...args, ...variables.flatMap(variable => ['--var', variable])], {
      folder: FOLDER,
      onLine: (line, stream) => {
        if (isForPeople(line)) return stream === 'stderr' ? printError(line) : print(line);
        if (line.trim() !== '') hiddenLines.push(line);
        if (hiddenLines.length > HIDDEN_LINES_KEPT) hiddenLines.shift();
        if (line.includes('Local server updated and ready')) print(styleText('dim', '  Worker reloaded'));
      },
      onMessage: () => resolve(),
    });
    keep('The Worker (wrangler dev)', child, hiddenLines);
  });
}

/** Asks the Worker until it answers that it is well; says what it answered instead when that takes too long. */
async function waitUntilHealthy(appUrl: string): Promise<void> {
  const deadline = performance.now() + START_WAIT_MS;
  let last = 'nothing';
  while (performance.now() < deadline) {
    const response = await fetch(`${appUrl}/api/health`).catch(() => null);
    if (response?.ok) return;
    if (response) last = `${response.status} ${await response.text()}`;
    // A configuration does not mend itself.
    if (response?.status === 500) break;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  throw new Error(`${appUrl}/api/health does not answer as it should. It answered: ${last}`);
}

function printMail(mail: Mail): void {
  const time = new Date(mail.receivedAt).toLocaleTimeString('en-GB');
  print(`\n  ${styleText('dim', time)}  ${bold('Mail')} to ${mail.to.join(', ')}: ${mail.subject}`);
  if (mail.link !== null) print(`            ${styleText('cyan', mail.link)}`);
}

function printDevVars(): void {
  const devVars = ensureDevVars(FOLDER);
  if (devVars.kind === 'made') printStep('.dev.vars made with new secrets');
  if (devVars.kind === 'appended') printStep(`.dev.vars: added ${devVars.names.join(', ')}`);
}

async function start(): Promise<void> {
  const ports = readPorts(process.env);
  await assertPortsAreFree(ports);
  const appUrl = `http://localhost:${ports.app}`;
  print(`\n  ${bold('Rekey')} is starting\n`);
  printDevVars();

  const mailbox = await startMailbox({ port: ports.mailbox, appUrl, onMail: printMail });
  stops.push(mailbox.close);
  await Promise.all([
    applyMigrations(FOLDER).then(() => printStep('database ready')),
    // wrangler wants dist/ to be there, and asks the database nothing before the first request.
    startPageWatcher()
      .then(() => printStep('page built'))
      .then(() => startWorker(ports)),
  ]);
  await waitUntilHealthy(appUrl);
  printStep('Worker running');

  print(`\n  Application  ${bold(styleText('cyan', appUrl))}`);
  print(`  Mailbox      ${bold(styleText('cyan', mailbox.url))}\n`);
  print('  Open both. Sign up with any address: every mail stays on this machine and is in the mailbox.');
  print('  Then log out, choose "Forgot Password?" and follow the link of the mail.');
  print(styleText('dim', '  Changes to the page and the Worker are picked up. Ctrl-C stops everything.'));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stopAll(0));
}
try {
  await start();
} catch (error) {
  if (!isStopping) {
    printError(`\n${styleText('red', error instanceof Error ? error.message : String(error))}\n`);
    await stopAll(1);
  }
}
