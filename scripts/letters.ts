/**
 * `npm run letters`: every letter in every language on one page, .cache/letters/index.html, with switches for language,
 * colours and width. It is complete by itself and asks nothing of the network.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readWords, sampleLetters } from '../test/support/sample-letters.ts';
import { LANGUAGES, type Language } from '../worker/contract/languages.ts';
import { renderLetter } from '../worker/mail/letter-layout.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));

const asText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const sectionOf = (language: Language): string => {
  const letters = sampleLetters(readWords(language)).map(letter => {
    const { subject, text, html } = renderLetter(letter, 'Rekey');
    return `<article lang="${language}">
<h2 dir="auto">${asText(subject)} <small>${letter.kind}</small></h2>
<p dir="auto">${asText(letter.preheader)}</p>
<iframe title="${asText(subject)}" srcdoc="${asText(html)}"></iframe>
<details><summary>Text</summary><pre dir="auto">${asText(text)}</pre></details>
</article>`;
  });
  return `<section id="${language}" hidden>${letters.join('\n')}</section>`;
};

const languages = Object.keys(LANGUAGES) as Language[];
const options = languages.map(language => `<option value="${language}">${LANGUAGES[language]}</option>`);

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Letters</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 0; background: light-dark(#eee9df, #0d0b09) }
form { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 1rem; padding: .75rem 1rem;
  background: light-dark(#fff, #1d1a16); border-bottom: 1px solid light-dark(#e4dfd6, #35302a) }
select { font: inherit }
section { display: grid; gap: 2rem; padding: 1.5rem 1rem }
section[hidden] { display: none }
article { width: var(--width); max-width: 100%; margin: 0 auto }
h2 { margin: 0; font-size: 1rem }
small, article > p, summary { color: light-dark(#655d52, #aca294); font-size: .875rem; font-weight: 400 }
article > p { margin: 0 0 .5rem }
iframe { width: 100%; height: 40rem; border: 0; border-radius: 12px }
pre { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext }
</style>
</head>
<body>
<form>
<label>Language <select name="language">${options.join('')}</select></label>
<label>Colours <select name="colours"><option value="light dark">Yours</option><option>light</option><option>dark</option></select></label>
<label>Width <select name="width"><option value="760px">Desk</option><option value="390px">Phone</option><option value="320px">Narrow</option></select></label>
</form>
${languages.map(sectionOf).join('\n')}
<script>
const form = document.forms[0];
const fit = frame => { frame.style.height = frame.contentDocument.documentElement.offsetHeight + 'px'; };
const show = () => {
  const { language, colours, width } = Object.fromEntries(new FormData(form));
  document.documentElement.style.colorScheme = colours;
  document.body.style.setProperty('--width', width);
  for (const section of document.querySelectorAll('section')) section.hidden = section.id !== language;
  for (const frame of document.querySelectorAll('section:not([hidden]) iframe')) {
    // A frame takes its colours from the element that it is in.
    frame.style.colorScheme = colours;
    requestAnimationFrame(() => fit(frame));
  }
};
form.addEventListener('change', show);
for (const frame of document.querySelectorAll('iframe')) frame.addEventListener('load', () => fit(frame));
show();
</script>
</body>
</html>
`;

mkdirSync(`${folder}.cache/letters`, { recursive: true });
writeFileSync(`${folder}.cache/letters/index.html`, page);
console.log('.cache/letters/index.html');
