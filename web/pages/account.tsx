/** All that an owner may see and do. The parts are in account/, each with an address of its own: `/account#password`. */
import { createSignal, Show } from 'solid-js';
import { Activity } from '../account/activity.tsx';
import { DangerZone } from '../account/danger-zone.tsx';
import { Email } from '../account/email.tsx';
import { Password } from '../account/password.tsx';
import { Profile } from '../account/profile.tsx';
import { Sessions } from '../account/sessions.tsx';
import { YourData } from '../account/your-data.tsx';
import { Heading } from '../components/heading.tsx';
import { signedInUser } from '../session.ts';
import { say } from '../words.ts';

export const Account = () => {
  /** Counts what was done here: sessions and activity are asked for again. */
  const [changes, setChanges] = createSignal(0);
  const onChange = () => setChanges(changes() + 1);
  return (
    <div class="account">
      <div class="account-side">
        <Heading title={say('every-page.account')}>{say('every-page.account')}</Heading>
        <nav aria-label={say('account.on-this-page')}>
          <a href="/account#profile">{say('account.profile')}</a>
          <a href="/account#password">{say('every-page.password')}</a>
          <a href="/account#email">{say('every-page.email')}</a>
          <a href="/account#sessions">{say('account.sessions')}</a>
          <a href="/account#activity">{say('account.activity')}</a>
          <a href="/account#data">{say('account.data')}</a>
          <a href="/account#danger">{say('account.danger')}</a>
        </nav>
      </div>
      <Show when={signedInUser()}>
        {user => (
          <div class="sections">
            <Profile user={user()} onChange={onChange} />
            <Password user={user()} onChange={onChange} />
            <Email user={user()} onChange={onChange} />
            <Sessions changes={changes()} onChange={onChange} />
            <Activity changes={changes()} />
            <YourData />
            <DangerZone user={user()} />
          </div>
        )}
      </Show>
    </div>
  );
};
