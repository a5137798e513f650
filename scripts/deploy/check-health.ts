/**
 * Whether the deployment answers where people will open it: a new one, or a new address, takes a moment, and until then
 * the one before it answers.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import about from '../../package.json' with { type: 'json' };
import { DeployError } from './deploy-error.ts';

const { version } = about;

const TRIES = 20;
const PAUSE_MS = 3000;
const ANSWER_WAIT_MS = 10_000;

export type Outside = {
  fetch: typeof fetch;
  /** Between two tries. */
  pauseMs?: number;
};

/** The version that answers. Gives up after a minute with what was answered last. */
export const checkHealth = async (appUrl: string, { fetch, pauseMs = PAUSE_MS }: Outside): Promise<string> => {
  const url = `${appUrl}/api/health`;
  let last = '';
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await sleep(pauseMs);
    const found = await askOnce(url, fetch);
    if ('version' in found) return found.version;
    last = found.instead;
  }
  const host = new URL(appUrl).host;
  throw new DeployError(
    `It is deployed, but GET ${url} does not answer as it should: ${last}.`,
    [
      `Does ${host} lead to this Worker? For a domain of yours on Cloudflare, in wrangler.toml above the first table:`,
      `  routes = [{ pattern = "${host}", custom_domain = true }]`,
      'A new address may take some minutes. What the Worker itself says: npx wrangler tail.',
    ].join('\n'),
  );
};

const askOnce = async (url: string, ask: typeof fetch): Promise<{ version: string } | { instead: string }> => {
  try {
    const response = await ask(url, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_WAIT_MS) });
    const text = await response.text();
    const body = readObject(text);
    const isGood = response.status === 200 && body.status === 'ok';
    if (isGood && body.version === version) return { version };
    if (isGood) return { instead: `version ${JSON.stringify(body.version)}, and ${version} was deployed` };
    return { instead: [response.status, body.code].filter(Boolean).join(' ') };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return { instead: `nothing (${cause?.code ?? message})` };
  }
};

const readObject = (text: string): Record<string, unknown> => {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
};
