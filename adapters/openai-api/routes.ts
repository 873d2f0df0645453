import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { RapportError } from '../../config/errors.js';
import { estimateTokens } from '../../src/prompting/token-estimate.js';
import { errorResponse, openAiErrorBody, toCoded } from '../web/bodies.js';
import type { WebServices } from '../web/web-services.js';
import { apiSession } from './api-session.js';
import { awaitReply } from './await-reply.js';
import { type ChatCall, matchedModel, readChatRequest } from './chat-request.js';
import type { OpenAiApiAdapter } from './openai-api-adapter.js';
import { ReplyChannel } from './reply-channel.js';

/** `/v1/models` and `/v1/chat/completions`: the characters as models, for any OpenAI client. Mounted at /v1. */
export function openAiRoutes(services: WebServices, adapter: OpenAiApiAdapter): Hono {
  const { bank, clock, random, logger, metrics } = services;
  const created = Math.floor(clock.now() / 1_000);
  const models = [matchedModel, ...bank.all.map(({ id }) => id)];
  const app = new Hono();
  app.onError((error, context) => {
    const coded = toCoded(error, logger, random.id());
    metrics.errors.inc({ code: coded.code });
    return errorResponse(context, coded);
  });
  return app
    .get('/models', (context) =>
      context.json({ object: 'list', data: models.map((id) => model(id, created)) }),
    )
    .get('/models/:id{.+}', (context) => {
      const id = context.req.param('id');
      if (!models.includes(id)) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id });
      return context.json(model(id, created));
    })
    .post('/chat/completions', async (context) => {
      const call = readChatRequest(
        await context.req.json().catch(() => null),
        services.config.server.maxMessageChars,
      );
      const requestId = random.id();
      const session = await apiSession(
        call,
        requestId,
        context.req.header('idempotency-key')?.slice(0, 200),
        services,
      );
      const reply = new ReplyChannel();
      const stopListening = adapter.listen(requestId, reply.push);
      const answered = awaitReply(session, reply, services, context.req.raw.signal).finally(stopListening);
      if (!call.stream) await answered;
      if (!(await reply.begun())) {
        await answered;
        throw reply.error ?? new RapportError('RAPPORT_E_MODEL_EMPTY', { attempts: 1 });
      }
      const head = {
        id: `chatcmpl-${requestId}`,
        created: Math.floor(clock.now() / 1_000),
        model: session.characterId,
      };
      return call.stream ? streamed(context, head, call, reply) : context.json(whole(head, call, reply));
    });
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

/** Estimated on the text that crossed this API; the prompt the model saw is in the trace. */
function usage(
  call: ChatCall,
  reply: ReplyChannel,
): { prompt_tokens: number; completion_tokens: number; total_tokens: number } {
  const prompt = estimateTokens([...call.history.map(({ text }) => text), call.text].join('\n'));
  const completion = estimateTokens(reply.text);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

function model(id: string, created: number): object {
  return { id, object: 'model', created, owned_by: 'rapport' };
}
