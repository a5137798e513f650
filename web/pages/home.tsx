/** The front door. An application built on this puts its own words here. */
import { type JSX, Match, Switch } from 'solid-js';
import { Heading } from '../components/heading.tsx';
import { Icon } from '../components/icon.tsx';
import { Sentence } from '../components/sentence.tsx';
import { Waiting } from '../components/waiting.tsx';
import { session, signedInUser } from '../session.ts';
import { APP_NAME } from '../settings.ts';
import { say } from '../words.ts';

const Point = (props: { icon: 'mail' | 'lock' | 'renew'; title: string; children: JSX.Element }) => (
  <li>
    <Icon name={props.icon} />
    <h2>{props.title}</h2>
    {props.children}
  </li>
);

const Welcome = () => (
  <section class="hero">
    <p class="eyebrow">{say('home.eyebrow')}</p>
    <Heading title="">{say('home.heading')}</Heading>
    <p class="lede">{say('home.about', { app: APP_NAME })}</p>
    <div class="actions">
      <a class="button button-primary" href="/login">
        {say('every-page.log-in')}
      </a>
      <a class="button" href="/register">
        {say('home.register')}
      </a>
    </div>
    <ul class="points">
      <Point icon="mail" title={say('home.link-title')}>
        {say('home.link')}
      </Point>
      <Point icon="lock" title={say('home.alone-title')}>
        {say('home.alone')}
      </Point>
      <Point icon="renew" title={say('home.ends-title')}>
        {say('home.ends')}
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
          <p class="eyebrow">{say('home.logged-in')}</p>
          <Heading title="">
            <Sentence of="home.hello" parts={{ username: () => user().username }} />
          </Heading>
          <div class="actions">
            <a class="button button-primary" href="/account">
              {say('every-page.account')}
            </a>
          </div>
        </section>
      )}
    </Match>
  </Switch>
);
