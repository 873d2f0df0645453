import { z } from 'zod';
import { validated } from '../web/bodies.js';
import { type ApiCall, type ApiLine, callOf, conversationHeader, lineOf, type Reading } from './call.js';
import { commonFields, plainWords, type Refused, refuse } from './common-fields.js';
import type { SpokenItems } from './spoken-items.js';
import { wishFields } from './wishes.js';

const { temperature, top_p, max_output_tokens } = wishFields;
const part = z.looseObject({ type: z.string(), text: z.string().optional() });

const item = z.looseObject({
  type: z.string().nullish(),
  role: z.string().nullish(),
  id: z.string().max(200).nullish(),
  content: z.union([z.string(), z.null(), z.array(part)]).optional(),
});

/** `POST /v1/responses` as far as it matters here. */
const responsesSchema = z.looseObject({
  ...commonFields,
  ...{ temperature, top_p, max_output_tokens },
  input: z.union([z.string(), z.array(item).min(1).max(2_000)]),
  store: z.boolean().nullish(),
  previous_response_id: z.string().nullish(),
  conversation: z.unknown().optional(),
  prompt: z.unknown().optional(),
  background: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
});
type ResponsesRequest = z.infer<typeof responsesSchema>;

export interface ResponsesCall extends ApiCall {
  /** The client may send the id of the reply in its place later. */
  readonly store: boolean;
  /** What the answer repeats of the request. */
  readonly asked: {
    readonly temperature: number | null;
    readonly top_p: number | null;
    readonly max_output_tokens: number | null;
    readonly previous_response_id: string | null;
    readonly user: string | null;
  };
}

/**
 * Reads a request. Instructions and system messages are not used: the character's own text takes their place.
 * @throws RapportError RAPPORT_E_INPUT_INVALID, for what is asked for and not given here too.
 */
export function readResponsesRequest(body: unknown, reading: Reading, spoken: SpokenItems): ResponsesCall {
  const request = validated(responsesSchema, body);
  const isKept = reading.conversation !== null;
  refuse(notGiven(request, isKept));
  const { input } = request;
  const lines =
    typeof input === 'string'
      ? lineOf('user', input)
      : input.flatMap((each, index) => lineOfItem(each, index, isKept, spoken));
  return {
    ...callOf(request, lines, request, { ...reading, field: 'input' }),
    store: request.store !== false,
    asked: {
      temperature: request.temperature ?? null,
      top_p: request.top_p ?? null,
      max_output_tokens: request.max_output_tokens ?? null,
      previous_response_id: request.previous_response_id ?? null,
      user: request.user ?? null,
    },
  };
}

/** The line an item stands for; none for instructions, and for thoughts and tools of other models. */
function lineOfItem(
  { type, role, id, content }: z.infer<typeof item>,
  index: number,
  isKept: boolean,
  spoken: SpokenItems,
): ApiLine[] {
  if (type === 'item_reference') {
    const text = spoken.textOf(id ?? '');
    if (text !== undefined) return [{ role: 'supporter', text }];
    // The conversation is kept here, whatever its client refers to.
    const why = 'what it refers to is not known (any more); send the text, as clients do with store: false';
    refuse(isKept ? [] : [{ param: `input.${index}.id`, why }]);
    return [];
  }
  if ((type ?? 'message') !== 'message' || (role !== 'user' && role !== 'assistant')) return [];
  const text =
    typeof content === 'string'
      ? content
      : (content ?? []).flatMap((each) => (isText(each) && each.text ? [each.text] : [])).join('\n');
  return lineOf(role, text);
}

function isText({ type }: z.infer<typeof part>): boolean {
  return type === 'input_text' || type === 'output_text' || type === 'text';
}

function notGiven(request: ResponsesRequest, isKept: boolean): Refused[] {
  const { tools, text, include } = request;
  const refused = (param: string, why: string, asked: unknown): Refused[] => (asked ? [{ param, why }] : []);
  return [
    ...refused('tools', `none can be called here: ${plainWords}`, (tools?.length ?? 0) > 0),
    ...refused(
      'text.format',
      `only text is given here: ${plainWords}`,
      (text?.format?.type ?? 'text') !== 'text',
    ),
    ...refused('top_logprobs', 'none are given here', request.top_logprobs),
    ...refused(
      'include',
      'logprobs: none are given here',
      include?.some((what) => what.endsWith('logprobs')),
    ),
    ...refused('background', 'a reply is waited for', request.background),
    ...refused(
      'conversation',
      `send \`user\` and the header ${conversationHeader} for a conversation that is kept`,
      request.conversation,
    ),
    ...refused('prompt', 'no prompts are kept here: send input', request.prompt),
    ...refused(
      'previous_response_id',
      `responses are not kept: send the lines before in input, or \`user\` and the header ${conversationHeader}`,
      request.previous_response_id && !isKept,
    ),
  ];
}
