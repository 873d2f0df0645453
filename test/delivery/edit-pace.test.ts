import { describe, expect, it } from 'vitest';
import type { PlatformAdapter } from '../../src/delivery/adapter.js';
import { deliver } from '../../src/delivery/deliver.js';
import { Setting, words } from './setting.js';

describe('a platform that does not allow an edit just now', () => {
  it('is asked before every edit that is not final, and gets the whole text in the end', async () => {
    const setting = new Setting();
    let asked = 0;
    const adapter: PlatformAdapter = Object.assign(setting.platform, {
      allowsEdit: () => {
        asked += 1;
        return false;
      },
    });
    const result = await setting.clock.until(deliver(setting.options(words(60, 300), { adapter })));
    expect(asked).toBeGreaterThan(5);
    expect(setting.platform.calls.map(({ verb, final }) => ({ verb, final }))).toEqual([
      { verb: 'post', final: false },
      { verb: 'edit', final: true },
    ]);
    expect(setting.platform.visible).toEqual([result.text.trim()]);
  });

  it('shows nothing twice when the message is deleted while edits are held back', async () => {
    const setting = new Setting();
    const adapter: PlatformAdapter = Object.assign(setting.platform, { allowsEdit: () => false });
    const reply = deliver(setting.options(words(20, 300), { adapter }));
    await setting.clock.advance(3_000);
    setting.platform.delete('m1');
    const { text } = await setting.clock.until(reply);
    const posted = setting.platform.messages.map((message) => message.text).join(' ');
    expect(posted.split(/\s+/)).toEqual(text.trim().split(/\s+/));
  });

  it('nor a first post, and then posts the reply whole', async () => {
    const setting = new Setting();
    const asked: number[] = [];
    const adapter: PlatformAdapter = Object.assign(setting.platform, {
      allowsPost: () => {
        asked.push(setting.clock.elapsed());
        return false;
      },
    });
    const result = await setting.clock.until(deliver(setting.options(words(30, 100), { adapter })));
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.length).toBeLessThan(20);
    expect(setting.platform.calls).toMatchObject([{ verb: 'post', final: true, text: result.text.trim() }]);
  });

  it('for a while posts what has come as soon as it may', async () => {
    const setting = new Setting();
    const adapter: PlatformAdapter = Object.assign(setting.platform, {
      allowsPost: () => setting.clock.elapsed() > 1_500,
    });
    await setting.clock.until(deliver(setting.options(words(40, 100), { adapter })));
    const [first] = setting.platform.calls;
    expect(first).toMatchObject({ verb: 'post', final: false });
    expect(first?.at).toBeGreaterThan(1_500);
    expect(first?.at).toBeLessThan(3_000);
  });
});
