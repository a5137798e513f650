/** Where a request came from, as far as it is kept: words of our own list, never the header itself. */
export type Visitor = {
  /** Such as `Firefox on Windows`; null where it is none that we know. */
  userAgent: string | null;
  /** ISO 3166-1 alpha-2; null where the edge does not say. */
  country: string | null;
  /** IANA name such as `Europe/Berlin`; null where the edge does not say. */
  timeZone: string | null;
};

/** Where nobody's browser asked, or nothing is known of it. */
export const UNKNOWN_VISITOR: Visitor = { userAgent: null, country: null, timeZone: null };
