import { describe, expect, it } from 'vitest';
import { RapportError } from '../../config/errors.js';
import { deliver } from '../../src/delivery/deliver.js';
import { nonceOf } from '../../src/delivery/nonce.js';
import { messageId } from '../../src/ids.js';
import { settled } from '../doubles/fake-clock.js';
import { notes, type Script, Setting, said, words } from './setting.js';

const died = new RapportError('RAPPORT_E_MODEL_INTERRUPTED', { reason: 'connection reset' });

describe('streaming by edits', () => {
  it('posts the first delta at once and ends with the exact text', async () => {
    const setting = new Setting();
    const script: Script = [
      [300, 'Hi'],
      [50, ' there'],
      [50, ', friend'],
      [2000, '.'],
    ];
    const result = await setting.clock.until(deliver(setting.options(script)));
    expect(setting.platform.calls.map(({ verb, at, text, final }) => [verb, at, text, final])).toEqual([
      ['post', 300, 'Hi', false],
      ['edit', 1300, 'Hi there, friend', false],
      ['edit', 2400, 'Hi there, friend.', true],
    ]);
    expect(result).toMatchObject({ text: 'Hi there, friend.', status: 'complete' });
    expect(result.segments).toMatchObject([{ segment: 0, receipt: { platformMessageId: 'm1' } }]);
    expect(setting.clock.timers).toBe(0);
  });

  it('writes the intent before the post, the receipt after it and the final text before the last edit', async () => {
    const setting = new Setting();
    const order: string[] = [];
    setting.store.gate = async (what, after) => void (after && order.push(what));
    setting.platform.gate = async (verb, after) => void (!after && order.push(verb));
    await setting.clock.until(
      deliver(
        setting.options([
          [10, 'One'],
          [3000, ' two'],
          [3000, ' three'],
        ]),
      ),
    );
    expect(order).toEqual(['intend', 'post', 'receipt', 'edit', 'intend', 'edit']);
    expect(setting.store.writes.at(-1)).toEqual({
      what: 'intend',
      segment: 0,
      text: 'One two three',
      final: true,
    });
    expect(setting.store.pending[0]).toMatchObject({
      nonce: nonceOf(setting.context.turnId, messageId('q1'), 0),
      covers: ['q1'],
    });
  });

  it('sends a reply that is ready at once as one final post', async () => {
    const setting = new Setting();
    await setting.clock.until(
      deliver(
        setting.options(
          [
            [0, 'All'],
            [0, ' of it.'],
          ],
          { limits: { firstFlushMs: 20 } },
        ),
      ),
    );
    expect(setting.platform.calls).toMatchObject([{ verb: 'post', text: 'All of it.', final: true }]);
  });

  it('keeps edits apart, one call at a time, the newest text winning', async () => {
    const setting = new Setting({ latencyMs: 700, capabilities: { minEditIntervalMs: 500 } });
    let open = 0;
    let most = 0;
    setting.platform.gate = async (_verb, after) => {
      open += after ? -1 : 1;
      most = Math.max(most, open);
    };
    const script = words(100, 40);
    await setting.clock.until(deliver(setting.options(script)));
    const times = setting.platform.calls.map((call) => call.at);
    for (const [n, at] of times.entries())
      if (n > 0) expect(at - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(500);
    expect(most).toBe(1);
    expect(setting.platform.visible).toEqual([said(script)]);
  });

  it('flushes by size before the flush time is over', async () => {
    const setting = new Setting({ capabilities: { minEditIntervalMs: 100 } });
    const script: Script = [
      [0, 'a'],
      [50, 'b'],
      [150, 'c'.repeat(50)],
      [2000, 'd'],
    ];
    await setting.clock.until(
      deliver(setting.options(script, { limits: { flushMs: 1000, flushChars: 50 } })),
    );
    expect(setting.platform.calls.map((call) => call.at)).toEqual([0, 200, 2200]);
  });

  it('lets the first word wait for company where asked to', async () => {
    const setting = new Setting();
    const script: Script = [
      [10, 'I'],
      [20, ' am'],
      [500, ' here'],
    ];
    await setting.clock.until(deliver(setting.options(script, { limits: { firstFlushMs: 100 } })));
    expect(setting.platform.calls[0]).toMatchObject({ at: 110, text: 'I am' });
  });

  it('shares the bucket of the channel with other replies, and none starves', async () => {
    const setting = new Setting({ capabilities: { rate: { burst: 2, refillMs: 400 } } });
    const scripts = [words(30, 100, 'a'), words(30, 100, 'b'), words(30, 100, 'c')];
    const replies = scripts.map((script, n) =>
      deliver(setting.options(script, { turnId: `s${n}#1` as typeof setting.context.turnId })),
    );
    await setting.clock.until(Promise.all(replies));
    expect([...setting.platform.visible].sort()).toEqual(scripts.map(said));
    const times = setting.platform.calls.map((call) => call.at);
    for (const [n, at] of times.entries()) expect(n + 1).toBeLessThanOrEqual(2 + Math.floor(at / 400));
  });

  it('waits for no timer while the model is silent', async () => {
    const setting = new Setting();
    const gates: (() => void)[] = [];
    async function* slow(): AsyncGenerator<string> {
      yield 'Hm';
      await new Promise<void>((resolve) => gates.push(resolve));
      yield ', well';
    }
    const reply = deliver(setting.options([], { text: slow() }));
    await setting.clock.advance(5000);
    expect(setting.clock.timers).toBe(0);
    gates.forEach((open) => {
      open();
    });
    await setting.clock.until(reply);
    expect(setting.platform.visible).toEqual(['Hm, well']);
  });

  it('rolls over to new messages at the limit, each with its own intent', async () => {
    const setting = new Setting({ capabilities: { maxChars: 80, minEditIntervalMs: 100 } });
    const script: Script = [[0, 'Code:\n```js\n'], ...words(20, 60, 'f();\nx'), [60, '\n```\nThat was it.']];
    const result = await setting.clock.until(deliver(setting.options(script)));
    const shown = setting.platform.visible;
    expect(shown.length).toBeGreaterThan(1);
    for (const text of shown) expect((text.match(/```/g) ?? []).length % 2).toBe(0);
    expect(result.segments.map(({ segment }) => segment)).toEqual(shown.map((_, n) => n));
    expect(setting.platform.messages.every((message) => message.final)).toBe(true);
    expect(setting.store.pending.map((row) => [row.text, row.final])).toEqual(
      shown.map((text) => [text, true]),
    );
    const finals = setting.store.writes.filter((write) => write.what === 'intend' && write.final);
    expect(finals.map((write) => write.segment)).toEqual(shown.map((_, n) => n).reverse());
  });

  it('rolls over before a message is too old to be edited', async () => {
    const setting = new Setting({ capabilities: { messageMaxAgeMs: 10_000 } });
    const script = words(100, 250);
    await setting.clock.until(deliver(setting.options(script)));
    expect(setting.platform.messages).toHaveLength(3);
    const posts = setting.platform.calls.filter((call) => call.verb === 'post');
    expect(posts.map((call) => call.at)).toEqual([250, 9250, 18_250]);
    expect(setting.platform.visible.join(' ')).toBe(said(script));
    expect(setting.platform.messages.every((message) => message.final)).toBe(true);
  });
});

describe('a notice', () => {
  it('is posted and stored as one', async () => {
    const setting = new Setting();
    await setting.clock.until(deliver(setting.options([[0, 'Help is near.']], { kind: 'notice' })));
    expect(setting.platform.messages).toMatchObject([{ kind: 'notice', text: 'Help is near.' }]);
    expect(setting.store.pending).toMatchObject([{ kind: 'notice' }]);
  });
});

describe('a platform without edits', () => {
  it('posts whole messages: full ones at once, the last at the end', async () => {
    const setting = new Setting({ capabilities: { canEdit: false, maxChars: 60 } });
    const script = words(20, 100);
    await setting.clock.until(deliver(setting.options(script)));
    expect(setting.platform.calls.every((call) => call.verb === 'post' && call.final)).toBe(true);
    expect(setting.platform.calls[0]?.at).toBeLessThan(1200);
    expect(setting.platform.visible.join(' ')).toBe(said(script));
    expect(setting.store.pending.every((row) => row.final && row.receipt)).toBe(true);
  });
});

describe('replies that do not end well', () => {
  it('keeps what had arrived and says that it broke off', async () => {
    const setting = new Setting();
    const result = await setting.clock.until(
      deliver(
        setting.options([
          [0, 'I think'],
          [10, ' that'],
          [10, died],
        ]),
      ),
    );
    expect(result).toMatchObject({ text: 'I think that', status: 'interrupted', error: died });
    expect(setting.platform.visible).toEqual([`I think that\n\n${notes.interrupted}`]);
  });

  it('closes an open code block before the note', async () => {
    const setting = new Setting();
    await setting.clock.until(
      deliver(
        setting.options([
          [0, '```js\nf('],
          [10, died],
        ]),
      ),
    );
    expect(setting.platform.visible).toEqual([`\`\`\`js\nf(\n\`\`\`\n\n${notes.interrupted}`]);
  });

  it('posts a notice when nothing came, whatever was thrown', async () => {
    const setting = new Setting();
    const result = await setting.clock.until(deliver(setting.options([[50, new TypeError('boom')]])));
    expect(result).toMatchObject({ text: '', status: 'interrupted' });
    expect(result.error?.code).toBe('RAPPORT_E_MODEL_INTERRUPTED');
    expect(setting.platform.messages).toMatchObject([{ text: notes.failure, kind: 'notice', final: true }]);
    expect(setting.store.pending).toMatchObject([{ kind: 'notice', text: notes.failure, final: true }]);
  });

  it('takes a reply of white space for no reply', async () => {
    const setting = new Setting();
    const failure = (error: RapportError): string => `Sorry: ${error.code}`;
    const options = setting.options(
      [
        [0, ' \n'],
        [5, '  '],
      ],
      { notes: { ...notes, failure } },
    );
    const result = await setting.clock.until(deliver(options));
    expect(result).toMatchObject({ text: '', status: 'interrupted' });
    expect(setting.platform.visible).toEqual(['Sorry: RAPPORT_E_MODEL_EMPTY']);
  });

  it('stops at the stop button with what is there', async () => {
    const setting = new Setting();
    const reply = deliver(setting.options(words(50, 100)));
    await setting.clock.advance(1050);
    setting.stop.abort();
    const result = await setting.clock.until(reply);
    expect(result).toMatchObject({ status: 'stopped', text: said(words(10, 0)) });
    expect(setting.platform.visible).toEqual([`${said(words(10, 0))}\n\n${notes.stopped}`]);
    expect(setting.store.pending.every((row) => row.final)).toBe(true);
  });

  it('stops although the stream ignores the signal, and says so when nothing had come', async () => {
    const setting = new Setting();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) };
    const reply = deliver(setting.options([], { text: never }));
    await settled();
    setting.stop.abort();
    expect(await setting.clock.until(reply)).toMatchObject({
      status: 'stopped',
      text: '',
      segments: [{ segment: 0 }],
    });
    expect(setting.platform.messages).toMatchObject([{ kind: 'notice', text: notes.stopped }]);
  });

  it('stays silent when stopped before the first word without a note', async () => {
    const setting = new Setting();
    setting.stop.abort();
    const result = await deliver(setting.options([[0, 'x']], { notes: { ...notes, stopped: '' } }));
    expect(result).toEqual({ text: '', segments: [], status: 'stopped' });
    expect(setting.platform.calls).toEqual([]);
  });
});
