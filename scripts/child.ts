/**
 * Programs that a script starts. Each has a process group of its own, so it ends with all that it started, and looks
 * after its parent, so it ends even when this process is killed outright.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const STOP_WITH_PARENT = new URL('stop-with-parent.ts', import.meta.url).href;
const STOP_WAIT_MS = 5000;

export type ChildOptions = {
  /** A JavaScript or TypeScript file, run by this Node. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads from its input, which is closed behind it. Secrets go this way: arguments are seen by everybody. */
  readonly input?: string;
  /** Hears each line of either stream, without its line break. Left out, the child writes where this process does. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Hears what the child sends over a channel, which there is only then. */
  readonly onMessage?: (message: unknown) => void;
};

export type Child = {
  /** Resolves when the child has ended and its output is read, with words for how: `code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  /** Ends the child and all that it started; resolves when they are gone. */
  readonly stop: () => Promise<void>;
};

// npm, told to end, may leave its scripts behind: the shell in between dies silently.
if (process.env.npm_lifecycle_event !== undefined) await import('./stop-with-parent.ts');

const running = new Set<number>();
// The last resort, should this process end without having stopped its children.
process.on('exit', () => {
  for (const pid of running) signalGroup(pid, 'SIGKILL');
});

/** Starts a child, with its input closed where it is given none. */
export function startChild(options: ChildOptions): Child {
  const { script, args = [], folder, environment, input, onLine, onMessage } = options;
  const output = onLine ? 'pipe' : 'inherit';
  const child = spawn(process.execPath, ['--import', STOP_WITH_PARENT, script, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: [input === undefined ? 'ignore' : 'pipe', output, output, ...(onMessage ? (['ipc'] as const) : [])],
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  // A child that ends without having read it is told by how it ended.
  child.stdin?.on('error', () => undefined).end(input);
  if (child.stdout) createInterface({ input: child.stdout }).on('line', line => onLine?.(line, 'stdout'));
  if (child.stderr) createInterface({ input: child.stderr }).on('line', line => onLine?.(line, 'stderr'));
  child.on('message', message => onMessage?.(message));

  const ended = new Promise<string>(resolve => {
    child.on('error', error => resolve(error.message));
    child.on('close', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  child.on('exit', () => {
    if (pid === undefined) return;
    running.delete(pid);
    // Whatever it left behind in its group; it would also keep the output open.
    signalGroup(pid, 'SIGKILL');
  });

  const stop = async () => {
    if (pid === undefined || !running.has(pid)) return;
    signalGroup(pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_WAIT_MS);
    await ended;
    clearTimeout(timer);
  };
  return { ended, stop };
}

/** Signals a whole process group; nothing when it is gone already. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nobody is left.
  }
}
