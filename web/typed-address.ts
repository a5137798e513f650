/** The address that was typed last: once, for every form of this tab (WCAG 3.3.7), in memory only. */
let lastTyped = '';

export const typedAddress = (): string => lastTyped;

/** For the forms that come next; '' forgets. */
export const rememberAddress = (address: string) => {
  lastTyped = address;
};
