import { describe, expect, it } from 'vitest';
import { fitPrompt } from '../../src/prompting/budget.js';
import { promptFormat, promptFormatNames } from '../../src/prompting/prompt-formats.js';
import type { PromptInput } from '../../src/prompting/prompt-input.js';
import { forSmallModel } from '../../src/prompting/small-model.js';
import { tokenEstimate } from '../../src/prompting/token-estimate.js';
import { build, hypatia, inputOf, routeOf, seeker, supporter, textOf } from './fixture.js';

const turns = [seeker('hello'), supporter('Good evening.'), seeker('thanks. it is a bit better')];
const note = /helplines were just shown/i;

describe.each(promptFormatNames)('the note of care in the format %s', (format) => {
  const of = (input: PromptInput): string => textOf(build(format, input));

  it('stands in it once while an alarm has not eased, and asks for gentleness and people', () => {
    const text = of(inputOf({ turns, care: true }));
    expect(text.match(new RegExp(note, 'gi'))).toHaveLength(1);
    expect(text).toMatch(/gentle and serious/);
    expect(text).toMatch(/people who can help/);
  });

  it('stands in no other prompt', () => {
    const usual = of(inputOf({ turns }));
    expect(usual).not.toMatch(note);
    expect(of(inputOf({ turns, care: false }))).toBe(usual);
  });

  it('stays where the oldest turns, or all but persona and message, have to go', async () => {
    const long = inputOf({
      character: hypatia,
      care: true,
      turns: [
        ...Array.from({ length: 40 }, () => [seeker('x '.repeat(200)), supporter('y')]).flat(),
        ...turns,
      ],
    });
    const shorter = promptFormat(format).dropOldest(long);
    expect(shorter && of(shorter)).toMatch(note);
    expect(of(forSmallModel(long))).toMatch(note);
    for (const window of [2_048, 512, 320]) {
      const { request } = await fitPrompt({
        format: promptFormat(format),
        input: long,
        route: routeOf(window, tokenEstimate, { sampling: { max_tokens: 32 } }),
      });
      expect(textOf(request)).toMatch(note);
    }
  });
});
