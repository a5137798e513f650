/** Who you are here. */
import { Show } from 'solid-js';
import { CardPage } from '../components/card-page.tsx';
import { signedInUser } from '../session.ts';

const dayOf = (iso: string) => new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(new Date(iso));

export const Account = () => (
  <CardPage heading="Account">
    <Show when={signedInUser()}>
      {user => (
        <div class="profile">
          <span class="avatar" aria-hidden="true">
            {user().username.slice(0, 1)}
          </span>
          <dl>
            <dt>Username</dt>
            <dd>{user().username}</dd>
            <dt>Email</dt>
            <dd>{user().email}</dd>
            <dt>Member since</dt>
            <dd>
              <time datetime={user().createdAt}>{dayOf(user().createdAt)}</time>
            </dd>
          </dl>
        </div>
      )}
    </Show>
  </CardPage>
);
