/** Where the browser tests find the application and its mailbox: beside those of `npm run dev`, so both can run. */
export const APP_PORT = 8797;
export const MAILBOX_PORT = 8035;
export const APP_URL = `http://localhost:${APP_PORT}`;
export const MAILBOX_URL = `http://localhost:${MAILBOX_PORT}`;
