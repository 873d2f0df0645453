import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitPrompt, tighterShare } from '../../src/prompting/budget.js';
import type { TokenCounter } from '../../src/prompting/chat-model.js';
import { promptFormatNames, promptFormats } from '../../src/prompting/prompt-formats.js';
import type { PromptTurn } from '../../src/prompting/prompt-input.js';
import { estimateTokens, tokenEstimate } from '../../src/prompting/token-estimate.js';
import { hypatia, ilka, inputOf, routeOf, seeker, supporter, textOf } from './fixture.js';

const { characterchat, chat, personagpt } = promptFormats;
/** One token a character: easy to reckon with. */
const signs = (counted: { calls: number } = { calls: 0 }): TokenCounter => ({
  exact: true,
  count: async (text) => {
    counted.calls += 1;
    return text.length;
  },
});
const talk = (n: number, text = 'x'.repeat(40)): PromptTurn[] =>
  Array.from({ length: n }, (_, index) =>
    index % 2 === 0 ? seeker(`q${index}.${text}`) : supporter(`s${index}.${text}`),
  );

describe('token budget', () => {
  it('sends everything where it fits, after one count', async () => {
    const counted = { calls: 0 };
    const input = inputOf({ turns: talk(3) });
    const fitted = await fitPrompt({ format: characterchat, input, route: routeOf(4096, signs(counted)) });
    expect(fitted).toEqual({
      request: characterchat.build(input, routeOf(4096, signs())),
      input,
      promptTokens: textOf(fitted.request).length,
      exact: true,
      droppedTurns: 0,
      floor: false,
    });
    expect(counted.calls).toBe(1);
  });

  it('drops few of the oldest turns, to the beginning of a block, with few counts', async () => {
    const counted = { calls: 0 };
    const input = inputOf({ turns: talk(81) });
    const route = routeOf(2000, signs(counted));
    const fitted = await fitPrompt({ format: characterchat, input, route });
    const budget = 2000 - 256 - 8;
    expect(fitted.floor).toBe(false);
    expect(fitted.promptTokens).toBeLessThanOrEqual(budget);
    const earlier = characterchat.build(
      { ...input, turns: input.turns.slice(fitted.droppedTurns - 8) },
      route,
    );
    expect(textOf(earlier).length).toBeGreaterThan(budget);
    expect(textOf(fitted.request)).toContain(`<SEEKER>q80.${'x'.repeat(40)}<SUPPORTER>`);
    expect(counted.calls).toBeLessThanOrEqual(6);
  });

  it('D.6, row 28: begins at the same turn for some turns, for the prefix cache of the server', async () => {
    const starts: number[] = [];
    for (let n = 61; n < 141; n += 2) {
      const input = inputOf({ turns: talk(n) });
      const fitted = await fitPrompt({ format: chat, input, route: routeOf(4000, signs()) });
      expect(fitted.input.turns.length).toBeGreaterThanOrEqual(10);
      starts.push(fitted.droppedTurns);
    }
    expect(starts.toSorted((a, b) => a - b)).toEqual(starts);
    // Of 40 turns as many as 40 moved the beginning before.
    expect(new Set(starts).size).toBeLessThanOrEqual(12);
  });

  it('drops whole pairs where parity matters', async () => {
    const fitted = await fitPrompt({
      format: personagpt,
      input: inputOf({ turns: talk(21) }),
      route: routeOf(600, signs()),
    });
    expect(fitted.droppedTurns % 2).toBe(0);
    expect(fitted.droppedTurns).toBeGreaterThan(0);
    expect(textOf(fitted.request).split('<|start|>')[1]).toMatch(/^q\d+/);
  });

  it('counts token ids themselves, exactly', async () => {
    const encoder = { encode: (text: string) => [...text].map(() => 1) };
    const route = routeOf(1000, tokenEstimate, { encoder });
    const fitted = await fitPrompt({ format: personagpt, input: inputOf(), route });
    expect(fitted).toMatchObject({ exact: true, floor: false });
    expect(fitted.request).toHaveProperty('body.prompt.length', fitted.promptTokens);
  });

  it('falls back to persona and last message, cut at a sentence and in the middle', async () => {
    const last = `START ${'blah '.repeat(2000)}END`;
    const character = {
      ...ilka,
      supporterStatement: `You are Ilka Brandt. ${'You like boats. '.repeat(300)}`,
    };
    const fitted = await fitPrompt({
      format: characterchat,
      input: inputOf({ character, turns: [...talk(4), seeker(last)] }),
      route: routeOf(1000, signs()),
    });
    const prompt = textOf(fitted.request);
    expect(fitted).toMatchObject({ floor: true, droppedTurns: 4 });
    expect(prompt).toMatch(
      /^<SYSTEM>You are Ilka Brandt\. (You like boats\. )*You like boats\.<SEEKER>START [^<]* … [^<]*END<SUPPORTER>\[INFO-\]$/,
    );
    expect(prompt.length).toBeGreaterThan((1000 - 256 - 8) * 0.5);
  });

  it('lowers max_tokens so that prompt and reply fit the window together', async () => {
    const fitted = await fitPrompt({ format: chat, input: inputOf(), route: routeOf(256, tokenEstimate) });
    expect(fitted.request.body.max_tokens).toBe(128);
    const wanted = await fitPrompt({
      format: chat,
      input: inputOf(),
      route: routeOf(9000, tokenEstimate),
      replyTokens: 77,
    });
    expect(wanted.request.body.max_tokens).toBe(77);
  });

  it('keeps to a part of the budget when the server said it was too long', async () => {
    const input = inputOf({ turns: talk(81) });
    const options = { format: characterchat, input, route: routeOf(2000, signs()) };
    const [first, second] = [
      await fitPrompt(options),
      await fitPrompt({ ...options, tighter: tighterShare }),
    ];
    expect(second.promptTokens).toBeLessThanOrEqual((2000 - 256 - 8) * tighterShare);
    expect(second.droppedTurns).toBeGreaterThan(first.droppedTurns);
  });

  it('says so when a window cannot hold even the frame', async () => {
    await expect(
      fitPrompt({ format: characterchat, input: inputOf(), route: routeOf(20, signs()) }),
    ).rejects.toMatchObject({
      code: 'RAPPORT_E_CONTEXT_OVERFLOW',
      details: { window: 20, route: 'test' },
    });
  });

  const words = fc.oneof(fc.lorem({ maxCount: 200 }), fc.string({ unit: 'grapheme', maxLength: 300 }));
  const turns = fc.array(
    fc.record({
      speaker: fc.constantFrom('seeker' as const, 'supporter' as const),
      action: fc.constantFrom('speaking' as const, 'thinking' as const),
      text: words,
    }),
    { maxLength: 24 },
  );
  it.each(promptFormatNames)('always fits, with the last message and in order (%s)', async (name) => {
    await fc.assert(
      fc.asyncProperty(
        turns,
        words,
        words,
        fc.integer({ min: 128, max: 1500 }),
        fc.boolean(),
        async (before, statement, last, window, exact) => {
          const marked = before.map((turn, index) => ({ ...turn, text: `§${index}§${turn.text}` }));
          const character = { ...hypatia, supporterStatement: `${statement}.` };
          const input = inputOf({
            character,
            turns: [...marked, seeker(`Zz${last}`)],
            goal: 'talk about music.',
            memories: [{ aspect: 'hobby', text: statement }],
          });
          const counter: TokenCounter = exact
            ? { exact: true, count: async (text) => Math.ceil(text.length / 3) }
            : tokenEstimate;
          const fitted = await fitPrompt({
            format: promptFormats[name],
            input,
            route: routeOf(window, counter),
          });
          expect(fitted.promptTokens + Number(fitted.request.body.max_tokens)).toBeLessThanOrEqual(window);
          const text = textOf(fitted.request);
          expect(text).toContain('Zz');
          const order = [...text.matchAll(/§(\d+)§/g)].map(([, n]) => Number(n));
          expect(order).toEqual([...order].sort((a, b) => a - b));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('token estimate', () => {
  // Token counts of these texts by the LLaMA-1 and GPT-2 vocabularies, the larger of the two.
  it.each([
    ['I am so tired, I do not know what to do about my job.', 16],
    ['Я очень устал.', 16],
    ['我今天很难过', 11],
    ['👩‍👩‍👧‍👦', 19],
    ['12345 67.89', 11],
    ['WHY DOES NOBODY LISTEN', 11],
  ])('is not below the real count of %j', (text, real) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(real);
    expect(tokenEstimate.exact).toBe(false);
  });

  it('grows with the text and never says zero for a sign', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }), (text) => {
        expect(estimateTokens(`${text}x`)).toBeGreaterThan(0);
        expect(estimateTokens(text.repeat(4))).toBeGreaterThanOrEqual(estimateTokens(text));
      }),
    );
  });
});
