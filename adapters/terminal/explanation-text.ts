import type { ReplyExplanation } from '../../src/commands/why.js';

/** An explanation for reading: a heading a section, its sentences below it. */
export function explanationText({ sections }: ReplyExplanation): string {
  return sections
    .map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n');
}
