/** Where all that the browser tests' Worker logs is kept for the look at the end. */
export const LOG = '.cache/browser/worker.log';
