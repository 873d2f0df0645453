import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { openAiErrorBody } from '../web/bodies.js';
import type { Asked } from './ask.js';
import type { ReplyChannel } from './reply-channel.js';
import type { ResponsesCall } from './responses-request.js';
import type { SpokenItems } from './spoken-items.js';
import { usageOf } from './usage.js';

type Status = 'in_progress' | 'completed' | 'incomplete' | 'failed';

/** A reply in the form of `/v1/responses`, streamed or whole as the call wants it: one message of one text. */
export function responsesAnswer(
  context: Context,
  call: ResponsesCall,
  asked: Asked,
  spoken: SpokenItems,
): Response {
  const itemId = `msg_${asked.id}`;
  const keep = (): void => {
    // What was said in a conversation that is kept stands there, and goes with it.
    if (call.store && call.conversation === null && asked.reply.text !== '')
      spoken.keep(itemId, asked.reply.text);
  };
  if (call.stream) return streamed(context, call, asked, itemId, keep);
  keep();
  const { reply } = asked;
  const status = endOf(reply) === 'completed' ? 'completed' : 'incomplete';
  return context.json(response(call, asked, status, [message(itemId, reply.text, status)]));
}

function streamed(
  context: Context,
  call: ResponsesCall,
  asked: Asked,
  itemId: string,
  keep: () => void,
): Response {
  const { reply } = asked;
  return streamSSE(context, async (stream) => {
    let sequence = 0;
    const send = async (type: string, data: object): Promise<void> => {
      const event = { type, sequence_number: sequence, ...data };
      sequence += 1;
      await stream.writeSSE({ event: type, data: JSON.stringify(event) });
    };
    const begun = response(call, asked, 'in_progress', []);
    const place = { item_id: itemId, output_index: 0, content_index: 0 };
    await send('response.created', { response: begun });
    await send('response.in_progress', { response: begun });
    await send('response.output_item.added', {
      output_index: 0,
      item: { ...message(itemId, '', 'in_progress'), content: [] },
    });
    await send('response.content_part.added', { ...place, part: text('') });
    for await (const delta of reply.deltas())
      await send('response.output_text.delta', { ...place, delta, logprobs: [] });
    keep();
    const status = endOf(reply);
    const said = message(itemId, reply.text, status === 'completed' ? 'completed' : 'incomplete');
    await send('response.output_text.done', { ...place, text: reply.text, logprobs: [] });
    await send('response.content_part.done', { ...place, part: text(reply.text) });
    await send('response.output_item.done', { output_index: 0, item: said });
    if (reply.error) {
      const { code, message: told } = openAiErrorBody(reply.error).error;
      // Some clients know this event only, others only the one after it.
      await send('error', { code, message: told, param: null });
    }
    await send(`response.${status}`, { response: response(call, asked, status, [said]) });
  });
}

/** A whole reply that broke off is incomplete, as one that was cut; in a stream it has failed. */
function endOf({ error, finishReason }: ReplyChannel): Exclude<Status, 'in_progress'> {
  if (error) return 'failed';
  return finishReason === 'stop' ? 'completed' : 'incomplete';
}

function response(
  call: ResponsesCall,
  { id, created, model, reply }: Asked,
  status: Status,
  output: readonly object[],
): object {
  const used = usageOf(call, reply);
  const { error } = reply;
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: created,
    status,
    background: false,
    error:
      error && status === 'failed'
        ? { code: 'server_error', message: openAiErrorBody(error).error.message }
        : null,
    incomplete_details:
      status === 'incomplete'
        ? { reason: reply.finishReason === 'content_filter' ? 'content_filter' : 'max_output_tokens' }
        : null,
    instructions: null,
    metadata: {},
    model,
    output,
    parallel_tool_calls: false,
    reasoning: { effort: null, summary: null },
    store: call.store,
    text: { format: { type: 'text' } },
    tool_choice: 'none',
    tools: [],
    top_logprobs: 0,
    truncation: 'auto',
    ...call.asked,
    usage:
      status === 'in_progress'
        ? null
        : {
            input_tokens: used.prompt,
            input_tokens_details: { cached_tokens: 0 },
            output_tokens: used.reply,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: used.prompt + used.reply,
          },
  };
}

function message(id: string, said: string, status: Exclude<Status, 'failed'>): object {
  return { id, type: 'message', role: 'assistant', status, content: [text(said)] };
}

function text(said: string): object {
  return { type: 'output_text', text: said, annotations: [], logprobs: [] };
}
