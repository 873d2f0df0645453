import { RapportError } from '../../config/errors.js';
import type { ChatModel, ModelRequest, ModelRoute } from './chat-model.js';
import type { PromptFormat, RequestSettings } from './prompt-format.js';
import { mergeSampling, type PromptInput } from './prompt-input.js';
import { tokenEstimate } from './token-estimate.js';
import { withinUnits } from './window.js';

/** What the budget needs to know of a route. */
export interface BudgetedRoute extends RequestSettings, Pick<ModelRoute, 'id' | 'contextTokens'> {
  readonly model: Pick<ChatModel, 'tokens' | 'facts'>;
}

export interface FitOptions {
  readonly format: PromptFormat;
  readonly input: PromptInput;
  readonly route: BudgetedRoute;
  /** Tokens kept free for the reply; default the sampling's `max_tokens`. At most half of the window. */
  readonly replyTokens?: number | undefined;
  /** Share of the budget to use, in (0, 1]: {@link tighterShare} for the one retry after an overflow. Default 1. */
  readonly tighter?: number | undefined;
}

export interface FittedPrompt {
  readonly request: ModelRequest;
  readonly promptTokens: number;
  /** Whether `promptTokens` was counted with the model's own tokenizer. */
  readonly exact: boolean;
  /** What of the input the request is made of. */
  readonly input: PromptInput;
  /** Turns left out, the oldest ones. */
  readonly droppedTurns: number;
  /** Only persona and last message were left, cut where needed. */
  readonly floor: boolean;
}

/** How much of the budget the one retry uses after a server said that the prompt was too long. */
export const tighterShare = 0.6;

/** No token of a sentence is longer: what is longer than a window of such tokens cannot fit, and is not even counted. */
const unitsPerToken = 16;
/** Kept free for the thoughts of a model that thinks before it speaks. */
const thoughtTokens = 2_048;
/** Tokens a chat template adds to a message, and around the whole. */
const messageTokens = 8;
const frameTokens = 8;
/** Kept free beside the reply: the start token, and a share of the window where tokens are only estimated. */
const marginTokens = 8;
const estimateMargin = 0.02;
/** A server is not asked to count what an estimate on the safe side says is at most one part in this many of the budget. */
const roundTripShare = 1.5;
/** Turns of the smallest block: an exchange is two, and a block of one exchange would move with every message. */
const leastBlock = 4;
/** The floor is given up below this many units of text. */
const leastChars = 2;

interface Attempt {
  readonly request: ModelRequest;
  readonly tokens: number;
}

/**
 * Builds the request so that prompt and reply fit the window: as it is, else without its oldest turns (few, and a block at
 * a time), else the floor. Few counts: sizes in characters guess what to drop, counting verifies it.
 * @throws RapportError RAPPORT_E_CONTEXT_OVERFLOW when the window cannot even hold the bare frame of the format.
 */
export async function fitPrompt(options: FitOptions): Promise<FittedPrompt> {
  const { format, input: whole, route } = options;
  const { tokens: counter } = route.model;
  const window = windowOf(route);
  const input = withinUnits(whole, window * unitsPerToken, (longer) => format.dropOldest(longer));
  const reply = replyTokens(options, window);
  const margin = marginTokens + (counter.exact ? 0 : Math.ceil(window * estimateMargin));
  const budget = Math.floor((window - reply - margin) * (options.tighter ?? 1));
  const attempt = async (candidate: PromptInput): Promise<Attempt> => {
    const request = withReply(format.build(candidate, route), reply);
    return { request, tokens: await count(request, route) };
  };
  const result = (fitted: Attempt, used: PromptInput, floor: boolean): FittedPrompt => ({
    request: fitted.request,
    input: used,
    promptTokens: fitted.tokens,
    exact: counter.exact || isIds(fitted.request),
    droppedTurns: whole.turns.length - used.turns.length,
    floor,
  });

  if (counter.remote) {
    const request = withReply(format.build(input, route), reply);
    const tokens = await count(request, { ...route, model: { tokens: tokenEstimate } });
    if (tokens * roundTripShare <= budget)
      return {
        request,
        input,
        promptTokens: tokens,
        exact: false,
        droppedTurns: whole.turns.length - input.turns.length,
        floor: false,
      };
  }
  const untrimmed = await attempt(input);
  if (untrimmed.tokens <= budget) return result(untrimmed, input, false);

  const trimmed = shorter(format, input);
  const tokensPerUnit = untrimmed.tokens / Math.max(1, unitsOf(untrimmed.request));
  const fits = (candidate: PromptInput): boolean =>
    unitsOf(format.build(candidate, route)) * tokensPerUnit <= budget;
  const best = await firstFitting(trimmed, firstIndex(trimmed, fits), attempt, budget);
  if (best) {
    const lasting = atBlock(input, trimmed, best.input);
    return lasting ? result(await attempt(lasting), lasting, false) : result(best.attempt, best.input, false);
  }

  let last = untrimmed.tokens;
  for (let chars = Math.max(64, budget * 4); chars >= leastChars; ) {
    const candidate = format.floor(input, chars);
    const floor = await attempt(candidate);
    if (floor.tokens <= budget) return result(floor, candidate, true);
    last = floor.tokens;
    chars = Math.floor(chars * Math.max(0.3, Math.min(0.75, budget / last)));
  }
  throw new RapportError('RAPPORT_E_CONTEXT_OVERFLOW', {
    tokens: last,
    window,
    route: route.id,
  });
}

/** The window that is configured, or the smaller one that the server was found to have. */
export function windowOf({ contextTokens, model, modelName }: BudgetedRoute): number {
  return Math.min(contextTokens, model.facts?.window(modelName) ?? contextTokens);
}

/** Ever shorter inputs, from one unit dropped to all that may go. */
function shorter(format: PromptFormat, input: PromptInput): PromptInput[] {
  const inputs: PromptInput[] = [];
  for (let next = format.dropOldest(input); next; next = format.dropOldest(next)) inputs.push(next);
  return inputs;
}

/**
 * The next shorter input that begins at a block of turns: it still fits some turns later, so that the beginning of the prompt
 * stays the same for the prefix cache of the server. A block is a sixth to a third of what is kept; null where that is too
 * little to part, and where the input begins at one already.
 */
function atBlock(whole: PromptInput, trimmed: readonly PromptInput[], best: PromptInput): PromptInput | null {
  const block = 2 ** Math.floor(Math.log2(best.turns.length / 3));
  if (block < leastBlock) return null;
  const dropped = (input: PromptInput): number => whole.turns.length - input.turns.length;
  const wanted = Math.ceil(dropped(best) / block) * block;
  if (wanted === dropped(best)) return null;
  return trimmed.find((input) => dropped(input) >= wanted) ?? null;
}

/** The first index whose element fits, by bisection; the last index when none seems to. */
function firstIndex<T>(items: readonly T[], fits: (item: T) => boolean): number {
  let low = 0;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && fits(item)) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** The longest input that fits, counted for certain: starts at the guess and bisects what the guess leaves open. */
async function firstFitting(
  inputs: readonly PromptInput[],
  guess: number,
  attempt: (input: PromptInput) => Promise<Attempt>,
  budget: number,
): Promise<{ input: PromptInput; attempt: Attempt } | null> {
  let best: { input: PromptInput; attempt: Attempt } | null = null;
  let low = 0;
  let high = inputs.length - 1;
  let probe = guess;
  for (let round = 0; low <= high; round++) {
    const input = inputs[probe];
    if (!input) break;
    const tried = await attempt(input);
    if (tried.tokens <= budget) {
      best = { input, attempt: tried };
      high = probe - 1;
    } else low = probe + 1;
    // A good guess is off by one at most: look next to it first, then bisect.
    probe = round === 0 ? (best ? high : low) : (low + high) >> 1;
  }
  return best;
}

async function count(request: ModelRequest, route: BudgetedRoute): Promise<number> {
  const { tokens } = route.model;
  if (request.endpoint === 'chat/completions') {
    const { messages } = request.body;
    const text = messages.map(({ content }) => content).join('\n');
    return (await tokens.count(text)) + messages.length * messageTokens + frameTokens;
  }
  const { prompt } = request.body;
  return typeof prompt === 'string' ? tokens.count(prompt) : prompt.length;
}

function unitsOf(request: ModelRequest): number {
  if (request.endpoint === 'completions') return request.body.prompt.length;
  return request.body.messages.reduce((sum, { content }) => sum + content.length + 4 * messageTokens, 0);
}

function isIds(request: ModelRequest): boolean {
  return request.endpoint === 'completions' && typeof request.body.prompt !== 'string';
}

function replyTokens({ format, route, replyTokens: wanted }: FitOptions, window: number): number {
  const spoken = wanted ?? mergeSampling(format.sampling, route.sampling).max_tokens ?? 256;
  const thought = route.model.facts?.thinks(route.modelName) ? thoughtTokens : 0;
  return Math.max(1, Math.min(spoken + thought, Math.floor(window / 2)));
}

/** The request with `max_tokens` set to what is kept free. */
function withReply(request: ModelRequest, reply: number): ModelRequest {
  return request.endpoint === 'completions'
    ? { ...request, body: { ...request.body, max_tokens: reply } }
    : { ...request, body: { ...request.body, max_tokens: reply } };
}
