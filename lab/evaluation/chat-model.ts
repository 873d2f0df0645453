import type { SteeringGoal } from '../../config/steering.js';
import {
  type BotParts,
  type Context,
  type Planned,
  planAnswer,
  type Reply,
  speakAnswer,
} from './bot-answer.js';
import { answeredTurns, dialogueSchema, ofSplit } from './dialogue.js';
import { distinct, loopRate, mean, personaF1, wordsOf } from './metrics.js';
import { invalidRows, readRows } from './read-rows.js';
import { type Evaluation, type EvaluationScope, judgeEach, spread } from './task.js';

/** Contexts answered where no limit is given: each costs a whole reply. */
export const defaultContexts = 200;
/** Contexts answered once more as a plain stream, for the speed. */
const timedContexts = 20;
/** Contexts steered to each goal, at most. */
const steeredContexts = 5;

export interface ChatModelOptions extends BotParts {
  /** Those that replies are steered to. */
  readonly goals: readonly SteeringGoal[];
  /** Natural-log probability of a text with its end as the reply to a prompt; null where the model cannot say. */
  readonly logProbability: (prompt: string, text: string) => Promise<number | null>;
}

interface Answered extends Reply {
  readonly memory: string | null;
  /** Of what a human answered here: natural-log probability and bytes; null where the model cannot say. */
  readonly human: { readonly logProbability: number; readonly bytes: number } | null;
}

/**
 * How well, how varied and how fast the chat model answers: one reply to each context, a dialogue up to a seeker's line,
 * planned as the bot plans it (memory, strategy, prompt, ranking of candidates). Same seed a context, so same replies a run.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID, RAPPORT_E_MODEL_FILE
 */
export async function evaluateChatModel(
  scope: EvaluationScope,
  options: ChatModelOptions,
): Promise<Evaluation> {
  const rows = ofSplit(await readRows(scope.file, dialogueSchema), scope.split);
  const contexts = rows.flatMap(({ value, line }) =>
    answeredTurns(value).map((answered) => ({ ...answered, line })),
  );
  if (contexts.length === 0)
    throw invalidRows([`${scope.file}: no supporter turn answers a seeker in any row`]);
  const chosen = spread(contexts, scope.limit ?? defaultContexts);
  const { clock } = options;
  const replies = await judgeEach(chosen, scope, async ({ history, turn }, index): Promise<Answered> => {
    const plan = await planAnswer({ history, index }, options);
    const reply = await speakAnswer(plan, clock, { ranked: true });
    return { ...reply, memory: plan.memory, human: await humanAnswer(plan, turn.text, options) };
  });
  const words = replies.map(({ text }) => wordsOf(text));
  const streamed: Reply[] = [];
  for (const [index, { history }] of spread(chosen, timedContexts).entries())
    streamed.push(await speakAnswer(await planAnswer({ history, index }, options), clock, { ranked: false }));
  const goals = options.goals.filter(({ keywords }) => keywords.length > 0);
  const steered = await steeredReplies(
    chosen.map(({ history }, index) => ({ history, index })),
    goals,
    options,
  );
  const recalled = replies.flatMap(({ text, memory }) => (memory === null ? [] : [personaF1(text, memory)]));
  const shownPerSecond = perSecond(replies.map(({ tokens, ms }) => ({ tokens, ms })));
  const empty = replies.filter(({ text }) => text === '').length;
  const [first] = options.characters;
  return {
    n: replies.length,
    metrics: {
      bitsPerByte: bitsPerByte(replies),
      distinct1: distinct(words, 1),
      distinct2: distinct(words, 2),
      loopRate: loopRate(words),
      personaF1: recalled.length === 0 ? null : mean(recalled),
      goalFollowing: steered.length === 0 ? null : mean(steered.map(Number)),
      goalByChance:
        goals.length === 0 ? null : mean(goals.map(({ keywords }) => shareWith(replies, keywords))),
      tokensPerSecond: perSecond(
        streamed.map(({ tokens, streamMs }) => ({
          tokens: tokens === null ? null : tokens - 1,
          ms: streamMs,
        })),
      ),
    },
    notes: [
      `model: ${first ? options.router.routeFor(first).modelName : 'none'}; ${mean(words.map((reply) => reply.length)).toFixed(1)} words a reply`,
      `bitsPerByte: of ${replies.filter(({ human }) => human !== null).length} human replies after the bot's own prompts`,
      `personaF1: of ${recalled.length} replies for which a memory was recalled`,
      `goalFollowing: of ${steered.length} replies steered to ${goals.length} goals; goalByChance: of the replies that were not steered`,
      `tokensPerSecond: of one stream after its first token, over ${streamed.length} replies`,
      ...(shownPerSecond === null
        ? []
        : [
            `${shownPerSecond.toFixed(1)} tokens of the shown reply a second from the request to its end, reading the prompt and ranking the candidates included`,
          ]),
      ...(empty > 0 ? [`${empty} replies were empty`] : []),
    ],
    predictions: replies.map(({ text, memory }, index) => ({
      line: chosen[index]?.line ?? 0,
      predicted: text,
      memory,
    })),
  };
}

/** Scores what a human answered as the reply to the bot's prompt. */
async function humanAnswer(
  { request }: Planned,
  text: string,
  { logProbability }: ChatModelOptions,
): Promise<Answered['human']> {
  if (request.endpoint !== 'completions' || typeof request.body.prompt !== 'string') return null;
  const found = await logProbability(request.body.prompt, text);
  return found === null ? null : { logProbability: found, bytes: Buffer.byteLength(text) };
}

/** −log2 of the probability of all human replies, a byte of theirs; null where none could be scored. */
function bitsPerByte(replies: readonly Answered[]): number | null {
  const scored = replies.flatMap(({ human }) => (human ? [human] : []));
  const bytes = scored.reduce((sum, human) => sum + human.bytes, 0);
  const nats = scored.reduce((sum, human) => sum - human.logProbability, 0);
  return bytes === 0 ? null : nats / Math.LN2 / bytes;
}

/** Whether the reply is on the goal, for some contexts a goal. */
async function steeredReplies(
  contexts: readonly Context[],
  goals: readonly SteeringGoal[],
  options: ChatModelOptions,
): Promise<boolean[]> {
  const followed: boolean[] = [];
  const some = spread(contexts, steeredContexts);
  for (const { goal, keywords } of goals)
    for (const context of some) {
      const plan = await planAnswer({ ...context, goal }, options);
      const { text } = await speakAnswer(plan, options.clock, { ranked: true });
      followed.push(mentions(text, keywords));
    }
  return followed;
}

function shareWith(replies: readonly Reply[], keywords: readonly string[]): number {
  return mean(replies.map(({ text }) => Number(mentions(text, keywords))));
}

function mentions(text: string, keywords: readonly string[]): boolean {
  const said = spaced(text);
  return keywords.some((word) => said.includes(spaced(word)));
}

/** Lower-case words between single spaces. */
function spaced(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
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
