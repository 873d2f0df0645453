import { describe, expect, it } from 'vitest';
import { promptFormat, promptFormatNames } from '../../src/prompting/prompt-formats.js';
import { forSmallModel } from '../../src/prompting/small-model.js';
import { build, clean, inputOf, seeker, textOf } from './fixture.js';

const begun = 'I was going to say</s> that';

describe.each(promptFormatNames)('a reply that has begun, in the format %s (issue 14, C.3)', (format) => {
  const input = inputOf({ turns: [seeker('hello')], begun });
  const text = textOf(build(format, input));

  it('stands behind the message it answers, where the model goes on', () => {
    const at = text.indexOf('I was going to say‹/s> that');
    expect(at).toBeGreaterThan(text.indexOf('hello'));
    expect(textOf(build(format, forSmallModel(input)))).toContain('I was going to say');
    expect(textOf(build(format, promptFormat(format).floor(input, 120)))).toContain('that');
  });

  it('is not said again', () => {
    const header = format === 'character-llm' ? 'speaking): ' : '';
    const cleaner = promptFormat(format).cleaner(input);
    expect(clean(cleaner, [header, 'i was going ', 'to say</s> that', ' it passes.'])).toBe('it passes.');
    const other = promptFormat(format).cleaner(input);
    expect(clean(other, [header, 'I was ', 'young then.'])).toBe('I was young then.');
  });
});
