/** What every handler finds in its context. */
import type { Context } from 'hono';
import type { Bindings } from '../bindings.ts';
import type { ProblemCode } from '../contract/problems.ts';
import type { Services } from '../services.ts';
import type { SessionRow } from '../store/sessions.ts';

export type AppEnv = {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    services: Services;
    startedAtMs: number;
    /** Of the problem that is answered, where one is. */
    problemCode?: ProblemCode;
    /** The body as text, read once within its limit. Empty where there was none. */
    bodyText: string;
    /** Set by the guards of http/signed-in.ts. */
    signedIn: SessionRow;
  };
};

export type AppContext = Context<AppEnv>;
