/**
 * What the files here that run in workerd take from the platform's module. Its own types bring a Request and a Response
 * that are not the ones of the driver's program, which runs in Node and is checked together with these files.
 */
declare module 'cloudflare:workers' {
  export function waitUntil(promise: Promise<unknown>): void;

  export abstract class WorkerEntrypoint<Bindings> {
    protected readonly env: Bindings;
  }
}
