import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../fake-clock.js';
import { quiet } from './quiet.js';
import { type Channel, type SlackDouble, startSlack, type User } from './slack.js';

let slack: SlackDouble;
let clock: FakeClock;
let client: WebClient;
let ada: User;
let dm: Channel;

beforeEach(async () => {
  clock = new FakeClock();
  slack = await startSlack({ clock });
  client = clientWith(slack.botToken);
  ada = slack.user('ada');
  dm = slack.dm(ada);
});

afterEach(() => slack.close());

function clientWith(token: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 4_000,
    logger: quiet,
  });
}

/** The `error` a call is refused with, or how else it ended. */
async function errorOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof WebAPIPlatformError) return String(thrown.data.error);
    if (thrown instanceof WebAPIRateLimitedError) return `429 after ${thrown.retryAfter} s`;
    if (thrown instanceof WebAPIHTTPError) return `status ${thrown.statusCode}`;
    return 'no answer';
  }
}

const markdown = (text: string): { type: 'markdown_text'; text: string } => ({ type: 'markdown_text', text });

describe('tokens and scopes', () => {
  it('says who a token is, and what it may', async () => {
    const answer = await client.auth.test();
    expect(answer).toMatchObject({
      team_id: slack.team.id,
      user_id: slack.team.botUser,
      bot_id: slack.team.botId,
    });
    expect(answer.response_metadata?.scopes).toContain('chat:write');
  });

  it('names the scope that is missing', async () => {
    slack.scopes({ without: ['chat:write.customize'] });
    const call = client.chat.postMessage({ channel: dm.id, text: 'hi', username: 'Mara' });
    await expect(call).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'chat:write.customize' },
    });
    expect(await errorOf(client.chat.postMessage({ channel: dm.id, text: 'hi' }))).toBe('ok');
  });

  it('refuses tokens that are unknown, revoked, of another kind or of nobody', async () => {
    expect(await errorOf(clientWith('xoxb-nobody').auth.test())).toBe('invalid_auth');
    expect(await errorOf(clientWith('').auth.test())).toBe('not_authed');
    expect(await errorOf(clientWith(slack.appToken).chat.postMessage({ channel: dm.id, text: 'hi' }))).toBe(
      'not_allowed_token_type',
    );
    await client.auth.revoke();
    expect(await errorOf(client.auth.test())).toBe('token_revoked');
    slack.uninstall();
    expect(await errorOf(clientWith(slack.install(slack.team)).auth.test())).toBe('ok');
  });

  it('does not know a method that does not exist', async () => {
    expect(await errorOf(client.apiCall('chat.shout'))).toBe('unknown_method');
  });

  it('reads JSON as well as forms', async () => {
    const response = await fetch(`${slack.apiUrl}chat.postMessage`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        authorization: `Bearer ${slack.botToken}`,
      },
      body: JSON.stringify({ channel: dm.id, text: 'as JSON', blocks: [{ type: 'divider' }] }),
    });
    expect(await response.json()).toMatchObject({ ok: true, channel: dm.id });
  });
});

describe('messages', () => {
  it('are posted, updated, deleted', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: dm.id, text: 'one' });
    await client.chat.update({ channel: dm.id, ts, text: 'two' });
    expect(slack.whatUsersSee(dm)).toMatchObject([{ text: 'two', edited: true, byApp: true }]);
    await client.chat.delete({ channel: dm.id, ts });
    expect(slack.whatUsersSee(dm)).toEqual([]);
    expect(await errorOf(client.chat.update({ channel: dm.id, ts, text: 'three' }))).toBe(
      'message_not_found',
    );
  });

  it('show what their blocks say, and are not marked as edited by blocks', async () => {
    const blocks = [
      { type: 'markdown' as const, text: '**bold**' },
      {
        type: 'actions' as const,
        block_id: 'mine',
        elements: [
          { type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } },
        ],
      },
    ];
    const { ts = '' } = await client.chat.postMessage({ channel: dm.id, text: 'bold', blocks });
    await client.chat.update({ channel: dm.id, ts, text: 'bold', blocks });
    expect(slack.whatUsersSee(dm)).toMatchObject([
      { text: '**bold**', buttons: ['Go'], actions: ['go'], edited: false },
    ]);
    const [kept] = slack.messageBy(ts).blocks;
    expect(kept?.block_id).not.toBe('mine');
    expect(slack.messageBy(ts).blocks[1]?.block_id).toBe('mine');
  });

  it('keep their metadata for those who ask', async () => {
    const metadata = { event_type: 'noted', event_payload: { n: 'nonce' } };
    const { ts = '' } = await client.chat.postMessage({ channel: dm.id, text: 'one', metadata });
    await client.chat.update({ channel: dm.id, ts, text: 'two' });
    const asked = await client.conversations.history({ channel: dm.id, include_all_metadata: true });
    expect(asked.messages?.[0]?.metadata).toEqual(metadata);
    const plain = await client.conversations.history({ channel: dm.id });
    expect(plain.messages?.[0]?.metadata).toBeUndefined();
  });

  it('tell whom they call', async () => {
    await client.chat.postMessage({ channel: dm.id, text: `<@${ada.id}> and <!channel>, not &lt;!here&gt;` });
    expect(slack.whatUsersSee(dm)[0]?.pings).toEqual([`@${ada.id}`, '!channel']);
  });

  it.each<[string, (channel: Channel) => Promise<unknown>]>([
    ['channel_not_found', () => client.chat.postMessage({ channel: 'C0NOWHERE', text: 'hi' })],
    ['no_text', (channel) => client.chat.postMessage({ channel: channel.id, text: '' })],
    ['msg_too_long', (channel) => client.chat.postMessage({ channel: channel.id, text: 'x'.repeat(40_001) })],
    [
      'msg_too_long',
      (channel) => client.chat.postMessage({ channel: channel.id, markdown_text: 'x'.repeat(12_001) }),
    ],
    [
      'msg_blocks_too_long',
      (channel) =>
        client.chat.postMessage({
          channel: channel.id,
          text: 'x',
          blocks: [{ type: 'markdown', text: 'x'.repeat(12_001) }],
        }),
    ],
    [
      'invalid_blocks',
      (channel) =>
        client.chat.postMessage({
          channel: channel.id,
          text: 'x',
          blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }],
        }),
    ],
    [
      'markdown_text_conflict',
      (channel) => client.apiCall('chat.postMessage', { channel: channel.id, text: 'a', markdown_text: 'b' }),
    ],
    [
      'cant_update_message',
      (channel) => client.chat.update({ channel: channel.id, ts: theirs(channel), text: 'mine' }),
    ],
    ['cant_delete_message', (channel) => client.chat.delete({ channel: channel.id, ts: theirs(channel) })],
    [
      'user_not_in_channel',
      (channel) =>
        client.chat.postEphemeral({ channel: channel.id, user: slack.user('eve').id, text: 'psst' }),
    ],
    [
      'thread_not_found',
      (channel) => client.chat.postMessage({ channel: channel.id, text: 'x', thread_ts: '1.000001' }),
    ],
  ])('%s', async (error, call) => {
    expect(await errorOf(call(dm))).toBe(error);
  });

  const theirs = (channel: Channel): string => slack.say(ada, channel, 'mine').message.ts;

  it('are refused where the app may not write', async () => {
    const outside = slack.channel('outside', [ada], { bot: false });
    const secret = slack.channel('secret', [ada], { kind: 'private', bot: false });
    const old = slack.channel('old', [ada]);
    old.archived = true;
    const quiet = slack.channel('quiet', [ada]);
    quiet.refusesPosts = 'restricted_action';
    const errors = [outside, secret, old, quiet].map(({ id }) =>
      errorOf(client.chat.postMessage({ channel: id, text: 'hi' })),
    );
    expect(await Promise.all(errors)).toEqual([
      'not_in_channel',
      'channel_not_found',
      'is_archived',
      'restricted_action',
    ]);
  });

  it('cannot be edited once the window has closed', async () => {
    slack.events.editWindowMs = 60_000;
    const { ts = '' } = await client.chat.postMessage({ channel: dm.id, text: 'one' });
    await clock.advance(60_001);
    expect(await errorOf(client.chat.update({ channel: dm.id, ts, text: 'two' }))).toBe('edit_window_closed');
  });

  it('are seen by one person only where they are ephemeral', async () => {
    const general = slack.channel('general', [ada]);
    await client.chat.postEphemeral({ channel: general.id, user: ada.id, text: 'psst' });
    expect(slack.whatUsersSee(general)).toEqual([]);
    expect(slack.whatUsersSee(general, { as: ada })).toMatchObject([{ text: 'psst', ephemeralTo: ada.id }]);
  });

  it('stand in threads, page by page', async () => {
    const { message } = slack.say(ada, dm, 'root');
    for (let n = 0; n < 5; n += 1)
      slack.cloud.addMessage(dm, { user: ada.id, text: `line ${n}`, threadTs: message.ts });
    const texts: (string | undefined)[] = [];
    let cursor = '';
    do {
      const options = { channel: dm.id, ts: message.ts, limit: 2, ...(cursor ? { cursor } : {}) };
      const page = await client.conversations.replies(options);
      texts.push(...(page.messages ?? []).map(({ text }) => text));
      cursor = page.response_metadata?.next_cursor ?? '';
    } while (cursor !== '');
    expect(texts).toEqual(['root', 'line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
  });
});

describe('streams', () => {
  async function start(text = 'one'): Promise<string> {
    const { message } = slack.say(ada, dm, 'tell me');
    const answer = await client.chat.startStream({
      channel: dm.id,
      thread_ts: message.ts,
      chunks: [markdown(text)],
    });
    return answer.ts ?? '';
  }

  it('take text for five minutes, however busy they are', async () => {
    const ts = await start();
    for (let minute = 0; minute < 4; minute += 1) {
      await clock.advance(60_000);
      await client.chat.appendStream({ channel: dm.id, ts, chunks: [markdown('.')] });
    }
    await clock.advance(59_999);
    await client.chat.appendStream({ channel: dm.id, ts, chunks: [markdown('!')] });
    await clock.advance(1);
    const more = { channel: dm.id, ts, chunks: [markdown('?')] };
    expect(await errorOf(client.chat.appendStream(more))).toBe('message_not_in_streaming_state');
    expect(await errorOf(client.chat.stopStream(more))).toBe('message_not_in_streaming_state');
    expect(slack.replies(dm)).toMatchObject([{ text: 'one....!', streaming: false }]);
    expect(await errorOf(client.chat.update({ channel: dm.id, ts, markdown_text: 'rescued' }))).toBe('ok');
    expect(slack.replies(dm)).toMatchObject([{ text: 'rescued' }]);
  });

  it('refuse edits and deletion while they run', async () => {
    const ts = await start();
    expect(await errorOf(client.chat.update({ channel: dm.id, ts, text: 'x' }))).toBe(
      'streaming_state_conflict',
    );
    expect(await errorOf(client.chat.delete({ channel: dm.id, ts }))).toBe('cant_delete_message');
  });

  it('keep to the mode they began in, and to 12,000 characters', async () => {
    const ts = await start();
    expect(await errorOf(client.chat.appendStream({ channel: dm.id, ts, markdown_text: 'x' }))).toBe(
      'streaming_mode_mismatch',
    );
    const long = { channel: dm.id, ts, chunks: [markdown('x'.repeat(11_998))] };
    expect(await errorOf(client.chat.appendStream(long))).toBe('msg_too_long');
    expect(await errorOf(client.chat.appendStream({ ...long, chunks: [markdown('x'.repeat(11_997))] }))).toBe(
      'ok',
    );
  });

  it('stop with buttons and metadata, which others read', async () => {
    const ts = await start();
    const metadata = { event_type: 'noted', event_payload: { n: 'x' } };
    await client.chat.stopStream({ channel: dm.id, ts, metadata, blocks: [{ type: 'divider' }] });
    const { messages } = await client.conversations.replies({
      channel: dm.id,
      ts: slack.messageBy(ts).threadTs ?? '',
      include_all_metadata: true,
    });
    expect(messages?.at(-1)).toMatchObject({ ts, metadata, streaming_state: 'completed', text: 'one' });
  });

  it('need a thread, and outside direct messages a recipient', async () => {
    expect(await errorOf(client.apiCall('chat.startStream', { channel: dm.id, markdown_text: 'x' }))).toBe(
      'invalid_thread_ts',
    );
    const general = slack.channel('general', [ada]);
    const { message } = slack.say(ada, general, 'hello');
    const options = { channel: general.id, thread_ts: message.ts, markdown_text: 'x' };
    expect(await errorOf(client.chat.startStream(options))).toBe('missing_recipient_team_id');
    const team = { ...options, recipient_team_id: slack.team.id };
    expect(await errorOf(client.chat.startStream(team))).toBe('missing_recipient_user_id');
    expect(await errorOf(client.chat.startStream({ ...team, recipient_user_id: ada.id }))).toBe('ok');
  });

  it('end when a person stops them', async () => {
    const ts = await start();
    slack.stopStream(slack.messageBy(ts));
    expect(await errorOf(client.chat.appendStream({ channel: dm.id, ts, chunks: [markdown('x')] }))).toBe(
      'stopped_by_user',
    );
  });
});

describe('the pace', () => {
  it('is one post a second in a channel, after a short burst', async () => {
    const post = (): Promise<string> => errorOf(client.chat.postMessage({ channel: dm.id, text: 'x' }));
    for (let n = 0; n < 5; n += 1) expect(await post()).toBe('ok');
    expect(await post()).toBe('429 after 1 s');
    const other = slack.dm(slack.user('bob'));
    expect(await errorOf(client.chat.postMessage({ channel: other.id, text: 'x' }))).toBe('ok');
    await clock.advance(1_000);
    expect(await post()).toBe('ok');
  });

  it('is fifty updates a minute in a workspace', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: dm.id, text: 'x' });
    const update = (): Promise<string> => errorOf(client.chat.update({ channel: dm.id, ts, text: 'y' }));
    for (let n = 0; n < 50; n += 1) expect(await update()).toBe('ok');
    await clock.advance(20_000);
    expect(await update()).toBe('429 after 40 s');
    await clock.advance(40_000);
    expect(await update()).toBe('ok');
  });

  it('is of no interest where it is switched off', async () => {
    slack.rates.enabled = false;
    for (let n = 0; n < 10; n += 1)
      expect(await errorOf(client.chat.postMessage({ channel: dm.id, text: 'x' }))).toBe('ok');
  });
});

describe('faults', () => {
  const post = (): Promise<string> => errorOf(client.chat.postMessage({ channel: dm.id, text: 'x' }));

  it('happen once each, in their order', async () => {
    slack.faults.refuse('chat.postMessage', 'fatal_error');
    slack.faults.status('chat.postMessage', 503);
    slack.faults.rateLimit('chat.postMessage', 9);
    expect([await post(), await post(), await post(), await post()]).toEqual([
      'fatal_error',
      'status 503',
      '429 after 9 s',
      'ok',
    ]);
    expect(slack.replies(dm)).toHaveLength(1);
  });

  it('lose the call or only its answer', async () => {
    slack.faults.cut('chat.postMessage');
    expect([await post(), slack.replies(dm).length]).toEqual(['no answer', 0]);
    slack.faults.drop('chat.postMessage');
    expect([await post(), slack.replies(dm).length]).toEqual(['no answer', 1]);
    slack.faults.hang('chat.postMessage', { after: true });
    expect([await post(), slack.replies(dm).length]).toEqual(['no answer', 2]);
  });

  it('are noted with everything else', async () => {
    slack.faults.refuse('*', 'internal_error');
    await post();
    await post();
    expect(slack.calls('chat.postMessage').map(({ answer }) => answer?.ok)).toEqual([false, true]);
  });
});

describe('the assistant', () => {
  it('shows a status until the app posts', async () => {
    const { message } = slack.say(ada, dm, 'hello');
    const thread = { channel_id: dm.id, thread_ts: message.ts };
    await client.assistant.threads.setStatus({
      ...thread,
      status: 'is thinking…',
      loading_messages: ['a', 'b'],
    });
    expect([...slack.team.statuses.values()]).toMatchObject([
      { status: 'is thinking…', loadingMessages: ['a', 'b'] },
    ]);
    await client.chat.postMessage({ channel: dm.id, thread_ts: message.ts, text: 'hi' });
    expect(slack.team.statuses.size).toBe(0);
  });

  it('takes up to four prompts, and ignores those for a thread', async () => {
    const prompt = (title: string): { title: string; message: string } => ({ title, message: title });
    const four = ['a', 'b', 'c', 'd'].map(prompt);
    const { message } = slack.say(ada, dm, 'hello');
    await client.assistant.threads.setSuggestedPrompts({
      channel_id: dm.id,
      thread_ts: message.ts,
      prompts: four,
    });
    expect(slack.team.prompts.size).toBe(0);
    await client.assistant.threads.setSuggestedPrompts({ channel_id: dm.id, prompts: four });
    expect(slack.team.prompts.get(dm.id)?.prompts).toHaveLength(4);
    const five = client.assistant.threads.setSuggestedPrompts({
      channel_id: dm.id,
      prompts: [...four, prompt('e')],
    });
    expect(await errorOf(five)).toBe('too_many_prompts');
  });
});
