import { type Character, characterSchema } from '../../characters/schema.js';
import type { BudgetedRoute } from '../../src/prompting/budget.js';
import type { ModelRequest, PromptFormatName, TokenCounter } from '../../src/prompting/chat-model.js';
import type { RequestSettings } from '../../src/prompting/prompt-format.js';
import { promptFormat } from '../../src/prompting/prompt-formats.js';
import type { PromptInput, PromptTurn } from '../../src/prompting/prompt-input.js';
import type { StreamCleaner } from '../../src/prompting/stream-cleaner.js';

export const ilka: Character = characterSchema.parse({
  id: 'ilka-brandt',
  name: 'Ilka Brandt',
  shortName: 'Ilka',
  persona: { tone: 'Dry and warm.' },
  supporterStatement: 'You are Ilka Brandt, a 34-year-old ferry pilot. You like quiet people.',
  seekerStatement: 'You are Ilka Brandt. You lost your licence last week.',
});

export const hypatia: Character = characterSchema.parse({
  id: 'hypatia',
  name: 'Hypatia of Alexandria',
  shortName: 'Hypatia',
  supporterStatement: 'You are Hypatia of Alexandria, a teacher of mathematics.',
});

export const seeker = (text: string, more: Partial<PromptTurn> = {}): PromptTurn => ({
  speaker: 'seeker',
  text,
  ...more,
});
export const supporter = (text: string, more: Partial<PromptTurn> = {}): PromptTurn => ({
  speaker: 'supporter',
  text,
  ...more,
});

export function inputOf(more: Partial<PromptInput> = {}): PromptInput {
  return {
    character: ilka,
    seeker: { facts: [] },
    turns: [seeker('hello')],
    memories: [],
    shared: false,
    ...more,
  };
}

export const settings: RequestSettings = { modelName: 'm', sampling: {}, controlTags: false };

export function build(
  format: PromptFormatName,
  input: PromptInput,
  more: Partial<RequestSettings> = {},
): ModelRequest {
  return promptFormat(format).build(input, { ...settings, ...more });
}

/** The prompt of a completions request. */
export function promptOf(request: ModelRequest): string | readonly number[] {
  if (request.endpoint !== 'completions') throw new Error('not a completions request');
  return request.body.prompt;
}

export function messagesOf(request: ModelRequest): readonly { role: string; content: string }[] {
  if (request.endpoint !== 'chat/completions') throw new Error('not a chat request');
  return request.body.messages;
}

/** Everything a person or model could read of a request, in order. */
export function textOf(request: ModelRequest): string {
  if (request.endpoint === 'chat/completions')
    return request.body.messages.map(({ content }) => content).join('\n');
  return String(request.body.prompt);
}

export function routeOf(
  contextTokens: number,
  tokens: TokenCounter,
  more: Partial<BudgetedRoute> = {},
): BudgetedRoute {
  return { ...settings, id: 'test', contextTokens, model: { tokens }, ...more };
}

/** The whole cleaned text of a reply that came in `chunks`. */
export function clean(cleaner: StreamCleaner, chunks: readonly string[]): string {
  return chunks.map((chunk) => cleaner.push(chunk)).join('') + cleaner.finish();
}
