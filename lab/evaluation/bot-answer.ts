import type { Character } from '../../characters/schema.js';
import type { Clock } from '../../src/clock.js';
import type { StrategyPlanner } from '../../src/guidance/strategy-planner.js';
import { eligibleMemories } from '../../src/memory/eligible-memories.js';
import type { HistoryLine, MemorySelector } from '../../src/memory/memory-selector.js';
import { fitPrompt } from '../../src/prompting/budget.js';
import type { ModelRequest, ModelRoute, ModelRouter } from '../../src/prompting/chat-model.js';
import { promptFormat } from '../../src/prompting/prompt-formats.js';
import { characterMemory, type PromptInput } from '../../src/prompting/prompt-input.js';
import { forSmallModel } from '../../src/prompting/small-model.js';

/** What the bot answers with. */
export interface BotParts {
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

/** A conversation to answer; the number of the case gives the character and the seed. */
export interface Context {
  readonly history: readonly HistoryLine[];
  readonly index: number;
  /** A goal as in config/steering.yaml. */
  readonly goal?: string;
}

export interface Planned {
  readonly request: ModelRequest;
  readonly route: ModelRoute;
  readonly input: PromptInput;
  /** What was recalled, as the prompt tells it. */
  readonly memory: string | null;
}

export interface Reply {
  readonly text: string;
  /** Null where the model reported none. */
  readonly tokens: number | null;
  /** From the request to the end of the reply. */
  readonly ms: number;
  /** From the first piece of text to the end. */
  readonly streamMs: number;
}

/** Memory, strategy and prompt, as the bot plans them. */
export async function planAnswer(context: Context, bot: BotParts): Promise<Planned> {
  const { history, index, goal } = context;
  const { selector, planner, lines, memoriesPerTurn } = bot;
  const character = bot.characters[index % bot.characters.length] as Character;
  const route = bot.router.routeFor(character);
  const candidates = eligibleMemories(character, [], { window: 0, max: 1 });
  const { chosen } = await selector.select(history.slice(-lines.memory), candidates, memoriesPerTurn);
  const strategy = await planner.infer(history.slice(-2 * lines.prompt), []);
  const whole: PromptInput = {
    character,
    seeker: { facts: [] },
    turns: history.slice(-lines.prompt).map(({ role, text }) => ({ speaker: role, text })),
    memories: chosen.map(({ aspect, text }) => ({ aspect, text })),
    strategy: { label: strategy.label, motivation: strategy.motivation },
    ...(goal !== undefined && { goal }),
    shared: false,
  };
  const input = route.demo ? forSmallModel(whole) : whole;
  const seeded = { ...route, sampling: { ...route.sampling, seed: index + 1 } };
  const { request } = await fitPrompt({ format: promptFormat(route.format), input, route: seeded });
  return { request, route, input, memory: characterMemory(input)?.text ?? null };
}

/** The reply to a plan: of the ranked candidates, or one stream as it comes. */
export async function speakAnswer(
  { request, route, input, memory }: Planned,
  clock: Clock,
  { ranked }: { readonly ranked: boolean },
): Promise<Reply> {
  const startedAt = clock.elapsed();
  const cleaner = promptFormat(route.format).cleaner(input);
  const rank = {
    lastMessage: input.turns.at(-1)?.text ?? '',
    persona: input.character.supporterStatement,
    memory,
    goal: input.goal ?? null,
  };
  const signal = new AbortController().signal;
  let text = '';
  let tokens: number | null = null;
  let firstAt: number | null = null;
  const hints = { signal, affinity: input.character.id, ...(ranked && { rank }) };
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
