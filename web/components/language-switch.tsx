/** Another language, on every page. Each stands there in its own words, for whoever cannot read the one that is shown. */
import { For } from 'solid-js';
import { LANGUAGES, type Language } from '../../worker/contract/languages.ts';
import { api, ask } from '../api.ts';
import { showFlash } from '../flash.ts';
import { problemText } from '../problem-text.ts';
import { loseSession, setSignedInUser, signedInUser } from '../session.ts';
import { keepLanguage, language, say, speak } from '../words.ts';

/** Shown at once and kept at the account after; what cannot be kept there does not stay here either. */
const switchTo = async (chosen: Language) => {
  const before = language();
  if (!(await speak(chosen))) return showFlash('danger', say('every-page.language-not-loaded'));
  keepLanguage(chosen);
  if (!signedInUser()) return;
  const answer = await ask(api.account.$patch({ json: { language: chosen } }));
  if (answer.ok) return setSignedInUser(answer.value.user);
  if (answer.failure.code === 'not_signed_in') return loseSession();
  await speak(before);
  keepLanguage(before);
  showFlash('danger', problemText(answer.failure));
};

export const LanguageSwitch = () => (
  <label class="language">
    {say('every-page.language')}
    <select
      onChange={async event => {
        const select = event.currentTarget;
        await switchTo(select.value as Language);
        select.value = language();
      }}
    >
      <For each={Object.keys(LANGUAGES) as Language[]}>
        {tag => (
          <option value={tag} lang={tag} selected={tag === language()}>
            {LANGUAGES[tag]}
          </option>
        )}
      </For>
    </select>
  </label>
);
