import { type APIMessageTopLevelComponent, ComponentType } from 'discord-api-types/v10';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  box,
  message,
  messageTextUnits,
  notice,
  plain,
  quoted,
  shorten,
  small,
  text,
} from '../../../../adapters/discord/interactions/message-body.js';

describe('text for Discord', () => {
  it('shows the signs of Markdown as they were typed', () => {
    expect(plain('**bold** <@1> [a](b) `c` ~~d~~ ||e||')).toBe(
      '\\*\\*bold\\*\\* \\<@1\\> \\[a\\](b) \\`c\\` \\~\\~d\\~\\~ \\|\\|e\\|\\|',
    );
    expect(plain('# big\n- list\n1. one\n3.14')).toBe('\\# big\n\\- list\n\\1. one\n3.14');
  });

  it('is quoted and small line by line', () => {
    expect(quoted('a\n\nb')).toBe('> a\n> \n> b');
    expect(small('a\n\nb')).toBe('-# a\n\n-# b');
  });

  it('is shortened to what fits, never within a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 60 }), (long, units) => {
        const short = shorten(long, units);
        expect(short.length).toBeLessThanOrEqual(units);
        if (long.isWellFormed()) expect(short.isWellFormed()).toBe(true);
        if (long.length <= units) expect(short).toBe(long);
      }),
    );
  });
});

describe('a message of components', () => {
  const textsOf = (components: readonly APIMessageTopLevelComponent[]): string[] =>
    components.flatMap((component) => {
      if (component.type === ComponentType.TextDisplay) return [component.content];
      if (component.type === ComponentType.Container)
        return textsOf(component.components as APIMessageTopLevelComponent[]);
      return [];
    });

  it('holds no more text than Discord takes, and no empty text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3_000 }), { maxLength: 8 }), (parts) => {
        const { components } = message(box(...parts.map(text)), ...parts.map(text));
        const texts = textsOf(components);
        expect(texts.join('').length).toBeLessThanOrEqual(messageTextUnits);
        expect(texts.every((one) => one.trim() !== '')).toBe(true);
      }),
    );
  });

  it('pings nobody', () => {
    expect(notice('<@1> @everyone').allowed_mentions).toEqual({ parse: [] });
  });
});
