/** For every path that is no page; also served, with status 404, as 404.html. */
import { Heading } from '../components/heading.tsx';

export const NotFound = () => (
  <section class="hero">
    <p class="eyebrow">404</p>
    <Heading title="Not Found">This key opens nothing.</Heading>
    <p class="lede">There is no page at this address. It may have been mistyped, or cut short on the way here.</p>
    <div class="actions">
      <a class="button button-primary" href="/">
        Go Home
      </a>
    </div>
  </section>
);
