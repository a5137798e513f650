/** What the build writes into the pages, from wrangler.toml's vars (vite.config.ts). The Worker stays the judge. */
declare const __APP_NAME__: string;
declare const __LOGO_SRC__: string;
declare const __LOGO_WIDTH__: number;
declare const __LOGO_IS_NAME__: boolean;
declare const __PASSWORD_MIN_LENGTH__: number;
declare const __MAIL_FROM__: string;

export const APP_NAME = __APP_NAME__;

export const LOGO_SRC = __LOGO_SRC__;
/** In CSS pixels, of a logo that is 28 high. */
export const LOGO_WIDTH = __LOGO_WIDTH__;
/** The logo is the name written out. */
export const LOGO_IS_NAME = __LOGO_IS_NAME__;

/** In code points after NFC. */
export const PASSWORD_MIN_LENGTH = __PASSWORD_MIN_LENGTH__;

/** Who mails come from, so that people know what to look for: `Name <address>`, or an address alone. */
export const MAIL_FROM = __MAIL_FROM__;
