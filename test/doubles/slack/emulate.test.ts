import type { KnownBlock, ModalView } from '@slack/types';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './free-port.js';
import { type SlackDouble, startSlack } from './slack.js';

/** One place where the same calls are made: our double, or the independent Slack Web API of the package `emulate`. */
interface Place {
  readonly name: string;
  readonly client: WebClient;
  readonly channel: string;
  readonly user: string;
  trigger(): Promise<string>;
}

let slack: SlackDouble;
let emulator: Emulator;
const places: Place[] = [];

beforeAll(async () => {
  slack = await startSlack();
  const ada = slack.user('ada');
  const general = slack.channel('general', [ada]);
  places.push({
    name: 'our double',
    client: new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } }),
    channel: general.id,
    user: ada.id,
    trigger: async () => String(slack.command(ada, general, '/x').payload.trigger_id),
  });
  const port = await freePort();
  emulator = await createEmulator({
    service: 'slack',
    port,
    seed: {
      slack: { users: [{ name: 'ada' }], channels: [{ name: 'general' }], bots: [{ name: 'rapport' }] },
    },
  });
  const client = new WebClient('xoxb-anything', {
    slackApiUrl: `${emulator.url}/api/`,
    retryConfig: { retries: 0 },
  });
  const { channels } = await client.conversations.list({});
  const { members } = await client.users.list({});
  places.push({
    name: 'emulate',
    client,
    channel: channels?.find(({ name }) => name === 'general')?.id ?? '',
    user: members?.find(({ name }) => name === 'ada')?.id ?? '',
    trigger: async () => {
      const answer = await fetch(`${emulator.url}/api/views.generateTriggerId`, {
        method: 'POST',
        headers: { authorization: 'Bearer xoxb-anything' },
      });
      return String(((await answer.json()) as { trigger_id: string }).trigger_id);
    },
  });
});

afterAll(async () => {
  await emulator.close();
  await slack.close();
});

async function errorOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof WebAPIPlatformError) return String(thrown.data.error);
    throw thrown;
  }
}

/** What a script makes of each place must be the same. */
async function same(script: (place: Place) => Promise<unknown>): Promise<unknown> {
  const results: unknown[] = [];
  for (const place of places) results.push(await script(place));
  expect(results[0]).toEqual(results[1]);
  return results[0];
}

const blocks: KnownBlock[] = [
  { type: 'markdown', text: '**hello**' },
  {
    type: 'actions',
    block_id: 'rapport:nonce1',
    elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' }, value: 'x' }],
  },
];
const metadata = { event_type: 'rapport_reply', event_payload: { nonce: 'nonce1' } };
const view: ModalView = {
  type: 'modal',
  callback_id: 'form',
  title: { type: 'plain_text', text: 'A form' },
  blocks: [{ type: 'section', text: { type: 'plain_text', text: 'Hello' } }],
};

describe('our double and another Slack agree', () => {
  it('on posts, with blocks, metadata and threads', async () => {
    const result = await same(async ({ client, channel }) => {
      const root = await client.chat.postMessage({ channel, text: 'root' });
      const thread_ts = root.ts ?? '';
      const { ts, message } = await client.chat.postMessage({
        channel,
        text: 'hello',
        blocks,
        metadata,
        thread_ts,
      });
      const { messages } = await client.conversations.replies({
        channel,
        ts: thread_ts,
        include_all_metadata: true,
      });
      const found = messages?.find((reply) => reply.ts === ts);
      return {
        sameThread: message?.thread_ts === thread_ts,
        text: found?.text,
        metadata: found?.metadata,
        blockIds: found?.blocks?.slice(1).map(({ block_id: id }) => id),
      };
    });
    expect(result).toMatchObject({ text: 'hello', metadata, blockIds: ['rapport:nonce1'], sameThread: true });
  });

  it('on updates and deletions', async () => {
    const result = await same(async ({ client, channel }) => {
      const { ts = '' } = await client.chat.postMessage({ channel, text: 'one', blocks });
      const updated = await client.chat.update({ channel, ts, text: 'two' });
      const { messages } = await client.conversations.history({ channel, limit: 1 });
      await client.chat.delete({ channel, ts });
      return {
        same: updated.ts === ts,
        text: messages?.[0]?.text,
        again: await errorOf(client.chat.update({ channel, ts, text: 'three' })),
        gone: await errorOf(client.chat.delete({ channel, ts })),
      };
    });
    expect(result).toEqual({
      same: true,
      text: 'two',
      again: 'message_not_found',
      gone: 'message_not_found',
    });
  });

  it('on what is refused', async () => {
    const result = await same(async ({ client, channel }) => [
      await errorOf(client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' })),
      await errorOf(client.chat.update({ channel, ts: '1.000001', text: 'x' })),
      await errorOf(client.chat.postEphemeral({ channel, user: 'U0STRANGER', text: 'x' })),
    ]);
    expect(result).toEqual(['channel_not_found', 'message_not_found', 'user_not_found']);
  });

  it('on modals and the Home tab', async () => {
    const result = await same(async ({ client, user, trigger }) => {
      const opened = await client.views.open({ trigger_id: await trigger(), view });
      const view_id = opened.view?.id ?? '';
      const changed = { ...view, callback_id: 'changed' };
      const updated = await client.views.update({ view_id, view: changed });
      const stale = await errorOf(client.views.update({ view_id, view, hash: 'stale' }));
      const home = { type: 'home' as const, blocks: view.blocks };
      const published = await client.views.publish({ user_id: user, view: home });
      return {
        opened: [opened.view?.type, opened.view?.callback_id, opened.view?.root_view_id === view_id],
        updated: [
          updated.view?.id === view_id,
          updated.view?.callback_id,
          updated.view?.hash !== opened.view?.hash,
        ],
        stale,
        invented: await errorOf(client.views.open({ trigger_id: '1.2', view })),
        published: published.view?.type,
      };
    });
    expect(result).toEqual({
      opened: ['modal', 'form', true],
      updated: [true, 'changed', true],
      stale: 'hash_conflict',
      invented: 'invalid_trigger_id',
      published: 'home',
    });
  });

  it('on files', async () => {
    const result = await same(async ({ client, channel }) => {
      await client.files.uploadV2({
        channel_id: channel,
        filename: 'export.json',
        content: '{}',
        initial_comment: 'yours',
      });
      const { messages } = await client.conversations.history({ channel, limit: 1 });
      const [file] = messages?.[0]?.files ?? [];
      const response = await fetch(String(file?.url_private), {
        headers: { authorization: `Bearer ${String(client.token)}` },
      });
      return { text: messages?.[0]?.text, name: file?.name, bytes: await response.text() };
    });
    expect(result).toEqual({ text: 'yours', name: 'export.json', bytes: '{}' });
  });
});
