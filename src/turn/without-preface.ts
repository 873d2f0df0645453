/** A reply from the outbox, with what the platform said before it taken apart again. */
export function withoutPreface(
  text: string,
  notices: readonly string[],
): { readonly before: readonly string[]; readonly text: string } {
  const preface = `${notices.join('\n\n')}\n\n`;
  return notices.length > 0 && text.startsWith(preface)
    ? { before: notices, text: text.slice(preface.length) }
    : { before: [], text };
}
