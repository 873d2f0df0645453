import { z } from 'zod';
import { validated } from '../web/bodies.js';
import { type ApiCall, type ApiLine, callOf, lineOf, type Reading } from './call.js';
import { commonFields, plainWords, type Refused, refuse } from './common-fields.js';
import { wishFields } from './wishes.js';

const content = z
  .union([z.string(), z.null(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .optional();

/** `POST /v1/chat/completions` as far as it matters here. */
const chatRequestSchema = z.looseObject({
  ...commonFields,
  ...wishFields,
  messages: z
    .array(z.looseObject({ role: z.string(), content }))
    .min(1)
    .max(2_000),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  n: z.number().nullish(),
  functions: z.array(z.unknown()).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  logprobs: z.boolean().nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  modalities: z.array(z.string()).nullish(),
});

export interface ChatCall extends ApiCall {
  readonly includeUsage: boolean;
}

/**
 * Reads a request. System messages are not used: the character's own text takes their place.
 * @throws RapportError RAPPORT_E_INPUT_INVALID, for what is asked for and not given here too.
 */
export function readChatRequest(body: unknown, reading: Reading): ChatCall {
  const request = validated(chatRequestSchema, body);
  refuse(notGiven(request));
  const lines = request.messages.flatMap(({ role, content: value }): ApiLine[] => {
    return role === 'user' || role === 'assistant' ? lineOf(role, plainText(value)) : [];
  });
  return {
    ...callOf(request, lines, request, { ...reading, field: 'messages' }),
    includeUsage: request.stream_options?.include_usage === true,
  };
}

function notGiven(request: z.infer<typeof chatRequestSchema>): Refused[] {
  const { n, tools, functions, response_format: format, logprobs, logit_bias: bias, modalities } = request;
  const refused = (param: string, why: string, asked: unknown): Refused[] => (asked ? [{ param, why }] : []);
  return [
    ...refused('n', `one reply is given a call; found ${n}`, n && n > 1),
    ...refused(
      'tools',
      `none can be called here: ${plainWords}`,
      (tools?.length ?? 0) + (functions?.length ?? 0) > 0,
    ),
    ...refused('response_format', `only text is given here: ${plainWords}`, format && format.type !== 'text'),
    ...refused('logprobs', 'none are given here', logprobs || request.top_logprobs),
    ...refused('logit_bias', 'tokens cannot be weighed here', Object.keys(bias ?? {}).length > 0),
    ...refused(
      'modalities',
      `only text: ${plainWords}`,
      modalities?.some((modality) => modality !== 'text'),
    ),
  ];
}

function plainText(value: z.infer<typeof content>): string {
  if (typeof value === 'string') return value;
  return (value ?? []).flatMap(({ type, text }) => (type === 'text' && text ? [text] : [])).join('\n');
}
