/** Characters that Discord's Markdown gives a meaning to anywhere in a line. */
const meaningful = /[\\*_~`|<>[\]]/g;
/** What makes a line a heading, a list or small print. */
const lineStart = /^(\s*)(#|-|\+|\d+\.)(?=\s|#)/gm;

/** Text shown as it was typed: its Markdown is taken apart. */
export function plain(text: string): string {
  return text.replace(meaningful, '\\$&').replace(lineStart, '$1\\$2');
}

/** At most `units` UTF-16 units, cut between characters (and words where there are any) and marked with an ellipsis. */
export function shorten(text: string, units: number): string {
  if (text.length <= units) return text;
  const cut = text.slice(0, Math.max(0, units - 1)).replace(/[\uD800-\uDBFF]$/, '');
  const word = cut.search(/\s\S*$/);
  return `${(word > units / 2 ? cut.slice(0, word) : cut).trimEnd()}…`;
}

/** Text as a block quotation. */
export function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

/** Small print. */
export function small(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.trim() === '' ? '' : `-# ${line}`))
    .join('\n');
}
