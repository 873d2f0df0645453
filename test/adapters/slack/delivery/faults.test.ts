import { afterEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../../src/delivery/deliver.js';
import { resumeDelivery } from '../../../../src/delivery/resume.js';
import { emptiedText } from '../../../../src/delivery/segment-sender.js';
import { type Script, Setting, type SettingOptions } from './setting.js';

let setting: Setting;
afterEach(() => setting.close());

async function set(options: SettingOptions = {}): Promise<Setting> {
  setting = await Setting.start({ fakeTime: true, ...options });
  return setting;
}

const words = (count: number, pauseMs: number, name = 'word'): Script =>
  Array.from({ length: count }, (_, n) => [pauseMs, `${name}${n} `] as const);
const said = (script: Script): string =>
  script
    .map(([, text]) => text)
    .join('')
    .trim();

/** The words in the thread, in order, without what an emptied message shows. */
const seen = (): string =>
  setting.shown
    .map(({ text }) => text)
    .filter((text) => text !== emptiedText)
    .join(' ');

describe('a long reply', () => {
  it('goes on in a new stream after four minutes, and none dies', async () => {
    await set();
    const script = words(300, 2_000);
    const result = await setting.until(deliver(setting.delivery(script)));
    await setting.until(setting.sender.settled());
    expect(result.status).toBe('complete');
    expect(seen()).toBe(said(script));
    const starts = setting.slack.calls('chat.startStream').map(({ at }) => at);
    expect(starts).toHaveLength(3);
    for (const [n, at] of starts.slice(1).entries()) {
      const before = starts[n] ?? 0;
      expect(at - before).toBeGreaterThan(235_000);
      expect(at - before).toBeLessThan(245_000);
    }
    expect(setting.slack.requests.filter(({ answer }) => answer?.ok === false)).toEqual([]);
    expect(setting.shown.map(({ buttons }) => buttons)).toEqual([
      [],
      [],
      ['positive', 'negative', 'Regenerate'],
    ]);
  });

  it('goes on in a new message at the length limit', async () => {
    await set();
    const script = words(3_000, 20);
    await setting.until(deliver(setting.delivery(script)));
    await setting.until(setting.sender.settled());
    expect(setting.shown.length).toBeGreaterThan(1);
    expect(setting.shown.every(({ text }) => text.length <= 12_000)).toBe(true);
    expect(seen()).toBe(said(script));
    expect(setting.slack.requests.filter(({ answer }) => answer?.ok === false)).toEqual([]);
  });

  it('keeps a code block that runs over both limits whole', async () => {
    await set();
    const lines = Array.from({ length: 700 }, (_, n) => [400, `const a${n} = ${n}; // a line\n`] as const);
    const script: Script = [[0, 'Look:\n```ts\n'], ...lines, [0, '```\nThat is it.']];
    await setting.until(deliver(setting.delivery(script)));
    await setting.until(setting.sender.settled());
    expect(setting.shown.length).toBeGreaterThan(1);
    for (const { text } of setting.shown) expect((text.match(/^```/gm) ?? []).length % 2).toBe(0);
    for (const [, line] of lines)
      expect(setting.shown.filter(({ text }) => text.includes(line.trim()))).toHaveLength(1);
  });

  it('from a slow model does not look frozen', async () => {
    await set();
    const script = words(20, 3_000);
    const reply = deliver(setting.delivery(script));
    await setting.settles(reply, 10_000);
    expect(setting.shown).toMatchObject([{ text: 'word0 word1 word2', streaming: true }]);
    await setting.until(reply);
  });
});

describe('many replies in one workspace', () => {
  it('stay within what Slack grants, and all arrive', async () => {
    await set();
    const { slack } = setting;
    const people = Array.from({ length: 200 }, (_, n) => slack.user(`person${n}`));
    const script = words(60, 250);
    const replies = people.map((person, n) => {
      const channel = slack.dm(person);
      const { message } = slack.say(person, channel, 'hello');
      const address = {
        ...setting.address,
        channel: channel.id,
        user: person.id,
        thread: message.ts,
        message: message.ts,
      };
      const turnId = `${setting.session}#${n + 1}` as ReturnType<typeof setting.delivery>['turnId'];
      return deliver(setting.delivery(script, { address, turnId }));
    });
    await setting.until(Promise.all(replies));
    expect(setting.clock.elapsed()).toBeLessThan(20_000);
    await setting.until(setting.sender.settled());
    for (const person of people) {
      const shown = slack.replies(slack.dm(person));
      expect(shown.map(({ text }) => text)).toEqual([said(script)]);
      expect(shown[0]?.buttons).toEqual(['positive', 'negative', 'Regenerate']);
    }
    const limited = slack.requests.filter(({ status }) => status === 429);
    expect(limited.length).toBeLessThan(slack.requests.length / 20);
    expect(slack.calls('chat.startStream').length).toBe(15);
  });
});

describe('an answer that is lost', () => {
  const script = words(12, 400);

  it.each([
    ['streamed', true],
    ['edited', false],
  ])('at any call costs neither a word nor a repetition: %s', async (_how, streaming) => {
    await set({ sender: { streaming } });
    await setting.until(deliver(setting.delivery(script)));
    await setting.until(setting.sender.settled());
    const calls = setting.sent.length;
    expect(calls).toBeGreaterThan(3);
    for (const fault of ['drop', 'cut', 'status'] as const) {
      for (let at = 0; at < calls; at += 1) {
        await setting.close();
        await set({ sender: { streaming } });
        let n = 0;
        setting.client.gate = async (method, after) => {
          if (after || !method.startsWith('chat.')) return;
          if (n === at) {
            if (fault === 'status') setting.slack.faults.status(method, 502);
            else setting.slack.faults[fault](method);
          }
          n += 1;
        };
        const { text } = await setting.until(deliver(setting.delivery(script)));
        await setting.until(setting.sender.settled());
        expect(text.trim(), `${fault} at call ${at}`).toBe(said(script));
        expect(seen(), `${fault} at call ${at}`).toBe(said(script));
      }
    }
  });
});

describe('a process that dies', () => {
  const before = words(10, 400, 'old');
  const again = words(14, 400, 'new');
  const never = new Promise<never>(() => undefined);

  /** From step `at` on, everything hangs. Returns how many steps there were. */
  function dieAt(at: number): () => number {
    let steps = 0;
    const gate = async (): Promise<void> => {
      steps += 1;
      if (steps >= at) await never;
    };
    setting.client.gate = gate;
    setting.store.gate = gate;
    return () => steps;
  }

  async function recovered(): Promise<string> {
    const taken = await resumeDelivery({
      ...setting.delivery([]),
      segments: setting.store.pending,
    });
    if (taken.outcome === 'delivered') return taken.text;
    return (await deliver(setting.delivery(again, { resume: taken.resume }))).text;
  }

  it.each([
    ['streamed', true],
    ['edited', false],
  ])('at any step leaves nothing lost and nothing said twice: %s', async (_how, streaming) => {
    await set({ sender: { streaming } });
    const steps = dieAt(Number.POSITIVE_INFINITY);
    await setting.until(deliver(setting.delivery(before)));
    await setting.until(setting.sender.settled());
    const all = steps();
    expect(all).toBeGreaterThan(15);
    let regenerated = 0;
    for (let at = 1; at <= all; at += 1) {
      await setting.close();
      await set({ sender: { streaming } });
      dieAt(at);
      await setting.settles(
        deliver(setting.delivery(before)).then(() => setting.sender.settled()),
        60_000,
      );
      setting.restart();
      dieAt(Number.POSITIVE_INFINITY);
      const text = (await setting.until(recovered())).trim();
      await setting.until(setting.sender.settled());
      expect([said(before), said(again)], `death at step ${at}`).toContain(text);
      expect(seen(), `death at step ${at}`).toBe(text);
      expect(
        setting.shown.some((message) => message.streaming),
        `death at step ${at}`,
      ).toBe(false);
      if (text === said(again)) regenerated += 1;
    }
    expect(regenerated).toBeGreaterThan(3);
    expect(regenerated).toBeLessThan(all);
  });
});

describe('a message that disappears', () => {
  it('in mid-stream is not repeated: the reply goes on in a fresh one', async () => {
    await set();
    const script = words(20, 500);
    const reply = deliver(setting.delivery(script));
    await setting.settles(reply, 4_000);
    const [first] = setting.shown;
    const shownBefore = first?.text ?? '';
    if (first) setting.slack.deleteMessage(setting.slack.messageBy(first.ts));
    await setting.until(reply);
    expect(shownBefore).not.toBe('');
    expect(`${shownBefore} ${seen()}`).toBe(said(script));
  });

  it('with its channel ends the delivery for good', async () => {
    await set({ inChannel: true });
    const reply = deliver(setting.delivery(words(20, 500)));
    await setting.settles(reply, 3_000);
    setting.place.members.delete(setting.slack.team.botUser);
    setting.place.archived = true;
    const [first] = setting.shown;
    if (first) setting.slack.deleteMessage(setting.slack.messageBy(first.ts));
    expect(await setting.settles(reply)).toBe(true);
    await expect(reply).rejects.toMatchObject({
      code: 'RAPPORT_E_DELIVERY_FAILED',
      details: { permanent: true },
    });
  });
});
