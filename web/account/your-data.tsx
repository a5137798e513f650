/** All that is kept about the person, as a file. */
import { Section } from './section.tsx';

export const YourData = () => (
  <Section id="data" heading="Your Data" about="One JSON file with all that we keep about you.">
    <a class="button" href="/api/account/export" download="">
      Download Your Data
    </a>
  </Section>
);
