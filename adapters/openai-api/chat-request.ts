import { z } from 'zod';
import { RapportError } from '../../config/errors.js';
import { countryNamed } from '../../src/care/countries.js';
import type { Whereabouts } from '../../src/care/where.js';
import { validated } from '../web/bodies.js';

const content = z
  .union([z.string(), z.null(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .optional();

/** Where the user is: of ours, and never a reason to refuse what somebody wrote. */
const hint = z.string().trim().min(1).max(100).nullish().catch(null);

/** `POST /v1/chat/completions` as far as it matters here; other fields are accepted and ignored. */
const chatRequestSchema = z.looseObject({
  model: z.string().min(1).max(120),
  messages: z
    .array(z.looseObject({ role: z.string(), content }))
    .min(1)
    .max(2_000),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  user: z.string().min(1).max(200).nullish(),
  country: hint,
  time_zone: hint,
  locale: hint,
});

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
 * @throws RapportError RAPPORT_E_INPUT_INVALID
 */
export function readChatRequest(body: unknown): ChatCall {
  const request = validated(chatRequestSchema, body);
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
  return {
    characterId: request.model === matchedModel ? null : request.model,
    model: request.model,
    history: lines.slice(0, last),
    text,
    stream: request.stream === true,
    includeUsage: request.stream_options?.include_usage === true,
    user: request.user ?? null,
    unanswered: lines
      .slice(1 + lines.slice(0, last).findLastIndex(({ role }) => role === 'supporter'), last)
      .map(({ text: line }) => line),
    whereabouts: {
      country: countryNamed(request.country ?? '') ?? undefined,
      timeZone: request.time_zone ?? undefined,
      locale: request.locale ?? undefined,
    },
  };
}

function plainText(value: z.infer<typeof content>): string {
  if (typeof value === 'string') return value.trim();
  return (value ?? [])
    .flatMap(({ type, text }) => (type === 'text' && text ? [text] : []))
    .join('\n')
    .trim();
}
