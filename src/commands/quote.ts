import type { Say } from '../../config/locale.js';
import { headerName, neutralise } from '../prompting/neutralise.js';
import { stripControls } from '../text/strip-controls.js';

/** What is quoted of a message, UTF-16 units. */
const quotedUnits = 1_500;

export interface Quoted {
  readonly text: string;
  /** Who wrote it, as the platform shows them. */
  readonly author: string;
  /** What the person asks about it; without one, what the character makes of it. */
  readonly question?: string;
}

/**
 * The message of "Ask a character about this": a question with somebody's words quoted below it, bounded and without the power
 * of control tags. Control codes in the quotation are words like any other, for they do not stand at the beginning.
 * Null where there is nothing to quote.
 */
export function quoteFor({ text, author, question = '' }: Quoted, say: Say): string | null {
  const plain = neutralise(stripControls(text)).trim();
  if (plain === '') return null;
  const whole = plain.length <= quotedUnits;
  const shown = whole
    ? plain
    : `${plain
        .slice(0, quotedUnits)
        .replace(/[\uD800-\uDBFF]$/, '')
        .trimEnd()} …`;
  const lines = shown.split('\n').map((line) => `> ${line}`.trimEnd());
  const name = headerName(author, say('quote.somebody'));
  const asked = neutralise(stripControls(question)).trim();
  return [asked ? say('quote.asked', { question: asked, name }) : say('quote.open', { name }), ...lines].join(
    '\n',
  );
}
