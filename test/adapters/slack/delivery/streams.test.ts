import { afterEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../../src/delivery/deliver.js';
import { notes, refusal, Setting, type SettingOptions } from './setting.js';

let setting: Setting;

async function set(options: SettingOptions = {}): Promise<Setting> {
  setting = await Setting.start(options);
  return setting;
}

afterEach(() => setting.close());

describe('a reply as a stream', () => {
  it('opens with the name, the face and a stop button, grows, and ends with feedback and regenerate', async () => {
    await set();
    const { sender, address } = setting;
    const receipt = await sender.post(address, setting.message('Once'), 'nonce1');
    expect(setting.shown).toMatchObject([
      {
        text: 'Once',
        name: 'Mara',
        iconUrl: 'https://faces.test/1f33f.png',
        buttons: ['Stop'],
        streaming: true,
      },
    ]);
    await sender.edit(address, receipt, setting.message('Once upon'));
    expect(setting.shown).toMatchObject([{ text: 'Once upon', streaming: true }]);
    await sender.edit(address, receipt, setting.message('Once upon a time.', { final: true, last: true }));
    await sender.settled();
    expect(setting.shown).toMatchObject([
      {
        text: 'Once upon a time.',
        name: 'Mara',
        buttons: ['positive', 'negative', 'Regenerate'],
        streaming: false,
        edited: false,
      },
    ]);
    expect(setting.sent).toEqual(['startStream', 'appendStream', 'stopStream', 'update']);
  });

  it('names its recipient outside direct messages', async () => {
    await set({ inChannel: true });
    await setting.sender.post(setting.address, setting.message('Hi'), 'nonce1');
    expect(setting.slack.calls('chat.startStream')[0]?.args).toMatchObject({
      recipient_user_id: setting.ada.id,
      recipient_team_id: setting.slack.team.id,
    });
    expect(setting.shown).toMatchObject([{ text: 'Hi', streaming: true }]);
  });

  it('does not show the fence that a growing code block is closed with', async () => {
    await set();
    const { sender, address } = setting;
    const receipt = await sender.post(address, setting.message('```js\nlet a\n```'), 'nonce1');
    await sender.edit(address, receipt, setting.message('```js\nlet a = 1;\n```'));
    expect(setting.shown[0]?.text).toBe('```js\nlet a = 1;');
    await sender.edit(address, receipt, setting.message('```js\nlet a = 1;\n```\nDone.', { final: true }));
    expect(setting.shown[0]?.text).toBe('```js\nlet a = 1;\n```\nDone.');
    expect(setting.sent.slice(0, 3)).toEqual(['startStream', 'appendStream', 'stopStream']);
  });

  it('is ended and edited when its past has changed', async () => {
    await set();
    const { sender, address } = setting;
    const receipt = await sender.post(address, setting.message('…'), 'nonce1');
    await sender.edit(address, receipt, setting.message('Here I am.'));
    expect(setting.shown).toMatchObject([{ text: 'Here I am.', streaming: false, buttons: ['Stop'] }]);
    await sender.edit(address, receipt, setting.message('Here I am. At last.', { final: true, last: true }));
    expect(setting.shown).toMatchObject([
      { text: 'Here I am. At last.', buttons: ['positive', 'negative', 'Regenerate'] },
    ]);
  });

  it('is edited once Slack has ended it', async () => {
    await set();
    const { sender, address, slack } = setting;
    const receipt = await sender.post(address, setting.message('Still'), 'nonce1');
    const { stream } = slack.messageBy(receipt.platformMessageId);
    if (stream) stream.state = 'completed';
    await sender.edit(address, receipt, setting.message('Still here'));
    await sender.edit(address, receipt, setting.message('Still here.', { final: true, last: true }));
    expect(setting.shown).toMatchObject([
      { text: 'Still here.', buttons: ['positive', 'negative', 'Regenerate'] },
    ]);
  });

  it('is stopped by the button of Slack as by ours', async () => {
    await set();
    const { sender, address, slack } = setting;
    const receipt = await sender.post(address, setting.message('I go on'), 'nonce1');
    slack.stopStream(slack.messageBy(receipt.platformMessageId));
    await sender.edit(address, receipt, setting.message('I go on and on'));
    expect(setting.stopped).toEqual([`${setting.session} ${setting.session}#1`]);
    await sender.edit(
      address,
      receipt,
      setting.message('I go on and on\n\n(stopped)', { final: true, last: true }),
    );
    expect(setting.shown).toMatchObject([{ text: 'I go on and on\n\n(stopped)' }]);
  });

  it('comes without a stop button where streams take no blocks, and is found all the same', async () => {
    await set();
    setting.slack.events.refusesBlockChunks = true;
    const { sender, address } = setting;
    const receipt = await sender.post(address, setting.message('Plain'), 'nonce1');
    expect(setting.shown).toMatchObject([{ text: 'Plain', buttons: [], streaming: true }]);
    expect(await setting.anotherSender().findReceipt(address, 'nonce1')).toMatchObject({
      platformMessageId: receipt.platformMessageId,
    });
    expect(await sender.findReceipt(address, 'nonce2')).toBeNull();
    await sender.edit(address, receipt, setting.message('Plain.', { final: true, last: true }));
    expect(setting.sent).toEqual(['startStream', 'startStream', 'stopStream']);
    expect(setting.shown[0]?.buttons).toEqual(['positive', 'negative', 'Regenerate']);
  });

  it('whose append has an unknown fate is ended and edited, so that no word stands twice', async () => {
    for (const fault of ['drop', 'cut'] as const) {
      await set();
      const { sender, address, slack } = setting;
      const receipt = await sender.post(address, setting.message('One'), 'nonce1');
      slack.faults[fault]('chat.appendStream');
      const failed = await refusal(sender.edit(address, receipt, setting.message('One two')));
      expect(failed).toMatchObject({ ambiguous: true, permanent: false });
      await sender.edit(address, receipt, setting.message('One two three'));
      expect(setting.shown).toMatchObject([{ text: 'One two three', streaming: false }]);
      if (fault === 'drop') await setting.close();
    }
  });

  it('whose end has an unknown fate stands whole after the next try', async () => {
    for (const fault of ['drop', 'cut'] as const) {
      await set();
      const { sender, address, slack } = setting;
      const receipt = await sender.post(address, setting.message('One'), 'nonce1');
      slack.faults[fault]('chat.stopStream');
      const end = setting.message('One two.', { final: true, last: true });
      expect(await refusal(sender.edit(address, receipt, end))).toMatchObject({ ambiguous: true });
      await sender.edit(address, receipt, end);
      expect(setting.shown).toMatchObject([
        { text: 'One two.', streaming: false, buttons: ['positive', 'negative', 'Regenerate'] },
      ]);
      if (fault === 'drop') await setting.close();
    }
  });

  it('shows its last words although its end has to wait', async () => {
    await set();
    const { sender, address, slack } = setting;
    const receipt = await sender.post(address, setting.message('One'), 'nonce1');
    slack.faults.rateLimit('chat.stopStream', 7);
    const end = setting.message('One two.', { final: true, last: true });
    expect(await refusal(sender.edit(address, receipt, end))).toMatchObject({
      retryAfterMs: 7_000,
      ambiguous: false,
    });
    expect(setting.shown).toMatchObject([{ text: 'One two.', streaming: true }]);
  });
});

describe('through the engine', () => {
  it('a reply streams in pieces', async () => {
    await set({ fakeTime: true });
    const script = Array.from({ length: 30 }, (_, n) => [100, `word${n} `] as const);
    const result = await setting.until(deliver(setting.delivery(script)));
    await setting.until(setting.sender.settled());
    expect(result.status).toBe('complete');
    expect(setting.shown).toMatchObject([
      { text: result.text.trim(), buttons: ['positive', 'negative', 'Regenerate'], streaming: false },
    ]);
    expect(setting.sent).toEqual([
      'startStream',
      ...setting.sent.filter((method) => method === 'appendStream'),
      'stopStream',
      'update',
    ]);
    expect(setting.sent.length).toBeGreaterThan(5);
  });

  it('says what the notes say when the model breaks off', async () => {
    await set({ fakeTime: true });
    async function* broken(): AsyncGenerator<string> {
      yield 'I was about to say';
      throw new TypeError('boom');
    }
    await setting.until(deliver(setting.delivery([], { text: broken() })));
    await setting.until(setting.sender.settled());
    expect(setting.shown.map(({ text }) => text)).toEqual([`I was about to say\n\n${notes.interrupted}`]);
  });

  it('ends with the note of a reply that was stopped, whoever stopped it', async () => {
    await set({ fakeTime: true });
    const reply = deliver(
      setting.delivery(Array.from({ length: 30 }, (_, n) => [200, `word${n} `] as const)),
    );
    await setting.settles(reply, 2_000);
    setting.stop.abort();
    const { status, text } = await setting.until(reply);
    await setting.until(setting.sender.settled());
    expect(status).toBe('stopped');
    const [shown, ...others] = setting.shown.map((seen) => seen.text.split(/\s+/).join(' '));
    expect([shown, others]).toEqual([`${text.trim()} ${notes.stopped}`, []]);
  });
});
