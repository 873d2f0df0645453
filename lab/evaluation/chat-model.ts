import type { Character } from '../../characters/schema.js';
import type { Clock } from '../../src/clock.js';
import { eligibleMemories } from '../../src/memory/eligible-memories.js';
import type { MemorySelector } from '../../src/memory/memory-selector.js';
import { fitPrompt } from '../../src/prompting/budget.js';
import type { ModelRoute, ModelRouter } from '../../src/prompting/chat-model.js';
import { promptFormat } from '../../src/prompting/prompt-formats.js';
import type { PromptInput } from '../../src/prompting/prompt-input.js';
import type { StrategyPlanner } from '../../src/strategy/strategy-planner.js';
import { type AnsweredTurn, answeredTurns, dialogueSchema, ofSplit } from './dialogue.js';
import { distinct, loopRate, wordsOf } from './metrics/diversity.js';
import { mean } from './metrics/mean.js';
import { invalidRows, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, spread } from './task.js';

/** Contexts answered where no limit is given: each costs a whole reply. */
export const defaultContexts = 200;
/** Contexts answered once more as a plain stream, for the speed. */
const timedContexts = 20;

export interface ChatModelOptions {
  readonly router: ModelRouter;
  /** They answer in turn: the dialogues' own supporters are nobody the bot could play. */
  readonly characters: readonly Character[];
  readonly selector: MemorySelector;
  readonly planner: StrategyPlanner;
  readonly clock: Clock;
  /** Lines shown to the selector, to the planner and to the prompt (before the budget trims them). */
  readonly lines: { readonly memory: number; readonly prompt: number };
  readonly memoriesPerTurn: number;
}

interface Reply {
  readonly text: string;
  /** Null where the model reported none. */
  readonly tokens: number | null;
  /** From the request to the end of the reply. */
  readonly ms: number;
  /** From the first piece of text to the end. */
  readonly streamMs: number;
}

/**
 * How varied and how fast the chat model answers: one reply to each context, a dialogue up to a seeker's line, planned as
 * the bot plans it (memory, strategy, prompt, ranking of candidates). Same seed a context, so same replies a run.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID, RAPPORT_E_MODEL_FILE
 */
export async function evaluateChatModel(
  scope: EvaluationScope,
  options: ChatModelOptions,
): Promise<Evaluation> {
  const rows = ofSplit(await readRows(scope.file, dialogueSchema), scope.split);
  const contexts = rows.flatMap(({ value }) => answeredTurns(value));
  if (contexts.length === 0)
    throw invalidRows([`${scope.file}: no supporter turn answers a seeker in any row`]);
  const chosen = spread(contexts, scope.limit ?? defaultContexts);
  const replies = await judgeEach(chosen, scope, (context, index) => answer(context, index, options));
  const words = replies.map(({ text }) => wordsOf(text));
  const streamed: Reply[] = [];
  for (const [index, context] of spread(chosen, timedContexts).entries())
    streamed.push(await answer(context, index, options, { ranked: false }));
  const shownPerSecond = perSecond(replies.map(({ tokens, ms }) => ({ tokens, ms })));
  const empty = replies.filter(({ text }) => text === '').length;
  return {
    n: replies.length,
    metrics: {
      distinct1: distinct(words, 1),
      distinct2: distinct(words, 2),
      loopRate: loopRate(words),
      tokensPerSecond: perSecond(
        streamed.map(({ tokens, streamMs }) => ({
          tokens: tokens === null ? null : tokens - 1,
          ms: streamMs,
        })),
      ),
    },
    notes: [
      `model: ${routeOf(options).modelName}; ${mean(words.map((reply) => reply.length)).toFixed(1)} words a reply`,
      'bitsPerByte is left out: the model in the process answers, it does not score given text',
      `tokensPerSecond: of one stream after its first token, over ${streamed.length} replies`,
      ...(shownPerSecond === null
        ? []
        : [
            `${shownPerSecond.toFixed(1)} tokens of the shown reply a second from the request to its end, reading the prompt and ranking the candidates included`,
          ]),
      ...(empty > 0 ? [`${empty} replies were empty`] : []),
    ],
  };
}

interface Timed {
  readonly tokens: number | null;
  readonly ms: number;
}

/** All tokens over all time; null where none were counted. */
function perSecond(replies: readonly Timed[]): number | null {
  let tokens = 0;
  let ms = 0;
  for (const reply of replies) {
    if (reply.tokens === null || reply.tokens <= 0) continue;
    tokens += reply.tokens;
    ms += reply.ms;
  }
  return ms > 0 ? (1_000 * tokens) / ms : null;
}

function routeOf({ router, characters }: ChatModelOptions, index = 0): ModelRoute {
  return router.routeFor(characterAt(characters, index));
}

function characterAt(characters: readonly Character[], index: number): Character {
  return characters[index % characters.length] as Character;
}

async function answer(
  { history }: AnsweredTurn,
  index: number,
  options: ChatModelOptions,
  { ranked }: { readonly ranked: boolean } = { ranked: true },
): Promise<Reply> {
  const { selector, planner, clock, lines, memoriesPerTurn } = options;
  const character = characterAt(options.characters, index);
  const route = routeOf(options, index);
  const format = promptFormat(route.format);
  const candidates = eligibleMemories(character, [], { window: 0, max: 1 });
  const { chosen } = await selector.select(history.slice(-lines.memory), candidates, memoriesPerTurn);
  const strategy = await planner.infer(history.slice(-2 * lines.prompt), []);
  const lastMessage = history.at(-1)?.text ?? '';
  const input: PromptInput = {
    character,
    seeker: { facts: [] },
    turns: history.slice(-lines.prompt).map(({ role, text }) => ({ speaker: role, text })),
    memories: chosen.map(({ aspect, text }) => ({ aspect, text })),
    strategy: { label: strategy.label, motivation: strategy.motivation },
    shared: false,
  };
  const seeded = { ...route, sampling: { ...route.sampling, seed: index + 1 } };
  const startedAt = clock.elapsed();
  const { request } = await fitPrompt({ format, input, route: seeded });
  const cleaner = format.cleaner(input);
  const rank = {
    lastMessage,
    persona: character.supporterStatement,
    memory: chosen[0]?.text ?? null,
    goal: null,
  };
  const signal = new AbortController().signal;
  let text = '';
  let tokens: number | null = null;
  let firstAt: number | null = null;
  const hints = { signal, affinity: character.id, ...(ranked && { rank }) };
  for await (const delta of route.model.stream(request, hints)) {
    if (delta.type === 'text') {
      firstAt ??= clock.elapsed();
      text += cleaner.push(delta.text);
    } else tokens = delta.usage?.completionTokens ?? null;
  }
  text += cleaner.finish();
  const endedAt = clock.elapsed();
  return { text: text.trim(), tokens, ms: endedAt - startedAt, streamMs: endedAt - (firstAt ?? endedAt) };
}
