import { z } from 'zod';
import { RapportError } from '../../config/errors.js';
import { countryNamed } from '../../src/care/countries.js';
import type { Whereabouts } from '../../src/care/where.js';
import { cutMiddle } from '../../src/prompting/window.js';
import { validated } from '../web/bodies.js';

const content = z
  .union([z.string(), z.null(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .optional();

/** Where the user is: of ours, and never a reason to refuse what somebody wrote. */
const hint = z.string().trim().min(1).max(100).nullish().catch(null);

/** `POST /v1/chat/completions` as far as it matters here; decoding is the operator's, and its fields are passed over. */
const chatRequestSchema = z.looseObject({
  model: z.string().min(1).max(120),
  messages: z
    .array(z.looseObject({ role: z.string(), content }))
    .min(1)
    .max(2_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  user: z.string().min(1).max(200).nullish(),
  n: z.number().nullish(),
  tools: z.array(z.unknown()).nullish(),
  functions: z.array(z.unknown()).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  logprobs: z.boolean().nullish(),
  modalities: z.array(z.string()).nullish(),
  country: hint,
  time_zone: hint,
  locale: hint,
});

type Wishes = z.infer<typeof chatRequestSchema>;

export interface ApiLine {
  readonly role: 'seeker' | 'supporter';
  readonly text: string;
}

export interface ChatCall {
  /** A character id, or null to be matched. */
  readonly characterId: string | null;
  readonly model: string;
  readonly history: readonly ApiLine[];
  readonly text: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly user: string | null;
  /** User messages right before the last one, which nobody has answered: judged with it. */
  readonly unanswered: readonly string[];
  /** Where the user is, as far as the calling program says: `country` (a code or a name), `time_zone`, `locale`. */
  readonly whereabouts: Whereabouts;
}

/** Name under which clients ask to be matched. */
export const matchedModel = 'rapport/matched';

/**
 * Reads a request: the last user message is what is answered, earlier ones are history. System messages are not used:
 * the character's own text takes their place.
 * @param maxChars of one line, UTF-16 units (`server.maxMessageChars`).
 * @throws RapportError RAPPORT_E_INPUT_INVALID, for what is asked for and not given here too.
 */
export function readChatRequest(body: unknown, maxChars: number): ChatCall {
  const request = validated(chatRequestSchema, body);
  const refused = notGiven(request);
  if (refused.length > 0) throw new RapportError('RAPPORT_E_INPUT_INVALID', { problems: refused.join('; ') });
  const lines = request.messages.flatMap(({ role, content: value }): ApiLine[] => {
    const text = plainText(value);
    if (text === '' || (role !== 'user' && role !== 'assistant')) return [];
    return [{ role: role === 'user' ? 'seeker' : 'supporter', text }];
  });
  const last = lines.findLastIndex(({ role }) => role === 'seeker');
  const text = lines[last]?.text;
  if (text === undefined)
    throw new RapportError('RAPPORT_E_INPUT_INVALID', {
      problems: 'messages: at least one message of role user with text is wanted',
    });
  const history = bounded(lines.slice(0, last), maxChars);
  return {
    characterId: request.model === matchedModel ? null : request.model,
    model: request.model,
    history,
    text,
    stream: request.stream === true,
    includeUsage: request.stream_options?.include_usage === true,
    user: request.user ?? null,
    unanswered: history
      .slice(1 + history.findLastIndex(({ role }) => role === 'supporter'))
      .map(({ text: line }) => line),
    whereabouts: {
      country: countryNamed(request.country ?? '') ?? undefined,
      timeZone: request.time_zone ?? undefined,
      locale: request.locale ?? undefined,
    },
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

/** Fields that ask for something else than one reply in plain words: refused, for ignoring them would look like obeying. */
function notGiven({ n, tools, functions, response_format: format, logprobs, modalities }: Wishes): string[] {
  const plain = 'a character answers in plain words';
  return [
    ...(n && n > 1 ? [`n: one reply is given a call; found ${n}`] : []),
    ...(tools?.length || functions?.length ? [`tools: none can be called here: ${plain}`] : []),
    ...(format && format.type !== 'text' ? [`response_format: only text is given here: ${plain}`] : []),
    ...(logprobs ? ['logprobs: none are given here'] : []),
    ...(modalities?.some((modality) => modality !== 'text') ? [`modalities: only text: ${plain}`] : []),
  ];
}

function plainText(value: z.infer<typeof content>): string {
  if (typeof value === 'string') return value.trim();
  return (value ?? [])
    .flatMap(({ type, text }) => (type === 'text' && text ? [text] : []))
    .join('\n')
    .trim();
}
