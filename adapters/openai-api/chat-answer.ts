import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { openAiErrorBody } from '../web/bodies.js';
import type { Asked } from './ask.js';
import type { ChatCall } from './chat-request.js';
import type { ReplyChannel } from './reply-channel.js';
import { usageOf } from './usage.js';

/** A reply in the form of `/v1/chat/completions`, streamed or whole as the call wants it. */
export function chatAnswer(context: Context, call: ChatCall, { id, created, model, reply }: Asked): Response {
  const head = { id: `chatcmpl-${id}`, created, model };
  return call.stream ? streamed(context, head, call, reply) : context.json(whole(head, call, reply));
}

interface Head {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

function streamed(context: Context, head: Head, call: ChatCall, reply: ReplyChannel): Response {
  const chunk = (delta: object, finish: string | null): string =>
    JSON.stringify({
      ...head,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  return streamSSE(context, async (stream) => {
    await stream.writeSSE({ data: chunk({ role: 'assistant', content: '' }, null) });
    for await (const content of reply.deltas()) await stream.writeSSE({ data: chunk({ content }, null) });
    if (reply.error) {
      // Clients of OpenAI's know no other sign of a stream that broke off.
      await stream.writeSSE({ data: JSON.stringify(openAiErrorBody(reply.error)) });
      return;
    }
    await stream.writeSSE({ data: chunk({}, reply.finishReason) });
    if (call.includeUsage)
      await stream.writeSSE({
        data: JSON.stringify({
          ...head,
          object: 'chat.completion.chunk',
          choices: [],
          usage: usage(call, reply),
        }),
      });
    await stream.writeSSE({ data: '[DONE]' });
  });
}

function whole(head: Head, call: ChatCall, reply: ReplyChannel): object {
  return {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: reply.text, refusal: null },
        // Cut off by the model's limit or broken off: either way there was more to come.
        finish_reason: reply.error ? 'length' : reply.finishReason,
        logprobs: null,
      },
    ],
    usage: usage(call, reply),
  };
}

function usage(call: ChatCall, channel: ReplyChannel): object {
  const { prompt, reply } = usageOf(call, channel);
  return { prompt_tokens: prompt, completion_tokens: reply, total_tokens: prompt + reply };
}
