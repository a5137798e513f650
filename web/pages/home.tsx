/** The front door. An application built on this puts its own words here. */
import { type JSX, Match, Switch } from 'solid-js';
import { Heading } from '../components/heading.tsx';
import { Icon } from '../components/icon.tsx';
import { Waiting } from '../components/waiting.tsx';
import { session, signedInUser } from '../session.ts';
import { APP_NAME } from '../settings.ts';

const Point = (props: { icon: 'mail' | 'lock' | 'renew'; title: string; children: JSX.Element }) => (
  <li>
    <Icon name={props.icon} />
    <h2>{props.title}</h2>
    {props.children}
  </li>
);

const Welcome = () => (
  <section class="hero">
    <p class="eyebrow">Accounts and password reset</p>
    <Heading title="">One account, and always a way back in.</Heading>
    <p class="lede">
      {APP_NAME} keeps an address, a username and a password for you. Forget the password, and a link in your mailbox
      lets you choose another.
    </p>
    <div class="actions">
      <a class="button button-primary" href="/login">
        Log In
      </a>
      <a class="button" href="/register">
        Register
      </a>
    </div>
    <ul class="points">
      <Point icon="mail" title="A link, not a riddle">
        No secret questions and no codes to copy. The link comes to your mailbox, works once and ends soon.
      </Point>
      <Point icon="lock" title="Yours alone">
        Nobody can plant a password for your address, and we keep only a hash of the one you choose.
      </Point>
      <Point icon="renew" title="One reset ends it all">
        A new password ends every session and every older link, on every device, at once.
      </Point>
    </ul>
  </section>
);

export const Home = () => (
  <Switch fallback={<Welcome />}>
    <Match when={session().kind === 'unknown'}>
      <Waiting />
    </Match>
    <Match when={signedInUser()}>
      {user => (
        <section class="hero">
          <p class="eyebrow">You are logged in</p>
          <Heading title="">Hello, {user().username}</Heading>
          <div class="actions">
            <a class="button button-primary" href="/account">
              Account
            </a>
          </div>
        </section>
      )}
    </Match>
  </Switch>
);
