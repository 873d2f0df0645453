import { join } from 'node:path';
import { expect, it } from 'vitest';
import { characterSchema } from '../../characters/schema.js';
import { packageRoot } from '../../config/root.js';
import { evaluateChatModel } from '../../lab/evaluation/chat-model.js';
import type { Clock } from '../../src/clock.js';
import type { StrategyPlanner } from '../../src/guidance/strategy-planner.js';
import { LexicalMemorySelector } from '../../src/memory/lexical-memory-selector.js';
import type { ChatModel, ModelRequest, RankHints } from '../../src/prompting/chat-model.js';
import { tokenEstimate } from '../../src/prompting/token-estimate.js';

const file = join(packageRoot, 'test/fixtures/evaluation/dialogues.jsonl');

const characters = ['mara', 'otto'].map((id) =>
  characterSchema.parse({
    id,
    name: id,
    supporterStatement: `You are ${id}. You listen. You have much to tell of the sea.`,
    memory: { family_relationship: 'You buried your brother, and the funeral was small.' },
  }),
);

const planner: StrategyPlanner = {
  kind: 'fixed',
  infer: async () => ({ label: 'Question', motivation: 'to learn more', probability: 1 }),
};

interface Asked {
  readonly request: ModelRequest;
  readonly rank: RankHints | undefined;
}

/** A model with a clock of its own: 500 ms to the first piece, then 100 ms for the rest; 11 tokens a reply. */
function scripted(replies: readonly string[]): { model: ChatModel; clock: Clock; asked: Asked[] } {
  const asked: Asked[] = [];
  let now = 0;
  return {
    asked,
    clock: { now: () => now, elapsed: () => now, sleep: async () => undefined },
    model: {
      tokens: tokenEstimate,
      async *stream(request, { rank }) {
        const reply = replies[asked.length % replies.length] ?? '';
        asked.push({ request, rank });
        now += 500;
        yield { type: 'text', text: reply.slice(0, 4) };
        now += 100;
        yield { type: 'text', text: `${reply.slice(4)}<SEEKER>` };
        yield { type: 'done', finishReason: 'stop', usage: { promptTokens: 9, completionTokens: 11 } };
      },
    },
  };
}

it('answers each context as the bot would and measures the replies', async () => {
  const replies = ['I am so so sorry.', 'so it is and so it is and so', '', 'What now?'];
  const { model, clock, asked } = scripted(replies);
  const { n, metrics, notes } = await evaluateChatModel(
    { file },
    {
      router: {
        routeFor: () => ({
          id: 'double',
          model,
          modelName: 'double-mini',
          format: 'characterchat',
          sampling: { max_tokens: 40 },
          contextTokens: 512,
          controlTags: true,
          demo: true,
        }),
      },
      characters,
      goals: [
        { goal: 'ask about pets.', label: 'ask about pets.', aliases: ['pets'], keywords: ['so', 'now'] },
      ],
      logProbability: async (_prompt, text) => (text.length > 40 ? null : -text.length * Math.LN2),
      selector: new LexicalMemorySelector(),
      planner,
      clock,
      lines: { memory: 4, prompt: 40 },
      memoriesPerTurn: 1,
    },
  );
  expect(n).toBe(4);
  // i am so so sorry. | so it is and so it is and so | what now?: 16 words, 9 different; 13 pairs, 9 different
  expect(metrics).toEqual({
    bitsPerByte: expect.closeTo(1, 9),
    distinct1: expect.closeTo(9 / 16, 9),
    distinct2: expect.closeTo(9 / 13, 9),
    loopRate: 0.25,
    personaF1: 0, // the one memory that is recalled shares no word with its reply
    goalFollowing: 0.75, // the empty one does not
    goalByChance: 0.75,
    tokensPerSecond: 100, // ten more tokens in 100 ms
  });
  expect(notes.join('\n')).toMatch(/double-mini; 4\.0 words.*steered to 1 goals.*1 replies were empty/s);

  expect(asked).toHaveLength(12); // each once ranked, as a plain stream for the speed, and steered to the goal
  expect(asked.map(({ rank }) => rank !== undefined)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
  const prompts = asked.map(({ request }) =>
    request.endpoint === 'completions' ? String(request.body.prompt) : '',
  );
  expect(prompts[0]).toContain('You are mara.');
  expect(prompts[1]).toContain('You are otto.');
  expect(prompts[1]).toContain('You buried your brother');
  expect(asked[1]?.rank).toEqual({
    lastMessage: 'My brother and I have not spoken since the funeral.',
    persona: 'You are otto. You listen.', // as a small model is told
    memory: 'You buried your brother, and the funeral was small.',
    goal: null,
  });
  expect(asked.map(({ request }) => request.body.seed)).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
  expect(prompts[8]).toContain('ask about pets.');
  expect(asked[8]?.rank?.goal).toBe('ask about pets.');
});
