import { describe, expect, it } from 'vitest';
import { fitPrompt } from '../../src/prompting/budget.js';
import { promptFormat, promptFormatNames } from '../../src/prompting/prompt-formats.js';
import type { PromptInput } from '../../src/prompting/prompt-input.js';
import { forSmallModel } from '../../src/prompting/small-model.js';
import { tokenEstimate } from '../../src/prompting/token-estimate.js';
import { build, hypatia, inputOf, routeOf, seeker, supporter, textOf } from './fixture.js';

const turns = [seeker('hello'), supporter('Good evening.'), seeker('how was your day?')];
const note = /somebody under 18 may read this/i;

describe.each(promptFormatNames)('what is kept from minors in the format %s', (format) => {
  const of = (input: PromptInput): string => textOf(build(format, input));

  it('is said once, also beside what care asks for', () => {
    for (const care of [false, true]) {
      const text = of(inputOf({ turns, minor: true, care }));
      expect(text.match(new RegExp(note, 'gi'))).toHaveLength(1);
      expect(text).toMatch(/romantic|romance/);
      expect(text).toMatch(/sexual/);
      expect(/helplines were just shown/i.test(text)).toBe(care);
    }
  });

  it('stands in no other prompt', () => {
    const usual = of(inputOf({ turns }));
    expect(usual).not.toMatch(note);
    expect(of(inputOf({ turns, minor: false }))).toBe(usual);
  });

  it('stays where nearly everything has to go', async () => {
    const long = inputOf({
      character: hypatia,
      minor: true,
      turns: [
        ...Array.from({ length: 40 }, () => [seeker('x '.repeat(200)), supporter('y')]).flat(),
        ...turns,
      ],
    });
    expect(of(forSmallModel(long))).toMatch(note);
    for (const window of [2_048, 512, 360]) {
      const { request } = await fitPrompt({
        format: promptFormat(format),
        input: long,
        route: routeOf(window, tokenEstimate, { sampling: { max_tokens: 32 } }),
      });
      expect(textOf(request)).toMatch(note);
    }
  });
});
