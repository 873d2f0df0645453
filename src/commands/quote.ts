import type { Say } from '../../config/locale.js';
import { headerName, neutralise } from '../prompting/neutralise.js';
import type { SessionState } from '../state/session.js';
import type { Store } from '../state/store.js';
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
  const shown = beginning(text, quotedUnits);
  if (shown === '') return null;
  const lines = shown.split('\n').map((line) => `> ${line}`.trimEnd());
  const name = headerName(author, say('quote.somebody'));
  const asked = neutralise(stripControls(question)).trim();
  return [asked ? say('quote.asked', { question: asked, name }) : say('quote.open', { name }), ...lines].join(
    '\n',
  );
}

/** What is quoted of a talk in all, and of one message in it, UTF-16 units. */
const talkUnits = 4_000;
const lineUnits = 800;
/** Room for the words around it. */
const headUnits = 200;

export interface QuotedLine {
  readonly text: string;
  /** Who wrote it, as the platform shows them. */
  readonly author: string;
}

/**
 * A question with what was said before it where it was asked, with names, bounded and without the power of control tags. Where
 * there is too much, the newest lines stay, and the first, which says what it is about.
 * @param talk oldest first.
 * @param most what the whole may hold, UTF-16 units.
 * @returns null where nothing was said, or there is no room for it.
 */
export function quoteTalk(
  talk: readonly QuotedLine[],
  question: string,
  say: Say,
  most = Number.POSITIVE_INFINITY,
): string | null {
  const lines = talk.flatMap(({ text, author }) => {
    const shown = beginning(text, lineUnits);
    if (shown === '') return [];
    const [first = '', ...rest] = shown.split('\n');
    const named = `${headerName(author, say('quote.somebody'))}: ${first}`;
    return [[named, ...rest].map((line) => `> ${line}`.trimEnd()).join('\n')];
  });
  const [root] = lines;
  const units = Math.min(talkUnits, most - question.length - headUnits);
  if (root === undefined || root.length > units) return null;
  const kept: string[] = [];
  let left = units - root.length;
  for (const line of lines.slice(1).reverse()) {
    if (line.length > left) break;
    left -= line.length + 1;
    kept.unshift(line);
  }
  const gap = kept.length < lines.length - 1 ? ['> …'] : [];
  const asked = neutralise(stripControls(question)).trim();
  const head = asked ? say('quote.talkAsked', { question: asked }) : say('quote.talkOpen');
  return [head, root, ...gap, ...kept].join('\n');
}

function beginning(text: string, most: number): string {
  const plain = neutralise(stripControls(text)).trim();
  if (plain.length <= most) return plain;
  const cut = plain.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  return `${cut.trimEnd()} …`;
}

/** Whether a message begins with a control code: then it is for the platform, and what others said is no part of its argument. */
export function isCode(text: string): boolean {
  return /^\s*!\p{L}/u.test(text);
}

/** Lines of a transcript that are looked at. */
const lookedAt = 60;

/** When a person was last heard in a conversation, ms since the epoch: what was said since then has not been read. */
export async function lastHeard(
  store: Pick<Store, 'transcript'>,
  { id, createdAt }: Pick<SessionState, 'id' | 'createdAt'>,
): Promise<number> {
  const { entries } = await store.transcript.page(id, { limit: lookedAt });
  return entries.findLast(({ role }) => role === 'seeker')?.at ?? createdAt;
}
