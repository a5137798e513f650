/** All that is kept about the person, as a file. */
import { say } from '../words.ts';
import { Section } from './section.tsx';

export const YourData = () => (
  <Section id="data" heading={say('account.data')} about={say('account.data-about')}>
    <a class="button" href="/api/account/export" download="">
      {say('account.download-data')}
    </a>
  </Section>
);
