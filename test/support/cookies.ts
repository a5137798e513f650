/** The cookies of the local application, whole, as its answers set them. */

/** Ends with the browser. */
export const SESSION_COOKIE = /^rekey-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/;
export const CLEARED_SESSION = 'rekey-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax';

/** Of a browser that so many accounts are known in. Lives for 400 days. */
export const browserCookie = (accounts: number): RegExp =>
  new RegExp(
    `^rekey-browser=[\\w-]{22}(~[\\w-]{22}![\\w-]{22}){${accounts}}\\*[\\w-]{43}; Max-Age=34560000; Path=/; HttpOnly; SameSite=Lax$`,
  );
