import { emojiNamed } from '../../../config/emoji.js';

/** What stands in angle brackets in Slack's text: mentions, channels, links, dates. */
const reference = /<([^<>\n]+)>/g;

/** The users a text mentions, each once, in order. */
export function mentionedUsers(text: string): string[] {
  const found = [...text.matchAll(reference)].flatMap(([, inner = '']) => userOf(inner) ?? []);
  return [...new Set(found)];
}

/**
 * Slack's text as a person reads it: references become names and addresses, entities and emoji codes characters. `app` is the
 * bot's own user: its mention is how it was called, and goes.
 * @param nameOf the name of a user; undefined where it is not known.
 */
export function plainText(text: string, app: string, nameOf: (user: string) => string | undefined): string {
  return text
    .replace(reference, (_, inner: string) => {
      const user = userOf(inner);
      if (user === app && app !== '') return '';
      if (user !== null) return `@${nameOf(user) ?? (labelOf(inner) || 'someone')}`;
      return readable(inner);
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(emojiCode, emojiOf)
    .split('\n')
    .map((line) => line.replace(/[ \t]{2,}/g, ' ').trimEnd())
    .join('\n')
    .trim();
}

/** `:cry:`, with the tone of skin that may stand behind it. Figures between colons are a time. */
const emojiCode = /:(?!\d+:\d)([a-z0-9_+'-]{1,60}):(?::skin-tone-([2-6]):)?/g;

/** Codes of a workspace's own emoji stay: their names are all there is of them. */
function emojiOf(code: string, name: string, tone?: string): string {
  const emoji = emojiNamed(name);
  if (emoji === undefined) return code;
  // U+1F3FB is what Slack calls skin-tone-2.
  return tone === undefined ? emoji : emoji + String.fromCodePoint(0x1f3f9 + Number(tone));
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
  // Slack leaves labels empty where it does not show the app the name.
  const label = labelOf(inner) || undefined;
  const target = inner.split('|', 1)[0] ?? '';
  if (target.startsWith('#')) return label === undefined ? '#channel' : `#${label}`;
  if (target.startsWith('!subteam^')) return label === undefined ? '@group' : `@${label}`;
  if (target.startsWith('!date^')) return label ?? target.split('^')[2] ?? '';
  if (target.startsWith('!')) return `@${label ?? target.slice(1)}`;
  const address = target.replace(/^mailto:/, '');
  if (label === undefined || label === address) return address;
  return `${label} (${address})`;
}
