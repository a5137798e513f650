/** What a history entry keeps of a mail that was asked for: a reload of the page that waits for it still knows. */
export type Asked = {
  what: 'reset' | 'registration';
  email: string;
  /** When the newest was asked for. */
  atMs: number;
  /** How often it was asked for. */
  times: number;
};

export type WithAsked = { asked?: Asked };

/** For the first time, and now. */
export const askedNow = (what: Asked['what'], email: string): WithAsked => ({
  asked: { what, email: email.trim(), atMs: Date.now(), times: 1 },
});
