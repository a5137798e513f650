/** What every handler finds in its context. */
import type { Context } from 'hono';
import type { Bindings } from '../bindings.ts';
import type { Services } from '../services.ts';

export type AppEnv = {
  Bindings: Bindings;
  Variables: {
    requestId: string;
    services: Services;
    /** The body as text, read once within its limit. Empty where there was none. */
    bodyText: string;
  };
};

export type AppContext = Context<AppEnv>;
