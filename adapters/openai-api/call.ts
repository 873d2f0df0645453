import { RapportError } from '../../config/errors.js';
import { countryNamed } from '../../src/care/countries.js';
import type { Whereabouts } from '../../src/care/where.js';
import { cutMiddle } from '../../src/prompting/window.js';
import type { ReplyWishes } from '../../src/state/session.js';
import type { CommonFields } from './common-fields.js';
import { readWishes, type WishFields } from './wishes.js';

export interface ApiLine {
  readonly role: 'seeker' | 'supporter';
  readonly text: string;
}

/** What a request asks for, whichever of OpenAI's forms it came in. */
export interface ApiCall {
  /** A character id, or null to be matched. */
  readonly characterId: string | null;
  readonly model: string;
  readonly history: readonly ApiLine[];
  readonly text: string;
  readonly stream: boolean;
  /** Whose words these are: what Rapport knows of that person is used. */
  readonly user: string | null;
  /** The name under which a conversation is kept for the user; null where the request brings its whole history itself. */
  readonly conversation: string | null;
  /** What of the conversation says whom to match, from its beginning. */
  readonly opening: string;
  /** User messages right before the last one, which nobody has answered: judged with it. */
  readonly unanswered: readonly string[];
  /** Where the user is, as far as the calling program says: `country` (a code or a name), `time_zone`, `locale`. */
  readonly whereabouts: Whereabouts;
  /** How the reply is to be drawn and where it ends; undefined where nothing is asked for. */
  readonly wishes: ReplyWishes | undefined;
}

/** Asks for a conversation that is kept: its value names it among those of the user. */
export const conversationHeader = 'X-Rapport-Conversation';

/** Name under which clients ask to be matched. */
export const matchedModel = 'rapport/matched';

/** The line of a message; none where it says nothing. Blanks at the end of a reply that is to be gone on with count. */
export function lineOf(role: 'user' | 'assistant', text: string): ApiLine[] {
  if (text.trim() === '') return [];
  return [
    role === 'user' ? { role: 'seeker', text: text.trim() } : { role: 'supporter', text: text.trimStart() },
  ];
}

/** What holds for reading any form of a request. */
export interface Reading {
  /** Of one line, UTF-16 units (`server.maxMessageChars`). */
  readonly maxChars: number;
  /** The header {@link conversationHeader}. */
  readonly conversation: string | null;
}

/**
 * The call that a request makes: the last line of the user is what is answered, earlier ones are history, and what the
 * assistant says after it is how the reply begins.
 * @param field the one that holds the lines.
 * @throws RapportError RAPPORT_E_INPUT_INVALID where the user has said nothing, or a conversation is to be kept for nobody.
 */
export function callOf(
  request: CommonFields,
  lines: readonly ApiLine[],
  wishes: WishFields,
  { maxChars, conversation, field }: Reading & { readonly field: string },
): ApiCall {
  const user = request.user || null;
  if (conversation !== null && user === null)
    throw new RapportError('RAPPORT_E_INPUT_INVALID', {
      problems: `user: ${conversationHeader} keeps a conversation of somebody; say whose`,
      param: 'user',
    });
  const last = lines.findLastIndex(({ role }) => role === 'seeker');
  const text = lines[last]?.text;
  if (text === undefined)
    throw new RapportError('RAPPORT_E_INPUT_INVALID', {
      problems: `${field}: at least one message of role user with text is wanted`,
      param: field,
    });
  const history = bounded(lines.slice(0, last), maxChars);
  return {
    characterId: request.model === matchedModel ? null : request.model,
    model: request.model,
    history,
    text,
    stream: request.stream === true,
    user,
    conversation,
    opening: openingOf(lines),
    unanswered: unansweredIn(history, maxChars),
    whereabouts: {
      country: countryNamed(request.country ?? '') ?? undefined,
      timeZone: request.time_zone ?? undefined,
      locale: request.locale ?? undefined,
    },
    // A conversation that is kept knows what was said in it.
    wishes: readWishes(wishes, conversation === null ? begunIn(lines.slice(last + 1), maxChars) : ''),
  };
}

/** The reply as far as the client has it: a trailing message of the assistant, which is to be gone on with. */
function begunIn(lines: readonly ApiLine[], maxChars: number): string {
  const text = lines.map((line) => line.text).join('\n\n');
  return text.slice(-maxChars).toWellFormed();
}

/** From so much on it is known what somebody came with: "hi" alone says nothing. UTF-16 units. */
const enoughUnits = 40;
/** And what is matched on at most. */
const matchedUnits = 4_000;

/**
 * The user's first words, as many lines as tell something: however a conversation goes on, they are the same, and so is the
 * character who is matched.
 */
function openingOf(lines: readonly ApiLine[]): string {
  let opening = '';
  for (const { role, text } of lines) {
    if (role !== 'seeker') continue;
    opening = `${opening} ${text.slice(0, matchedUnits)}`.trim();
    if (opening.length >= enoughUnits) break;
  }
  return opening.slice(0, matchedUnits).toWellFormed();
}

/** As much of them as one message may hold: reading for danger takes its time. */
function unansweredIn(history: readonly ApiLine[], maxUnits: number): string[] {
  const first = 1 + history.findLastIndex(({ role }) => role === 'supporter');
  return bounded(history.slice(first), maxUnits, maxUnits).map(({ text }) => text);
}

/** So many of the longest lines may be sent before the one that is answered, and so many of any length. */
const longestLines = 8;
const mostLines = 200;

/** The history as far as a prompt could use it: the newest lines, of one that is too long its head and tail. */
function bounded(
  lines: readonly ApiLine[],
  maxChars: number,
  maxUnits: number = maxChars * longestLines,
): ApiLine[] {
  const kept: ApiLine[] = [];
  let left = maxUnits;
  for (const { role, text } of lines.slice(-mostLines).toReversed()) {
    if (left <= 0) break;
    const line = cutMiddle(text.trimEnd(), Math.min(maxChars, left));
    left -= line.length;
    kept.unshift({ role, text: line });
  }
  return kept;
}
