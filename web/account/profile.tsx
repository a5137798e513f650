/** Who you are here: the name can be changed, the rest is told. */
import type { User } from '../../worker/contract/responses.ts';
import { api, ask } from '../api.ts';
import { Form } from '../components/form.tsx';
import { UsernameField, usernameProblem } from '../components/username-field.tsx';
import { showFlash } from '../flash.ts';
import { setSignedInUser } from '../session.ts';
import { inLanguage, say } from '../words.ts';
import { Section } from './section.tsx';

const days = inLanguage(language => new Intl.DateTimeFormat(language, { dateStyle: 'long' }));

export const Profile = (props: { user: User; onChange: () => void }) => {
  const done = ({ user }: { user: User }) => {
    setSignedInUser(user);
    showFlash('success', say('account.username-changed'));
    props.onChange();
  };
  return (
    <Section id="profile" heading={say('account.profile')}>
      <div class="profile">
        <span class="avatar" aria-hidden="true">
          {props.user.username.slice(0, 1)}
        </span>
        <dl>
          <dt>{say('every-page.email')}</dt>
          <dd>
            <bdi>{props.user.email}</bdi>
          </dd>
          <dt>{say('account.member-since')}</dt>
          <dd>
            <time datetime={props.user.createdAt}>{days().format(new Date(props.user.createdAt))}</time>
          </dd>
        </dl>
      </div>
      <Form
        button={say('account.change-username')}
        stays
        check={({ username }: { username: string }) => ({
          username:
            username === props.user.username ? say('account.username-yours-already') : usernameProblem(username),
        })}
        send={({ username }) => ask(api.account.$patch({ json: { username } }))}
        done={done}
      >
        <UsernameField value={props.user.username} />
      </Form>
    </Section>
  );
};
