import { describe, expect, it } from 'vitest';
import { RapportError } from '../../config/errors.js';
import { deliver } from '../../src/delivery/deliver.js';
import { maxTries } from '../../src/delivery/segment-sender.js';
import { type Script, Setting, said, words } from './setting.js';

const lost = { ambiguous: true, accepted: true, reason: 'socket hang up' };

describe('posts that fail', () => {
  it('tries again with the newest text and the same nonce', async () => {
    const setting = new Setting();
    setting.platform.failNext('post');
    setting.platform.failNext('post');
    const script = words(30, 100);
    await setting.clock.until(deliver(setting.options(script)));
    const posts = setting.platform.calls.filter((call) => call.verb === 'post');
    expect(posts.map((call) => call.at)).toEqual([100, 600, 1600]);
    expect(posts.map((call) => call.text.length)).toEqual([5, 29, 94]);
    expect(setting.platform.visible).toEqual([said(script)]);
  });

  it('waits as long as the platform asks, with every reply of the channel', async () => {
    const setting = new Setting();
    setting.platform.failNext('post', { retryAfterMs: 4000 });
    const other = { ...setting.context, turnId: 's2#1' as typeof setting.context.turnId };
    const first = deliver(setting.options([[0, 'Hello']]));
    const second = deliver(setting.options([[100, 'Me too']], other));
    await setting.clock.until(Promise.all([first, second]));
    expect(
      setting.platform.calls
        .map((call) => call.at)
        .slice(1)
        .every((at) => at >= 4000),
    ).toBe(true);
    expect([...setting.platform.visible].sort()).toEqual(['Hello', 'Me too']);
  });

  it('does not post twice when only the answer was lost: nonce', async () => {
    const setting = new Setting();
    setting.platform.failNext('post', lost);
    await setting.clock.until(
      deliver(
        setting.options([
          [0, 'Once'],
          [600, ' only'],
        ]),
      ),
    );
    expect(setting.platform.visible).toEqual(['Once only']);
    expect(setting.platform.messages[0]?.final).toBe(true);
  });

  it('does not post twice when only the answer was lost: looked up', async () => {
    const setting = new Setting({ findReceipt: true, capabilities: { idempotentSend: false } });
    setting.platform.failNext('post', { accepted: true });
    setting.platform.failNext('find');
    await setting.clock.until(
      deliver(
        setting.options([
          [0, 'Once'],
          [600, ' only'],
        ]),
      ),
    );
    expect(setting.platform.calls.map((call) => call.verb)).toEqual(['post', 'find', 'find', 'edit']);
    expect(setting.platform.visible).toEqual(['Once only']);
  });

  it('takes an unknown exception for an open question', async () => {
    const setting = new Setting({ findReceipt: true, capabilities: { canEdit: false } });
    setting.platform.failNext('post', {
      accepted: true,
      thrown: new TypeError('undefined is not a function'),
    });
    await setting.clock.until(deliver(setting.options([[0, 'Once']])));
    expect(setting.platform.calls.map((call) => call.verb)).toEqual(['post', 'find']);
    expect(setting.platform.visible).toEqual(['Once']);
  });

  it('gives up after a bounded number of tries with the whole reply in the outbox', async () => {
    const setting = new Setting();
    for (let n = 0; n < maxTries; n += 1) setting.platform.failNext('post');
    const script = words(400, 100);
    const reply = deliver(setting.options(script));
    await expect(setting.clock.until(reply)).rejects.toMatchObject({
      code: 'RAPPORT_E_DELIVERY_FAILED',
      details: { platform: 'discord', reason: 'the test says no' },
    });
    expect(setting.platform.calls).toHaveLength(maxTries);
    expect(setting.store.pending.map((row) => row.text).join(' ')).toBe(said(script));
    expect(setting.store.pending.every((row) => row.final && row.receipt === null)).toBe(true);
  });

  it('does not try again what is forbidden', async () => {
    const setting = new Setting();
    setting.platform.failNext('post', { permanent: true, reason: 'Missing Permissions' });
    const reply = deliver(
      setting.options([
        [0, 'Can you'],
        [100, ' hear me?'],
      ]),
    );
    await expect(setting.clock.until(reply)).rejects.toMatchObject({ details: { permanent: true } });
    expect(setting.platform.calls).toHaveLength(1);
    expect(setting.store.pending).toMatchObject([{ text: 'Can you hear me?', final: true, receipt: null }]);
  });
});

describe('edits that fail', () => {
  it('backs off and sends newer text', async () => {
    const setting = new Setting({ capabilities: { minEditIntervalMs: 100 } });
    setting.platform.failNext('edit');
    setting.platform.failNext('edit', { retryAfterMs: 1500 });
    const script = words(40, 100);
    await setting.clock.until(deliver(setting.options(script)));
    expect(setting.platform.calls.slice(0, 4).map((call) => call.at)).toEqual([100, 200, 700, 2200]);
    expect(setting.platform.visible).toEqual([said(script)]);
  });

  it('says the rest in a fresh message when somebody deleted the first', async () => {
    const setting = new Setting();
    const reply = deliver(setting.options(words(30, 100)));
    await setting.clock.advance(1500);
    setting.platform.delete('m1');
    const result = await setting.clock.until(reply);
    const [gone, fresh] = setting.platform.messages;
    expect(`${gone?.text} ${fresh?.text}`).toBe(said(words(30, 100)));
    expect(fresh?.nonce).not.toBe(gone?.nonce);
    expect(setting.store.pending).toMatchObject([{ segment: 0, nonce: fresh?.nonce, text: fresh?.text }]);
    expect(result.segments).toMatchObject([{ segment: 0, receipt: { platformMessageId: 'm2' } }]);
    expect(result.text).toBe(said(words(30, 100)));
  });

  it('does so too when the deleted message was full', async () => {
    const setting = new Setting({ capabilities: { maxChars: 100 } });
    const reply = deliver(setting.options([[0, 'Hello '], ...words(40, 20)]));
    await setting.clock.advance(500);
    setting.platform.delete('m1');
    await setting.clock.until(reply);
    expect(setting.platform.visible.join(' ')).toBe(said(words(40, 20)));
  });

  it('says nothing more when the deleted message had shown everything', async () => {
    const setting = new Setting();
    const script: Script = [
      [0, 'Bye'],
      [3000, '\n'],
    ];
    const reply = deliver(setting.options(script));
    await setting.clock.advance(500);
    setting.platform.delete('m1');
    await setting.clock.until(reply);
    expect(setting.platform.messages).toHaveLength(1);
  });

  it('gives up when every fresh message is deleted at once', async () => {
    const setting = new Setting();
    setting.platform.gate = async (verb) => {
      if (verb === 'edit') for (const message of setting.platform.messages) message.deleted = true;
    };
    const reply = deliver(setting.options(words(200, 100)));
    await expect(setting.clock.until(reply)).rejects.toMatchObject({ code: 'RAPPORT_E_DELIVERY_FAILED' });
    expect(setting.platform.messages).toHaveLength(5);
  });
});

describe('what ends a delivery at once', () => {
  it('a lost lease: nothing more is sent', async () => {
    const setting = new Setting({ capabilities: { maxChars: 50 } });
    const gone = new RapportError('RAPPORT_E_LEASE_LOST', { id: 's1' });
    setting.store.gate = async (what, after) => {
      if (what === 'intend' && !after && setting.store.writes.length > 1) throw gone;
    };
    await expect(setting.clock.until(deliver(setting.options(words(100, 100))))).rejects.toBe(gone);
    expect(setting.platform.messages).toHaveLength(1);
    await setting.clock.advance(60_000);
    expect(setting.clock.timers).toBe(0);
  });

  it('a store that fails before the first post', async () => {
    const setting = new Setting();
    const down = new RapportError('RAPPORT_E_STORE_UNAVAILABLE', { reason: 'test' });
    setting.store.gate = async () => {
      throw down;
    };
    await expect(setting.clock.until(deliver(setting.options([[100, 'x']])))).rejects.toBe(down);
    expect(setting.platform.calls).toEqual([]);
  });

  it('being abandoned: rejects with the reason, the outbox stays for a resume', async () => {
    const setting = new Setting();
    const abandon = new AbortController();
    const reply = deliver(setting.options(words(100, 100), { abandon: abandon.signal }));
    await setting.clock.advance(1500);
    abandon.abort(new Error('shutting down'));
    await expect(setting.clock.until(reply)).rejects.toThrow('shutting down');
    const calls = setting.platform.calls.length;
    await setting.clock.advance(60_000);
    expect(setting.platform.calls).toHaveLength(calls);
    expect(setting.store.pending).toMatchObject([{ final: false, receipt: { platformMessageId: 'm1' } }]);
  });
});
