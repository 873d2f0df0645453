import { describe, expect, it } from 'vitest';
import { deliver } from '../../src/delivery/deliver.js';
import { notes, Setting, words } from './setting.js';

const waiting = { typing: true, placeholderAfterMs: 700 };

describe('a reply that lets itself be waited for', () => {
  it('shows typing at once and a placeholder after its time, which the text replaces', async () => {
    const setting = new Setting({ capabilities: waiting });
    const result = await setting.clock.until(deliver(setting.options([[5_000, 'Here I am.']])));
    expect(result).toMatchObject({ text: 'Here I am.', status: 'complete' });
    expect(setting.platform.calls).toMatchObject([
      { verb: 'post', at: 700, text: notes.placeholder, final: false },
      { verb: 'edit', text: 'Here I am.' },
    ]);
    expect(setting.platform.visible).toEqual(['Here I am.']);
    expect(setting.platform.typings[0]).toBe(0);
  });

  it('keeps typing while there is no text, and no longer', async () => {
    const setting = new Setting({ capabilities: waiting });
    await setting.clock.until(deliver(setting.options([[20_000, 'Late.'], ...words(20, 1_000)])));
    expect(setting.platform.typings).toEqual([0, 8_000, 16_000]);
  });

  it('posts no placeholder where the pace of the platform has no room for one', async () => {
    const setting = new Setting({ capabilities: waiting });
    const adapter = Object.assign(setting.platform, { allowsPost: () => setting.clock.elapsed() > 3_000 });
    await setting.clock.until(
      deliver(
        setting.options(
          [
            [2_000, 'Here'],
            [2_000, ' I am.'],
          ],
          { adapter },
        ),
      ),
    );
    expect(setting.platform.calls[0]).toMatchObject({ verb: 'post', text: 'Here' });
    expect(setting.platform.visible).toEqual(['Here I am.']);
    expect(setting.platform.typings[0]).toBe(0);
  });

  it('posts no placeholder when the text comes first', async () => {
    const setting = new Setting({ capabilities: waiting });
    await setting.clock.until(deliver(setting.options([[600, 'Soon enough.']])));
    expect(setting.platform.calls.map(({ text }) => text)).not.toContain(notes.placeholder);
    expect(setting.platform.visible).toEqual(['Soon enough.']);
  });

  it('puts the apology in the place of the placeholder', async () => {
    const setting = new Setting({ capabilities: waiting });
    await setting.clock.until(deliver(setting.options([[3_000, new TypeError('boom')]])));
    expect(setting.platform.visible).toEqual([notes.failure]);
  });

  it('leaves no placeholder standing when the reply is stopped without a word to say so', async () => {
    const setting = new Setting({ capabilities: waiting });
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const reply = deliver(setting.options([], { text: never, notes: { ...notes, stopped: '' } }));
    await setting.clock.advance(1_000);
    expect(setting.platform.visible).toEqual([notes.placeholder]);
    setting.stop.abort();
    await setting.clock.until(reply);
    expect(setting.platform.visible).toEqual(['—']);
  });

  it('goes on without a platform that refuses the placeholder for a while', async () => {
    const setting = new Setting({ capabilities: waiting });
    setting.platform.failNext('post', { retryAfterMs: 2_000 });
    await setting.clock.until(deliver(setting.options([[5_000, 'Still here.']])));
    expect(setting.platform.visible).toEqual(['Still here.']);
  });
});

describe('the last message of a reply', () => {
  const endings = (setting: Setting): boolean[] => setting.platform.messages.map(({ last }) => last);

  it('is marked, and only that one', async () => {
    const setting = new Setting({ capabilities: { maxChars: 100 } });
    await setting.clock.until(deliver(setting.options(words(40, 50))));
    expect(setting.platform.messages.length).toBeGreaterThan(2);
    expect(endings(setting)).toEqual(setting.platform.messages.map((_, n, all) => n === all.length - 1));
  });

  it('is marked also where it was full, and left, before the text ended', async () => {
    const setting = new Setting({ capabilities: { messageMaxAgeMs: 10_000 } });
    const script = [[0, 'All that I have to say. '] as const, [9_000, ' '] as const];
    await setting.clock.until(deliver(setting.options(script)));
    expect(setting.platform.visible).toEqual(['All that I have to say.']);
    expect(endings(setting)).toEqual([true]);
  });
});
