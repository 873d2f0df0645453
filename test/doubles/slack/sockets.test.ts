import { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../fake-clock.js';
import { boltSocket } from './bolt-socket.js';
import { quiet } from './quiet.js';
import { type SlackDouble, startSlack } from './slack.js';

let slack: SlackDouble;
let clock: FakeClock;
const running: { stop(): Promise<unknown> }[] = [];

beforeEach(async () => {
  clock = new FakeClock();
  slack = await startSlack({ clock });
});

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
  await slack.close();
});

/** A client that notes what it hears and acknowledges as told. */
async function listen({ acknowledge = true, comesAgain = false } = {}): Promise<Listener> {
  const heard: Heard[] = [];
  const { client } = boltSocket(slack, {
    autoReconnectEnabled: comesAgain,
    // Its first pause before it comes again, ms.
    ...(comesAgain && { clientPingTimeout: 500 }),
  });
  client.on('slack_event', async ({ ack, body, retry_num: retry, retry_reason: reason }) => {
    heard.push({ id: body.event_id, retry, reason });
    if (acknowledge) await ack();
  });
  await client.start();
  running.push({ stop: () => client.disconnect() });
  return { heard, greeted: () => new Promise((resolve) => client.once('connected', () => resolve())) };
}

interface Listener {
  readonly heard: Heard[];
  /** Resolves when Slack greets it the next time. */
  greeted(): Promise<void>;
}

interface Heard {
  readonly id: string;
  readonly retry: number;
  readonly reason: string;
}

describe('Socket Mode', () => {
  it('gives an event to one of the sockets, whichever', async () => {
    const first = await listen();
    const second = await listen();
    expect(slack.sockets.count).toBe(2);
    const ada = slack.user('ada');
    for (let n = 0; n < 4; n += 1) await slack.say(ada, slack.dm(ada), `message ${n}`).deliveries[0]?.ack;
    expect(first.heard).toHaveLength(2);
    expect(second.heard).toHaveLength(2);
  });

  it('gives it to several where it is told to', async () => {
    const first = await listen();
    const second = await listen();
    slack.sockets.duplicates = 1;
    const ada = slack.user('ada');
    slack.say(ada, slack.dm(ada), 'hello');
    await slack.until(() => first.heard.length === 1 && second.heard.length === 1);
    expect(first.heard).toEqual(second.heard);
  });

  it('sends again what nobody acknowledged: after 3 s, one minute and five', async () => {
    const { heard } = await listen({ acknowledge: false });
    const ada = slack.user('ada');
    slack.say(ada, slack.dm(ada), 'hello');
    const seen = async (count: number): Promise<void> => {
      await slack.until(() => heard.length === count, `${count} sends`);
    };
    await seen(1);
    await clock.advance(2_999);
    expect(heard).toHaveLength(1);
    await clock.advance(1);
    await seen(2);
    await clock.advance(3_000 + 60_000);
    await seen(3);
    await clock.advance(3_000 + 300_000);
    await seen(4);
    await clock.advance(3_600_000);
    expect(heard.map(({ retry, reason }) => [retry, reason])).toEqual([
      [0, ''],
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ]);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(1);
  });

  it('keeps what happens while no socket is open for its next try', async () => {
    const ada = slack.user('ada');
    const { deliveries } = slack.say(ada, slack.dm(ada), 'is anybody there?');
    const { heard } = await listen();
    await clock.advance(60_000);
    expect(await deliveries[0]?.ack).toMatchObject({ attempt: 2 });
    expect(heard).toMatchObject([{ retry: 2, reason: 'connection_failed' }]);
  });

  it('sends an event again at once where a test wants it', async () => {
    const { heard } = await listen();
    const ada = slack.user('ada');
    const { deliveries } = slack.say(ada, slack.dm(ada), 'hello');
    const [delivery] = deliveries;
    if (!delivery) throw new Error('nothing was sent');
    await delivery.ack;
    await slack.redeliver(delivery);
    await slack.until(() => heard.length === 2);
    expect(heard[1]).toMatchObject({ retry: 1, reason: 'timeout' });
  });

  it('asks a client to come again, and it does', async () => {
    const greeted = (await listen({ comesAgain: true })).greeted();
    slack.sockets.refresh();
    await slack.until(() => slack.sockets.opened === 2 && slack.sockets.count === 1, 'the second socket');
    await greeted;
  });

  it('breaks without a word, and the client comes again', async () => {
    const greeted = (await listen({ comesAgain: true })).greeted();
    slack.sockets.drop();
    await slack.until(() => slack.sockets.opened === 2 && slack.sockets.count === 1, 'the second socket');
    await greeted;
  });

  it('takes ten sockets, not eleven', async () => {
    for (let n = 0; n < 10; n += 1) await listen();
    const { client: last } = boltSocket(slack);
    const closed = new Promise<void>((resolve) => last.once('close', resolve));
    last.start().catch(() => undefined);
    await closed;
    expect(slack.sockets.count).toBe(10);
  });

  it('takes no token but the app-level one', async () => {
    const { client } = boltSocket(slack, { appToken: slack.botToken });
    await expect(client.start()).rejects.toThrow('not_allowed_token_type');
  });
});

describe('what the app hears', () => {
  beforeEach(async () => {
    const app = new App({
      token: slack.botToken,
      receiver: boltSocket(slack),
      logger: quiet,
      clientOptions: { slackApiUrl: slack.apiUrl },
    });
    app.use(async ({ payload, next }) => {
      events.push(String('type' in payload ? payload.type : ''));
      await next();
    });
    events.splice(0);
    await app.start();
    running.push({ stop: () => app.stop() });
  });
  const events: string[] = [];

  it('is only what its membership and scopes allow', async () => {
    const ada = slack.user('ada');
    const elsewhere = slack.channel('elsewhere', [ada], { bot: false });
    expect(slack.say(ada, elsewhere, 'psst', { mention: true }).deliveries).toEqual([]);
    slack.scopes({ without: ['im:history'] });
    expect(slack.say(ada, slack.dm(ada), 'hello').deliveries).toEqual([]);
    const general = slack.channel('general', [ada]);
    slack.scopes({ without: ['channels:history'] });
    const { deliveries } = slack.say(ada, general, 'hello', { mention: true });
    expect(deliveries.map(({ payload }) => (payload.event as { type: string }).type)).toEqual([
      'app_mention',
    ]);
    await deliveries[0]?.ack;
    expect(events).toEqual(['app_mention']);
  });

  it('includes edits, deletions and its own messages', async () => {
    const ada = slack.user('ada');
    const dm = slack.dm(ada);
    const { message } = slack.say(ada, dm, 'helo');
    await slack.editMessage(message, 'hello').ack;
    await slack.deleteMessage(message).ack;
    const subtypes = slack.deliveries.map(({ payload }) => (payload.event as { subtype?: string }).subtype);
    expect(subtypes).toEqual([undefined, 'message_changed', 'message_deleted']);
    expect(slack.whatUsersSee(dm)).toEqual([]);
  });

  it('ends with its removal', async () => {
    await Promise.all(slack.uninstall().map(({ ack }) => ack));
    expect(events).toEqual(['app_uninstalled', 'tokens_revoked']);
    const ada = slack.user('ada');
    expect(slack.say(ada, slack.dm(ada), 'hello').deliveries).toEqual([]);
  });
});
