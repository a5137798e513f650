/** The one address that a webhook makes us ask for. */
import { afterEach, expect, test, vi } from 'vitest';
import { confirmSubscription } from '../../worker/mail/events/confirm-subscription.ts';
import { Unavailable } from '../../worker/unavailable.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const URL_OF_SNS = 'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription';
const answerWith = (answer: () => Promise<Response>) => {
  const fetch = vi.fn(answer);
  vi.stubGlobal('fetch', fetch);
  vi.spyOn(console, 'info').mockReturnValue();
  return fetch;
};

test('is asked for once, and no redirect leads us elsewhere', async () => {
  const fetch = answerWith(async () => new Response('<ok/>'));
  await confirmSubscription(URL_OF_SNS);
  expect(fetch.mock.calls).toEqual([[URL_OF_SNS, { redirect: 'manual', signal: expect.any(AbortSignal) }]]);
});

test.each([
  ['leads elsewhere', async () => new Response(null, { status: 302, headers: { Location: 'https://evil.example' } })],
  ['is an error', async () => new Response('', { status: 403 })],
  ['does not come', async () => Promise.reject(new Error('Network connection lost.'))],
])('makes the caller try again where the answer %s', async (_, answer) => {
  answerWith(answer);
  await expect(confirmSubscription(URL_OF_SNS)).rejects.toThrow(Unavailable);
});
