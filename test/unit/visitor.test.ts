/** Browser and system in words: what people's browsers really send, and that nothing else ever comes through. */
import Bowser from 'bowser';
import { describe, expect, test } from 'vitest';
import { userAgentWords } from '../../worker/http/visitor.ts';

const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)';
const LINUX = 'Mozilla/5.0 (X11; Linux x86_64)';
const ANDROID = 'Mozilla/5.0 (Linux; Android 10; K)';
const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)';
const IPAD = 'Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X)';

/** As the browsers of the day send it: what their makers document, and what their own pages show. */
const REAL: [string, string][] = [
  [`${WINDOWS} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36`, 'Chrome on Windows'],
  [`${MAC} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36`, 'Chrome on macOS'],
  [`${LINUX} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36`, 'Chrome on Linux'],
  [`${ANDROID} ${WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36`, 'Chrome on Android'],
  [`${ANDROID} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36`, 'Chrome on Android'],
  [
    'Mozilla/5.0 (Linux; Android 13; Pixel 7 Pro) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.5845.92 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${WEBKIT} Chrome/142.0.0.0 Safari/537.36`, 'Chrome on ChromeOS'],
  [
    `${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.7444.46 Mobile/15E148 Safari/604.1`,
    'Chrome on iOS',
  ],
  [`${LINUX} ${WEBKIT} Ubuntu Chromium/80.0.3987.87 Chrome/80.0.3987.87 Safari/537.36`, 'Chromium on Linux'],

  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on macOS'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox on Linux'],
  ['Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0', 'Firefox on Android'],
  [`${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Mobile/15E148 Safari/605.1.15`, 'Firefox on iOS'],

  [`${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15`, 'Safari on macOS'],
  [`${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1`, 'Safari on iOS'],
  [`${IPAD} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1`, 'Safari on iOS'],

  [`${WINDOWS} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, 'Edge on Windows'],
  [`${MAC} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, 'Edge on macOS'],
  [`${LINUX} ${WEBKIT} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, 'Edge on Linux'],
  [`${ANDROID} ${WEBKIT} Chrome/142.0.0.0 Mobile Safari/537.36 EdgA/142.0.0.0`, 'Edge on Android'],
  [
    `${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 EdgiOS/142.0.3595.46 Mobile/15E148 Safari/604.1`,
    'Edge on iOS',
  ],

  [`${ANDROID} ${WEBKIT} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`, 'Samsung Internet on Android'],

  [`${WINDOWS} ${WEBKIT} Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0`, 'Opera on Windows'],
  [`${MAC} ${WEBKIT} Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0`, 'Opera on macOS'],
  [`${LINUX} ${WEBKIT} Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0`, 'Opera on Linux'],
  [`${ANDROID} ${WEBKIT} Chrome/140.0.0.0 Mobile Safari/537.36 OPR/92.0.0.0`, 'Opera on Android'],
  [
    `${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1 OPT/6.1.0`,
    'Opera on iOS',
  ],
  [`${WINDOWS} ${WEBKIT} Chrome/138.0.0.0 Safari/537.36 Vivaldi/7.5.3735.54`, 'Vivaldi on Windows'],
];

test.each(REAL)('%s is said as %s', (header, words) => {
  expect(userAgentWords(header)).toBe(words);
});

/** Built on the engine of one of ours, claiming to be it, and called something else by their people. */
const OTHERS: [string, string][] = [
  [`${WINDOWS} ${WEBKIT} Chrome/138.0.0.0 YaBrowser/25.8.0.0 Safari/537.36`, 'Windows'],
  [`${WINDOWS} ${WEBKIT} Chrome/138.0.0.0 Whale/4.33.325.17 Safari/537.36`, 'Windows'],
  [`${ANDROID} ${WEBKIT} Version/4.0 Chrome/123.0.6312.118 Mobile Safari/537.36 XiaoMi/MiuiBrowser/14.33`, 'Android'],
  [`${ANDROID} ${WEBKIT} Version/4.0 Chrome/100.0.4896.58 UCBrowser/13.8.2 Mobile Safari/537.36`, 'Android'],
  [`${ANDROID} ${WEBKIT} Silk/138.2.1 like Chrome/138.0.0.0 Safari/537.36`, 'Android'],
  ['Mozilla/5.0 (Linux; U; Android 4.4.2; de-de) AppleWebKit/534.30 Version/4.0 Mobile Safari/534.30', 'Android'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0 SeaMonkey/2.53.21', 'Linux'],
  [`${LINUX} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15 Epiphany/48.3`, 'Linux'],
  [`${IPHONE} AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/385.0 Mobile/15E148 Safari/604.1`, 'iOS'],
];

test.each(OTHERS)('%s is said as %s alone', (header, words) => {
  expect(userAgentWords(header)).toBe(words);
});

test('a browser on an iPad that asks for pages of the desktop is on iOS where it says so', () => {
  const firefox = `${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/145.0 Safari/605.1.15`;
  expect(userAgentWords(firefox)).toBe('Firefox on iOS');
});

/** A library that knows hundreds more, at a twelfth of the Worker's bundle, is asked here instead of there. */
test.each([...REAL, ...OTHERS])('%s is on the system that Bowser finds, and on no other browser', (header, words) => {
  const { browser, os } = Bowser.parse(header);
  const [system = '', name] = words.split(' on ').reverse();
  expect(os.name).toBe(system === 'ChromeOS' ? 'Chrome OS' : system);
  if (name) expect(browser.name).toMatch(new RegExp(`^(Microsoft )?${name}( for Android| Touch)?$`));
  else expect(browser.name).not.toMatch(/^(Chrome|Safari|Firefox)$/);
});

/** All that can ever be said. */
const BROWSERS = 'Chrome|Chromium|Firefox|Safari|Edge|Opera|Samsung Internet|Vivaldi|DuckDuckGo';
const SYSTEMS = 'Windows|macOS|Linux|Android|iOS|ChromeOS';
const OURS = new RegExp(`^((${BROWSERS}) on (${SYSTEMS})|${BROWSERS}|${SYSTEMS})$`);

const expectOurs = (header: string) => {
  const words = userAgentWords(header);
  if (words !== null) expect(words, JSON.stringify(header)).toMatch(OURS);
};

describe('what is no browser that we know', () => {
  test.each(['', ' ', '-', 'Mozilla', 'Mozilla/5.0', 'null', 'undefined', '🔒', '\0', '\ud800', '%00', '{{7*7}}'])(
    'such as %j has no words',
    header => {
      expect(userAgentWords(header)).toBeNull();
    },
  );

  test.each([
    'curl/8.15.0',
    'Wget/1.25.0',
    'python-requests/2.32.5',
    'PostmanRuntime/7.49.0',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 Safari/605.1.15',
    'Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18',
    'Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)',
    'Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7 Build/TQ3A.230805.001)',
  ])('such as %j has words of our own list or none', expectOurs);

  test.each(['constructor/1.0 (x)', '__proto__/1.0 x', 'toString/1.0 (Windows NT 10.0) ', 'valueOf/5 (Linux)'])(
    'such as %j, which names itself like a property of every object, has words of our own list or none',
    expectOurs,
  );

  test('has no words of the prototype', () => {
    const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];
    for (const name of names) {
      expectOurs(name);
      expectOurs(`${name}/1.0`);
      expectOurs(`Mozilla/5.0 (${name}) ${name}/1.0`);
    }
  });

  test('a browser on a system that we do not know is said alone, and the other way round', () => {
    expect(userAgentWords('Mozilla/5.0 (Plan 9; rv:145.0) Gecko/20100101 Firefox/145.0')).toBe('Firefox');
    expect(userAgentWords('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Trident/7.0; MSIE 11.0')).toBe('Windows');
  });
});

describe('what somebody made up', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '"><b>',
    "' OR 1=1 --",
    '\r\nBcc: eve@example.com',
    'https://evil.example/login',
    '{{constructor.constructor(1)}}',
    '\u202egnp.exe',
  ];

  test.each(HOSTILE)('never comes through, alone or in a real header: %j', piece => {
    for (const real of [...REAL.map(([header]) => header), '']) {
      for (const header of [
        piece,
        piece + real,
        real + piece,
        real.replace('(', `(${piece};`),
        real.replace('/', `/${piece}`),
      ]) {
        expectOurs(header);
      }
    }
  });

  test('nor does what stands in place of a name', () => {
    for (const [real] of REAL) {
      for (const piece of HOSTILE) expectOurs(real.replace(/(Chrome|Firefox|Safari|Windows|Linux)/g, piece));
    }
  });

  test('a header that is cut off anywhere has words of our own list or none', () => {
    for (const [real] of REAL)
      for (let length = 0; length < real.length; length += 1) expectOurs(real.slice(0, length));
  });

  test('one over 512 characters is not looked at; one of 512 is', () => {
    const [real = ''] = REAL[0] ?? [];
    expect(userAgentWords(real.padEnd(512))).toBe('Chrome on Windows');
    expect(userAgentWords(real.padEnd(513))).toBeNull();
    expect(userAgentWords(real + ' '.repeat(100_000))).toBeNull();
  });

  test('none of 512 characters takes long, whatever is repeated in it', () => {
    const startedAtMs = performance.now();
    for (const piece of [' ', '(', ';', 'a', '1.', 'Mozilla/', 'Version/', 'Android ', '; ', 'Chrome/1', 'like Mac ']) {
      expectOurs(piece.repeat(Math.floor(512 / piece.length)));
    }
    // A catastrophic expression takes minutes at this length.
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });
});
