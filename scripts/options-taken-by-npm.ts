/**
 * npm keeps an option for itself that stands before the two dashes, and the script never hears of it: `npm run deploy --dry-run`
 * would deploy, and `npm run deploy --env=staging` would go to production.
 */

/** Says which of these options npm kept, and how to give them to the script; null where it kept none. */
export const optionsTakenByNpm = (
  names: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string | null => {
  const taken = names.filter(name => environment[`npm_config_${name.replaceAll('-', '_')}`]);
  if (taken.length === 0) return null;
  const script = environment.npm_lifecycle_event ?? 'NAME';
  return `npm kept ${taken.map(name => `--${name}`).join(' and ')} for itself: put two dashes before it, npm run ${script} -- --${taken[0]}`;
};
