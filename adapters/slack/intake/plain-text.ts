/** What stands in angle brackets in Slack's text: mentions, channels, links, dates. */
const reference = /<([^<>\n]+)>/g;

/** The users a text mentions, each once, in order. */
export function mentionedUsers(text: string): string[] {
  const found = [...text.matchAll(reference)].flatMap(([, inner = '']) => userOf(inner) ?? []);
  return [...new Set(found)];
}

/**
 * Slack's text as a person reads it: references become names and addresses, entities characters. `app` is the bot's own
 * user: its mention is how it was called, and goes.
 * @param nameOf the name of a user; undefined where it is not known.
 */
export function plainText(text: string, app: string, nameOf: (user: string) => string | undefined): string {
  return text
    .replace(reference, (_, inner: string) => {
      const user = userOf(inner);
      if (user === app && app !== '') return '';
      if (user !== null) return `@${nameOf(user) ?? labelOf(inner) ?? 'someone'}`;
      return readable(inner);
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .split('\n')
    .map((line) => line.replace(/[ \t]{2,}/g, ' ').trimEnd())
    .join('\n')
    .trim();
}

/** Text of people or models for a place where Slack reads its own markup: nothing in it calls anybody or becomes a link. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function userOf(inner: string): string | null {
  return /^@([UW][A-Z0-9]+)(?:\||$)/.exec(inner)?.[1] ?? null;
}

function labelOf(inner: string): string | undefined {
  const at = inner.indexOf('|');
  return at < 0 ? undefined : inner.slice(at + 1).replace(/^@/, '');
}

function readable(inner: string): string {
  const label = labelOf(inner);
  const target = inner.split('|', 1)[0] ?? '';
  if (target.startsWith('#')) return `#${label ?? target.slice(1)}`;
  if (target.startsWith('!')) return `@${label ?? target.slice(1).split('^', 1)[0]}`;
  const address = target.replace(/^mailto:/, '');
  if (label === undefined || label === '' || label === address) return address;
  return `${label} (${address})`;
}
