/** The four doors, wired to the real clock, and the Durable Object. Nothing else. */
import { createApp } from './app.ts';
import type { Bindings } from './bindings.ts';
import { createCleanup } from './cleanup.ts';
import { systemClock } from './clock.ts';
import { createMailConsumer } from './mail-consumer.ts';
import { createService } from './service.ts';
import { createServices } from './services.ts';

export { PasswordHasher } from './credentials/password-hasher.ts';

const openServices = createServices(systemClock);

/** For service bindings of other Workers. */
export const RekeyService = createService(openServices);

export default {
  fetch: createApp(openServices).fetch,
  queue: createMailConsumer(openServices),
  scheduled: createCleanup(openServices),
} satisfies ExportedHandler<Bindings>;
