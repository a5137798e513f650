/** What a page loads: how many requests, and how many bytes of each kind as gzip sends them. */
import { gzipSync } from 'node:zlib';
import type { Page, Response } from '@playwright/test';

/** Of the first load of /login, in bytes of gzip, the words of one language included. */
export const MAX_SCRIPT_BYTES = 25_000;
export const MAX_STYLE_BYTES = 6000;

/** Bytes of gzip at its best level; `other` is the API's answers and pictures. */
export type PageWeight = { requests: number; document: number; script: number; stylesheet: number; other: number };

/** `open` loads it and waits until it is whole. What was loaded before and what comes later is not weighed. */
export const weighPage = async (page: Page, open: () => Promise<void>): Promise<PageWeight> => {
  const weight: PageWeight = { requests: 0, document: 0, script: 0, stylesheet: 0, other: 0 };
  const weighed: Promise<void>[] = [];
  const weigh = async (response: Response): Promise<void> => {
    const kind = response.request().resourceType();
    const part = kind === 'document' || kind === 'script' || kind === 'stylesheet' ? kind : 'other';
    // Before the sum is read: while one body comes, others are added.
    const body = await response.body();
    weight[part] += gzipSync(body, { level: 9 }).length;
    weight.requests += 1;
  };
  const onResponse = (response: Response) => void weighed.push(weigh(response));
  page.on('response', onResponse);
  await open();
  await page.waitForLoadState('networkidle');
  page.off('response', onResponse);
  await Promise.all(weighed);
  return weight;
};
