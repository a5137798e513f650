/**
 * better-auth as its documentation sets it up: email and password with verification and reset, on Cloudflare. Whatever it
 * does not tell an application to set is left at its default, the hashing of passwords and the life of sessions included.
 */
import { waitUntil } from 'cloudflare:workers';
import type { D1Database } from '@cloudflare/workers-types';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { sendMail } from './send-mail.ts';

export type Bindings = {
  DB: D1Database;
  BETTER_AUTH_URL: string;
  BETTER_AUTH_SECRET: string;
  /** Empty: mails go nowhere. */
  MAIL_API_URL: string;
  /** Where its limits count: its own default is an isolate's memory. */
  RATE_LIMITS: 'database' | 'memory';
};

type Auth = { handler(request: Request): Promise<Response>; options: BetterAuthOptions };

export const createAuth = ({ DB, BETTER_AUTH_URL, BETTER_AUTH_SECRET, MAIL_API_URL, RATE_LIMITS }: Bindings): Auth =>
  betterAuth({
    baseURL: BETTER_AUTH_URL,
    secret: BETTER_AUTH_SECRET,
    database: DB,
    // Its page "Email & Password", with the mails' own words.
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      sendResetPassword: ({ user, url }) =>
        sendMail(MAIL_API_URL, {
          to: user.email,
          subject: 'Reset your password',
          text: `Click the link to reset your password: ${url}`,
        }),
      onExistingUserSignUp: ({ user }) =>
        sendMail(MAIL_API_URL, {
          to: user.email,
          subject: 'Sign-up attempt with your email',
          text: 'Someone tried to create an account using your email address.',
        }),
    },
    emailVerification: {
      sendVerificationEmail: ({ user, url }) =>
        sendMail(MAIL_API_URL, {
          to: user.email,
          subject: 'Verify your email address',
          text: `Click the link to verify your email: ${url}`,
        }),
    },
    // Its page "User & Accounts": off until it is asked for.
    user: { changeEmail: { enabled: true } },
    // On in production anyway, with its own limits; in memory, a Worker forgets them.
    rateLimit: { enabled: true, storage: RATE_LIMITS },
    advanced: {
      // Its Cloudflare guide: the client's address, and mails that an answer does not wait for.
      ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] },
      backgroundTasks: { handler: waitUntil },
      // What an https origin brings by itself, and every deployment has: here the origin is http on this machine.
      useSecureCookies: true,
    },
  });
