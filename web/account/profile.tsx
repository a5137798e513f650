/** Who you are here: the name can be changed, the rest is told. */
import type { User } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { Form } from '../components/form.tsx';
import { UsernameField, usernameProblem } from '../components/username-field.tsx';
import { showFlash } from '../flash.ts';
import { setSignedInUser } from '../session.ts';
import { Section } from './section.tsx';

const dayOf = (iso: string) => new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(new Date(iso));

export const Profile = (props: { user: User; onChange: () => void }) => {
  const done = ({ user }: { user: User }) => {
    setSignedInUser(user);
    showFlash('success', 'Your username has been changed.');
    props.onChange();
  };
  return (
    <Section id="profile" heading="Profile">
      <div class="profile">
        <span class="avatar" aria-hidden="true">
          {props.user.username.slice(0, 1)}
        </span>
        <dl>
          <dt>Email</dt>
          <dd>{props.user.email}</dd>
          <dt>Member since</dt>
          <dd>
            <time datetime={props.user.createdAt}>{dayOf(props.user.createdAt)}</time>
          </dd>
        </dl>
      </div>
      <Form
        button="Change Username"
        stays
        check={({ username }: { username: string }) => ({
          username: username === props.user.username ? 'That is your username already.' : usernameProblem(username),
        })}
        send={({ username }) => ask(api.account.$patch({ json: { username } }))}
        done={done}
      >
        <UsernameField value={props.user.username} />
      </Form>
    </Section>
  );
};
