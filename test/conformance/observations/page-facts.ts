/** Functions that run in a page and say what is there. Each stands alone: it is sent to the browser as text. */

/** Language, help, the way out, live regions, and what would be a puzzle. */
export const frameOf = () => {
  const links = [...document.querySelectorAll('a[href]')];
  const help = links.find(link => /help|trouble|support|contact/i.test(link.textContent ?? ''));
  const place = help?.closest('header, main, nav, footer')?.tagName.toLowerCase() ?? 'body';
  const controls = [...document.querySelectorAll<HTMLElement>('button, a[href]')];
  const out = controls.find(
    control => /log ?out|sign ?out/i.test(control.textContent ?? '') && control.checkVisibility(),
  );
  return {
    lang: document.documentElement.lang,
    dir: document.documentElement.dir || getComputedStyle(document.documentElement).direction,
    helpLink: help ? `${help.textContent?.trim()} -> ${help.getAttribute('href')} in the ${place}` : null,
    logOut: out ? (out.textContent ?? '').trim() : null,
    liveRegions: document.querySelectorAll('[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]')
      .length,
    puzzles: document.querySelectorAll('iframe, canvas, [class*=captcha], input[maxlength="1"]').length,
    words: document.body.textContent ?? '',
  };
};

/** The fields that people see. */
export const fieldsOf = () =>
  [...document.querySelectorAll<HTMLInputElement>('input')]
    .filter(input => input.checkVisibility() && input.type !== 'checkbox')
    .map(input => ({
      form: (input.form?.querySelector('[type=submit]')?.textContent ?? '').trim(),
      type: input.type,
      name: input.name,
      autocomplete: input.autocomplete,
      isReadonly: input.readOnly,
      label: [...(input.labels ?? [])].map(({ textContent }) => textContent?.trim()).join(' '),
      description: (input.getAttribute('aria-describedby') ?? '')
        .split(/\s+/)
        .map(id => (id ? document.getElementById(id)?.textContent?.trim() : ''))
        .filter(Boolean)
        .join(' '),
      errorPlace: (input.getAttribute('aria-describedby') ?? '')
        .split(/\s+/)
        .some(id => id !== '' && document.getElementById(id)),
    }));

/** What can be clicked and is under 24 CSS pixels, but for links within a sentence (WCAG 2.5.8). */
export const targetsOf = () =>
  [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, [role=button]')]
    .filter(element => element.checkVisibility())
    .flatMap(element => {
      const isInline =
        element.tagName === 'A' &&
        getComputedStyle(element).display === 'inline' &&
        (element.parentElement?.textContent ?? '').trim() !== (element.textContent ?? '').trim();
      // A click on its label is a click on the field.
      const label = element instanceof HTMLInputElement && element.type === 'checkbox' ? element.labels?.[0] : null;
      const { width, height } = (label ?? element).getBoundingClientRect();
      const isSmall = Math.min(width, height) < 24;
      const name = (element.textContent ?? '').trim().slice(0, 30) || element.getAttribute('name') || element.tagName;
      return isSmall && !isInline ? [`${name} (${Math.round(width)} x ${Math.round(height)})`] : [];
    });

/** Fields whose frame has less than 3:1 against what is around them (WCAG 1.4.11). */
export const contrastsOf = () => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const painter = canvas.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D;
  const rgba = (color: string): number[] => {
    painter.clearRect(0, 0, 1, 1);
    painter.fillStyle = color;
    painter.fillRect(0, 0, 1, 1);
    return [...painter.getImageData(0, 0, 1, 1).data];
  };
  const light = (color: number[]): number => {
    const [r = 0, g = 0, b = 0] = color.map(value => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one: number[], other: number[]): number => {
    const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const behind = (element: Element | null): number[] => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if ((color[3] ?? 0) > 250) return color;
    }
    return [255, 255, 255, 255];
  };
  return [...document.querySelectorAll<HTMLInputElement>('input')]
    .filter(input => input.checkVisibility() && input.type !== 'checkbox' && !input.readOnly)
    .flatMap(input => {
      const best = Math.max(
        ...[input, input.parentElement as HTMLElement].map(framed => {
          const style = getComputedStyle(framed);
          const around = behind(framed.parentElement);
          const border =
            Number.parseFloat(style.borderBottomWidth) > 0 ? ratio(rgba(style.borderBottomColor), around) : 1;
          return Math.max(border, ratio(behind(framed), around));
        }),
      );
      return best < 3 ? [`${input.name} ${best.toFixed(2)}:1`] : [];
    });
};
