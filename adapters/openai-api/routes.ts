import { type Context, Hono } from 'hono';
import { RapportError } from '../../config/errors.js';
import { errorResponse, toCoded } from '../web/bodies.js';
import { overRate } from '../web/rate-limit.js';
import type { WebServices } from '../web/web-services.js';
import { Desk } from './ask.js';
import { conversationHeader, matchedModel, type Reading } from './call.js';
import { chatAnswer } from './chat-answer.js';
import { readChatRequest } from './chat-request.js';
import type { OpenAiApiAdapter } from './openai-api-adapter.js';
import { responsesAnswer } from './responses-answer.js';
import { readResponsesRequest } from './responses-request.js';
import { SpokenItems } from './spoken-items.js';

/** Of a conversation that is kept, UTF-16 units. */
const longestName = 200;

/**
 * `/v1/models`, `/v1/chat/completions` and `/v1/responses`: the characters as models, for any OpenAI client. Mounted at /v1.
 */
export function openAiRoutes(services: WebServices, adapter: OpenAiApiAdapter): Hono {
  const { bank, clock, random, logger, metrics, config } = services;
  const created = Math.floor(clock.now() / 1_000);
  const models = [matchedModel, ...bank.all.map(({ id }) => id)];
  const desk = new Desk(services, adapter);
  const spoken = new SpokenItems(clock);
  const app = new Hono();
  app.onError((error, context) => {
    const coded = toCoded(error, logger, random.id());
    metrics.errors.inc({ code: coded.code });
    return errorResponse(context, coded);
  });
  const reading = (context: Context): Reading => ({
    maxChars: config.server.maxMessageChars,
    conversation: context.req.header(conversationHeader)?.trim().slice(0, longestName) || null,
  });
  const body = (context: Context): Promise<unknown> => context.req.json().catch(() => null);
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
      const call = readChatRequest(await body(context), reading(context));
      return chatAnswer(context, call, await desk.ask(call, context.req.raw, overRate(context)));
    })
    .post('/responses', async (context) => {
      const call = readResponsesRequest(await body(context), reading(context), spoken);
      return responsesAnswer(context, call, await desk.ask(call, context.req.raw, overRate(context)), spoken);
    })
    .post('/completions', () => {
      throw new RapportError('RAPPORT_E_INPUT_INVALID', {
        problems: 'prompt: a character answers messages; use /v1/chat/completions or /v1/responses',
        param: 'prompt',
      });
    });
}

function model(id: string, created: number): object {
  return { id, object: 'model', created, owned_by: 'rapport' };
}
