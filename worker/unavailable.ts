/** Thrown where a part that we need does not answer. The doors turn it into 503, or into a later try. */
export class Unavailable extends Error {
  /** The log says errors by their class, and a minified bundle would have another name for it. */
  static override readonly name = 'Unavailable';

  readonly service: 'database' | 'queue' | 'hasher' | 'password list' | 'mail provider' | 'letter words';

  constructor(service: Unavailable['service'], cause: unknown) {
    super(`the ${service} does not answer`, { cause });
    this.service = service;
  }
}
