/** U+2060: no width, no break, and no meaning in any markup. */
const joiner = '\u2060';

/** Characters that a `markdown` block, or a streamed message in all its pieces, may hold. */
export const slackMarkdownChars = 12_000;

/**
 * Slack's own markup, which works inside Markdown too: `<@U1>` and `<!channel>` call people, `<#C1>` names a channel,
 * `<https://a|b>` hides an address. Behind or inside each a joiner is put that breaks it. What is put where depends on
 * the next character alone, so the rendering of a text's beginning is the beginning of its rendering: streams need that.
 */
const markup =
  /<(?=[@#!])|(?<=<(?:https?|mailto|tel|slack))(?=:)|(?<![\p{L}\p{N}._])@(?:channe(?=l)|her(?=e)|everyon(?=e))/giu;

/** The model's Markdown as Slack may show it: nobody is called by it, whatever it says. */
export function slackMarkdown(text: string): string {
  const shown = text.replace(markup, (found) => found + joiner);
  return shown.length <= slackMarkdownChars ? shown : text.replaceAll('<', '‹').replaceAll('@', '＠');
}

const closingFence = /\n`{3,}[ \t]*$/;

/**
 * A growing text as far as it will stay: a code fence is closed at the end of every edit for show, which an append could
 * not take back. A fence that is closed for good comes with the next text.
 */
export function growing(shown: string): string {
  return shown.replace(closingFence, '');
}

/** UTF-16 units of `text` beside blocks: notifications show far less, and `chat.update` takes 4,000. */
const plainUnits = 2_900;

/** The text for notifications and screen readers. */
export function plainText(text: string): string {
  const escaped = text.replace(
    /[&<>]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign,
  );
  if (escaped.length <= plainUnits) return escaped;
  return `${escaped.slice(0, plainUnits).replace(/(?:&\w*|[\uD800-\uDBFF])$/, '')}…`;
}
