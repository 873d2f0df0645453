import { afterEach, describe, expect, it } from 'vitest';
import { refusal, Setting, type SettingOptions } from './setting.js';

let setting: Setting;

async function set(options: SettingOptions = {}): Promise<Setting> {
  setting = await Setting.start(options);
  return setting;
}

afterEach(() => setting.close());

describe('a reply that is posted and edited', () => {
  it('where streaming is off', async () => {
    await set({ sender: { streaming: false } });
    const { sender, address } = setting;
    const receipt = await sender.post(address, setting.message('Once'), 'nonce1');
    expect(setting.shown).toMatchObject([
      { text: 'Once', name: 'Mara', buttons: ['Stop'], streaming: false },
    ]);
    await sender.edit(address, receipt, setting.message('Once upon a time.', { final: true, last: true }));
    expect(setting.shown).toMatchObject([
      { text: 'Once upon a time.', buttons: ['positive', 'negative', 'Regenerate'], edited: false },
    ]);
    expect(setting.sent).toEqual(['postMessage', 'update']);
    expect(sender.capabilities.messageMaxAgeMs).toBeUndefined();
  });

  it.each(['channel_type_not_supported', 'missing_recipient_team_id', 'unknown_method'])(
    'where streaming is refused (%s), without asking again',
    async (error) => {
      await set();
      setting.place.refusesStreams = error;
      const { sender, address } = setting;
      await sender.post(address, setting.message('Hello'), 'nonce1');
      await sender.post(address, setting.message('Again'), 'nonce2');
      expect(setting.sent).toEqual(['startStream', 'postMessage', 'postMessage']);
    },
  );

  it('where it is complete at once, in one call', async () => {
    await set();
    await setting.sender.post(
      setting.address,
      setting.message('Yes.', { final: true, last: true }),
      'nonce1',
    );
    expect(setting.sent).toEqual(['postMessage']);
  });

  it('where too many streams begin', async () => {
    await set();
    setting.slack.faults.rateLimit('chat.startStream', 30);
    await setting.sender.post(setting.address, setting.message('Hello'), 'nonce1');
    expect(setting.shown).toMatchObject([{ text: 'Hello', streaming: false, buttons: ['Stop'] }]);
  });

  it('outside a thread', async () => {
    await set();
    await setting.sender.post({ ...setting.address, thread: '' }, setting.message('Flat'), 'nonce1');
    expect(setting.slack.replies(setting.place)).toMatchObject([
      { text: 'Flat', threadTs: null, streaming: false },
    ]);
  });

  it('under the name of the app where the token may show no other, stream or not', async () => {
    for (const streaming of [true, false]) {
      await set({ sender: { streaming } });
      setting.slack.scopes({ without: ['chat:write.customize'] });
      await setting.sender.post(setting.address, setting.message('Hello'), 'nonce1');
      expect(setting.shown).toMatchObject([{ text: 'Hello', name: 'rapport', streaming }]);
      if (streaming) await setting.close();
    }
  });

  it('without buttons where the workspace refuses them', async () => {
    await set({ sender: { streaming: false } });
    const { sender, address, slack } = setting;
    slack.faults.refuse('chat.postMessage', 'invalid_blocks');
    const receipt = await sender.post(address, setting.message('Words'), 'nonce1');
    slack.faults.refuse('chat.update', 'invalid_blocks');
    await sender.edit(address, receipt, setting.message('Words count.', { final: true, last: true }));
    expect(setting.shown).toMatchObject([{ text: 'Words count.', buttons: [] }]);
  });

  it('continues a stream of a process that died', async () => {
    await set();
    const receipt = await setting.sender.post(setting.address, setting.message('Before'), 'nonce1');
    const next = setting.anotherSender();
    await next.edit(setting.address, receipt, setting.message('Before and after'));
    await next.edit(
      setting.address,
      receipt,
      setting.message('Before and after.', { final: true, last: true }),
    );
    expect(setting.shown).toMatchObject([
      { text: 'Before and after.', streaming: false, buttons: ['positive', 'negative', 'Regenerate'] },
    ]);
  });
});

describe('a notice', () => {
  it('stands under the name of the app, without buttons, and is not streamed', async () => {
    await set();
    await setting.sender.post(setting.address, setting.message('I am an AI.', { kind: 'notice' }), 'nonce1');
    expect(setting.shown).toMatchObject([
      { text: 'I am an AI.', name: 'rapport', buttons: [], streaming: false },
    ]);
  });
});

describe('a message whose receipt was lost', () => {
  it.each([
    ['stream', true],
    ['post', false],
  ])('is found by its nonce: a %s', async (_what, streaming) => {
    await set({ sender: { streaming } });
    const { sender, address, slack } = setting;
    slack.faults.drop(streaming ? 'chat.startStream' : 'chat.postMessage');
    expect(await refusal(sender.post(address, setting.message('Hello'), 'nonce1'))).toMatchObject({
      ambiguous: true,
    });
    const found = await setting.anotherSender().findReceipt(address, 'nonce1');
    expect(found?.platformMessageId).toBe(setting.shown[0]?.ts);
    expect(await sender.findReceipt(address, 'nonce2')).toBeNull();
  });

  it('is found outside a thread and after its end', async () => {
    await set();
    const flat = { ...setting.address, thread: '' };
    await setting.sender.post(flat, setting.message('Flat.', { final: true, last: true }), 'nonce1');
    expect(await setting.sender.findReceipt(flat, 'nonce1')).not.toBeNull();
    const { address, sender } = setting;
    const receipt = await sender.post(address, setting.message('Threaded'), 'nonce2');
    await sender.edit(address, receipt, setting.message('Threaded.', { final: true, last: true }));
    await sender.settled();
    expect(await sender.findReceipt(address, 'nonce2')).toMatchObject({
      platformMessageId: receipt.platformMessageId,
    });
  });

  it('is found on a later page of a long thread', async () => {
    await set({ rates: false, sender: { streaming: false } });
    const { slack, place, asked, ada, sender, address } = setting;
    for (let n = 0; n < 450; n += 1)
      slack.cloud.addMessage(place, { user: ada.id, text: `line ${n}`, threadTs: asked.ts });
    const { platformMessageId } = await sender.post(address, setting.message('Late'), 'nonce1');
    expect(await sender.findReceipt(address, 'nonce1')).toMatchObject({ platformMessageId });
    expect(slack.calls('conversations.replies').length).toBe(3);
  });
});

describe('what Slack answers', () => {
  it.each([
    ['not_in_channel', { permanent: true }],
    ['channel_not_found', { permanent: true }],
    ['is_archived', { permanent: true }],
    ['restricted_action', { permanent: true }],
    ['account_inactive', { permanent: true }],
    ['token_revoked', { permanent: true }],
    ['internal_error', { permanent: false, ambiguous: true }],
    ['fatal_error', { permanent: false, ambiguous: true }],
    ['service_unavailable', { permanent: false, ambiguous: false }],
    ['ratelimited', { permanent: false, ambiguous: false }],
  ])('%s to a post is told to the core', async (error, expected) => {
    await set({ sender: { streaming: false } });
    setting.slack.faults.refuse('chat.postMessage', error);
    const failed = await refusal(setting.sender.post(setting.address, setting.message('Hello'), 'nonce1'));
    expect(failed).toMatchObject({ reason: error, ...expected });
  });

  it.each([
    ['message_not_found', { permanent: true }],
    ['cant_update_message', { permanent: true }],
    ['edit_window_closed', { permanent: true }],
    ['update_failed', { permanent: false }],
  ])('%s to an edit is told to the core', async (error, expected) => {
    await set({ sender: { streaming: false } });
    const { sender, address, slack } = setting;
    const receipt = await sender.post(address, setting.message('Hello'), 'nonce1');
    slack.faults.refuse('chat.update', error);
    const failed = await refusal(
      sender.edit(address, receipt, setting.message('Hello you', { final: true })),
    );
    expect(failed).toMatchObject({ reason: error, ...expected });
  });

  it('429 with its wait, and the method is not called again before', async () => {
    await set({ sender: { streaming: false } });
    setting.slack.faults.rateLimit('chat.postMessage', 12);
    const post = (nonce: string): Promise<unknown> =>
      setting.sender.post(setting.address, setting.message('Hello'), nonce);
    expect(await refusal(post('nonce1'))).toMatchObject({
      retryAfterMs: 12_000,
      permanent: false,
      ambiguous: false,
    });
    expect((await refusal(post('nonce1'))).retryAfterMs).toBeGreaterThan(10_000);
    expect(setting.sent).toEqual(['postMessage']);
  });

  it('nothing, a 5xx or a broken line: the fate is open', async () => {
    await set({ sender: { streaming: false }, timeoutMs: 200 });
    const { faults } = setting.slack;
    const post = (): Promise<unknown> =>
      setting.sender.post(setting.address, setting.message('Hi'), 'nonce1');
    faults.hang('chat.postMessage', { after: true });
    expect(await refusal(post())).toMatchObject({ ambiguous: true });
    faults.status('chat.postMessage', 503);
    expect(await refusal(post())).toMatchObject({ ambiguous: true });
    faults.cut('chat.postMessage');
    expect(await refusal(post())).toMatchObject({ ambiguous: true });
  });
});

describe('the status', () => {
  it('stands under the thread until the reply comes', async () => {
    await set();
    const { sender, address, slack } = setting;
    await sender.typing(address);
    const key = `${setting.place.id}/${setting.asked.ts}`;
    expect(slack.team.statuses.get(key)).toMatchObject({
      status: 'is thinking…',
      loadingMessages: ['Reading what you wrote…', 'Finding the words…'],
    });
    await sender.post(address, setting.message('Hello'), 'nonce1');
    expect(slack.team.statuses.size).toBe(0);
  });

  it('that arrives after the reply is taken back', async () => {
    await set();
    const { sender, address, slack } = setting;
    slack.faults.delay('assistant.threads.setStatus', 150);
    const typing = sender.typing(address);
    await slack.until(() => slack.calls('assistant.threads.setStatus').length > 0);
    await sender.post(address, setting.message('Hello'), 'nonce1');
    await typing;
    await slack.until(() => slack.calls('assistant.threads.setStatus').length === 2);
    await slack.until(() => slack.team.statuses.size === 0);
  });

  it('under a message that is answered below it is taken away by hand', async () => {
    await set();
    const flat = { ...setting.address, thread: '' };
    await setting.sender.typing(flat);
    expect(setting.slack.team.statuses.size).toBe(1);
    await setting.sender.post(flat, setting.message('Flat'), 'nonce1');
    await setting.slack.until(() => setting.slack.team.statuses.size === 0);
  });

  it('is not asked for again where it is refused', async () => {
    await set();
    setting.slack.faults.refuse('assistant.threads.setStatus', 'method_not_supported_for_channel_type');
    await expect(setting.sender.typing(setting.address)).rejects.toThrow();
    await setting.sender.typing(setting.address);
    expect(setting.slack.calls('assistant.threads.setStatus').length).toBe(1);
  });
});
