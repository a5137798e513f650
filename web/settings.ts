/** What the build writes into the pages, from wrangler.toml's vars (vite.config.ts). The Worker stays the judge. */
declare const __APP_NAME__: string;
declare const __PASSWORD_MIN_LENGTH__: number;
declare const __MAIL_FROM__: string;

export const APP_NAME = __APP_NAME__;

/** In code points after NFC. */
export const PASSWORD_MIN_LENGTH = __PASSWORD_MIN_LENGTH__;

/** Who mails come from, so that people know what to look for: `Name <address>`, or an address alone. */
export const MAIL_FROM = __MAIL_FROM__;
