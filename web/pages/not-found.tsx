/** For every path that is no page; also served, with status 404, as 404.html. */
import { Heading } from '../components/heading.tsx';
import { say } from '../words.ts';

export const NotFound = () => (
  <section class="hero">
    <p class="eyebrow">404</p>
    <Heading title={say('home.not-found-title')}>{say('home.not-found-heading')}</Heading>
    <p class="lede">{say('home.not-found-text')}</p>
    <div class="actions">
      <a class="button button-primary" href="/">
        {say('home.go-home')}
      </a>
    </div>
  </section>
);
