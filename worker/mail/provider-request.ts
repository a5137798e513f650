/** One request to a provider: sent whole within 10 s, its answer read to the end, and nothing thrown. */
import type { Clock } from '../clock.ts';
import { errorClasses } from '../log.ts';
import type { Delivery, ProviderAnswer } from './mailer.ts';

const MAIL_TIMEOUT_MS = 10_000;

/** `read` turns an answer into its word. What breaks before there is one may have been taken all the same. */
export const askProvider = async (
  url: string,
  { headers, body }: { headers: Record<string, string>; body: string | FormData },
  clock: Clock,
  read: (answer: ProviderAnswer) => Delivery,
): Promise<Delivery> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'User-Agent': 'Rekey', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(MAIL_TIMEOUT_MS),
    });
    const text = await response.text();
    const { status, headers: answered } = response;
    return read({ status, headers: answered, text, json: parseObject(text), nowMs: clock.now() });
  } catch (error) {
    return { kind: 'retry', afterSeconds: null, reason: errorClasses(error), isOurFault: false, mayBeOut: true };
  }
};

const parseObject = (text: string): ProviderAnswer['json'] => {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
};
