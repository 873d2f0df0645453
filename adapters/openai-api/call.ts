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
  readonly user: string | null;
  /** User messages right before the last one, which nobody has answered: judged with it. */
  readonly unanswered: readonly string[];
  /** Where the user is, as far as the calling program says: `country` (a code or a name), `time_zone`, `locale`. */
  readonly whereabouts: Whereabouts;
  /** How the reply is to be drawn and where it ends; undefined where nothing is asked for. */
  readonly wishes: ReplyWishes | undefined;
}

/** Name under which clients ask to be matched. */
export const matchedModel = 'rapport/matched';

/**
 * The call that a request makes: the last line of the user is what is answered, earlier ones are history.
 * @param maxChars of one line, UTF-16 units (`server.maxMessageChars`).
 * @throws RapportError RAPPORT_E_INPUT_INVALID where the user has said nothing.
 */
export function callOf(
  request: CommonFields,
  lines: readonly ApiLine[],
  wishes: WishFields,
  { maxChars, field }: { readonly maxChars: number; readonly field: string },
): ApiCall {
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
    user: request.user ?? null,
    unanswered: history
      .slice(1 + history.findLastIndex(({ role }) => role === 'supporter'))
      .map(({ text: line }) => line),
    whereabouts: {
      country: countryNamed(request.country ?? '') ?? undefined,
      timeZone: request.time_zone ?? undefined,
      locale: request.locale ?? undefined,
    },
    wishes: readWishes(wishes),
  };
}

/** So many of the longest lines may be sent before the one that is answered. */
const longestLines = 8;

/** The history as far as a prompt could use it: the newest lines, of one that is too long its head and tail. */
function bounded(lines: readonly ApiLine[], maxChars: number): ApiLine[] {
  const kept: ApiLine[] = [];
  let left = maxChars * longestLines;
  for (const { role, text } of lines.toReversed()) {
    if (left <= 0) break;
    const line = cutMiddle(text, Math.min(maxChars, left));
    left -= line.length;
    kept.unshift({ role, text: line });
  }
  return kept;
}
