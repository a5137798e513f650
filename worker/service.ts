/**
 * Door 4, calls: what other Workers of the operator ask by a service binding. Only who deploys to the same account can bind
 * to it, so none of the guards of door 1 stands here: no origin, no limit by client address.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import type { Bindings } from './bindings.ts';
import { brokenEmailRule } from './contract/fields.ts';
import { USUAL_LANGUAGE } from './contract/languages.ts';
import type { User } from './contract/responses.ts';
import { sessionHashIn } from './http/cookies.ts';
import { asUser, ownerOfSession } from './http/current-session.ts';
import { logFailure } from './http/later.ts';
import { requestReset } from './reset/request-reset.ts';
import type { OpenServices, Services } from './services.ts';
import { endSessions } from './store/sessions.ts';
import { UNKNOWN_VISITOR } from './visitor.ts';

/** Every call rejects where it cannot be done, and says why. */
export type RekeyCalls = {
  /**
   * Whose session a request carries, by its `Cookie` header; null where it carries none that holds. One round trip, none
   * without a cookie. Rejects where the database does not answer: that is no reason to take anybody for signed out.
   */
  whoIs(cookie: string | null): Promise<User | null>;
  /** Mails a reset link to an address, by the limits that hold for everybody. Tells nobody whether it has an account. */
  requestReset(email: string): Promise<void>;
  /** Logs a user out of every browser, by the `id` that whoIs tells. Whoever knows the password can log in again. */
  endSessions(userId: string): Promise<void>;
};

type Service = new (ctx: ExecutionContext, env: Bindings) => WorkerEntrypoint<Bindings> & RekeyCalls;

/** What a binding with `entrypoint = "RekeyService"` can call. */
export const createService = (openServices: OpenServices): Service => {
  const servicesOf = (env: Bindings): Services => {
    const services = openServices(env);
    if (!services) throw new Error('Rekey is misconfigured: its log names the settings.');
    return services;
  };

  return class extends WorkerEntrypoint<Bindings> implements RekeyCalls {
    async whoIs(cookie: string | null): Promise<User | null> {
      const services = servicesOf(this.env);
      const secretHash = await sessionHashIn(services.config, cookie ?? undefined);
      const later = (name: string, work: Promise<unknown>) => this.ctx.waitUntil(logFailure(name, work));
      const user = await ownerOfSession(services, later, secretHash);
      return user && asUser(user);
    }

    async requestReset(email: string): Promise<void> {
      const { mailQueue, clock } = servicesOf(this.env);
      const address = String(email).trim();
      if (brokenEmailRule(address)) throw new TypeError('requestReset takes an email address.');
      await requestReset(mailQueue, clock, address, { ...UNKNOWN_VISITOR, language: USUAL_LANGUAGE });
    }

    async endSessions(userId: string): Promise<void> {
      const { db, clock } = servicesOf(this.env);
      await endSessions(db, { userId: String(userId), nowMs: clock.now(), visitor: UNKNOWN_VISITOR });
    }
  };
};
