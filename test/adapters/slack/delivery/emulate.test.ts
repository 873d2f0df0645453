import { WebClient } from '@slack/web-api';
import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SlackAddress, slackAddress } from '../../../../adapters/slack/address.js';
import { SlackSender } from '../../../../adapters/slack/delivery/slack-sender.js';
import { systemClock } from '../../../../src/clock.js';
import type { OutgoingMessage } from '../../../../src/delivery/adapter.js';
import { readRefusal } from '../../../../src/delivery/refusal.js';
import { silentLogger } from '../../../../src/telemetry/logger.js';
import { freePort } from '../../../doubles/slack/free-port.js';
import { words } from './setting.js';

// The package `emulate` is a Slack that nobody here wrote. It has no streams: replies are posted and edited.
let emulator: Emulator;
let client: WebClient;
let address: SlackAddress;
let sender: SlackSender;

beforeAll(async () => {
  emulator = await createEmulator({
    service: 'slack',
    port: await freePort(),
    seed: { slack: { users: [{ name: 'ada' }], channels: [{ name: 'general' }] } },
  });
  client = new WebClient('xoxb-anything', {
    slackApiUrl: `${emulator.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
  const { channels } = await client.conversations.list({});
  const channel = channels?.find(({ name }) => name === 'general')?.id ?? '';
  const { ts = '' } = await client.chat.postMessage({ channel, text: 'hello?' });
  address = slackAddress({ team: 'T000000001', channel, user: 'U000000001', thread: ts, message: ts });
  sender = new SlackSender({
    clients: { of: async () => client },
    clock: systemClock,
    logger: silentLogger,
    words,
    avatarUrl: '',
    streaming: true,
    editIntervalMs: 0,
    appendIntervalMs: 0,
    onStopped: () => undefined,
  });
});

afterAll(() => emulator.close());

const message = (text: string, end = false): OutgoingMessage => ({
  text,
  speaker: { name: 'Mara' },
  kind: 'reply',
  final: end,
  last: end,
  turnId: 'slack:T000000001:C1#1',
  sessionId: 'slack:T000000001:C1',
});

async function shown(): Promise<{ readonly text: unknown; readonly blocks: readonly unknown[] }[]> {
  const { messages = [] } = await client.conversations.replies({
    channel: address.channel,
    ts: address.thread,
  });
  return messages.slice(1).map(({ text, blocks = [] }) => ({ text, blocks: blocks.map(({ type }) => type) }));
}

describe('a reply on another Slack', () => {
  it('is posted in its thread, found by its nonce, edited and ended', async () => {
    const receipt = await sender.post(address, message('One'), 'nonce1');
    expect(await shown()).toEqual([{ text: 'One', blocks: ['markdown', 'actions'] }]);
    expect(await sender.findReceipt(address, 'nonce1')).toMatchObject({
      platformMessageId: receipt.platformMessageId,
    });
    expect(await sender.findReceipt(address, 'nonce2')).toBeNull();
    await sender.edit(address, receipt, message('One two'));
    await sender.edit(address, receipt, message('One two.', true));
    expect(await shown()).toEqual([{ text: 'One two.', blocks: ['markdown', 'context_actions', 'actions'] }]);
    expect(await sender.findReceipt(address, 'nonce1')).not.toBeNull();
  });

  it('that was deleted is refused for good', async () => {
    const receipt = await sender.post(address, message('Gone soon'), 'nonce3');
    await client.chat.delete({ channel: address.channel, ts: receipt.platformMessageId });
    const refused = await sender
      .edit(address, receipt, message('Gone', true))
      .catch((thrown: unknown) => thrown);
    expect(readRefusal(refused)).toMatchObject({ reason: 'message_not_found', permanent: true });
  });
});
