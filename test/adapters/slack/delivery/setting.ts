import { readSlackAddress, type SlackAddress, slackAddress } from '../../../../adapters/slack/address.js';
import { boltLogger } from '../../../../adapters/slack/api/bolt-logger.js';
import { MethodLimits } from '../../../../adapters/slack/api/method-limits.js';
import type { SlackClients } from '../../../../adapters/slack/api/slack-clients.js';
import { WorkspaceClient } from '../../../../adapters/slack/api/workspace-client.js';
import type { ReplyWords } from '../../../../adapters/slack/delivery/reply-blocks.js';
import { SlackSender, type SlackSenderOptions } from '../../../../adapters/slack/delivery/slack-sender.js';
import type { Clock } from '../../../../src/clock.js';
import type { OutgoingMessage, PlatformAdapter } from '../../../../src/delivery/adapter.js';
import type { DeliverOptions } from '../../../../src/delivery/delivery-options.js';
import { RateBuckets } from '../../../../src/delivery/rate-bucket.js';
import { messageId, sessionId, turnId } from '../../../../src/ids.js';
import { silentLogger } from '../../../../src/telemetry/logger.js';
import { OutboxDouble } from '../../../delivery/outbox-double.js';
import type { Channel, Message, User } from '../../../doubles/slack/slack.js';
import { type SlackDouble, startSlack } from '../../../doubles/slack/slack.js';

export const words: ReplyWords = {
  stop: 'Stop',
  regenerate: 'Regenerate',
  good: 'Good reply',
  bad: 'Bad reply',
  status: 'is thinking…',
  loading: ['Reading what you wrote…', 'Finding the words…'],
};

export const notes = {
  interrupted: '(the reply broke off)',
  failure: 'I could not answer just now.',
  stopped: '(stopped)',
  placeholder: '…',
};

/** A reply as a script: text after a pause, ms. */
export type Script = readonly (readonly [pauseMs: number, text: string])[];

export interface SettingOptions {
  readonly clock?: Clock;
  readonly rates?: boolean;
  readonly sender?: Partial<SlackSenderOptions>;
  readonly timeoutMs?: number;
  /** A channel's thread instead of a direct message. */
  readonly inChannel?: boolean;
}

/** A person, a message of theirs, a sender that answers it, and Slack. */
export class Setting {
  readonly slack: SlackDouble;
  readonly sender: SlackSender;
  readonly ada: User;
  readonly place: Channel;
  readonly asked: Message;
  readonly address: SlackAddress;
  readonly store = new OutboxDouble();
  readonly buckets: RateBuckets;
  readonly stop = new AbortController();
  readonly stopped: string[] = [];
  readonly session = sessionId('slack:T1:D1');
  private readonly clock: Clock;
  private readonly clients: SlackClients;
  private readonly given: SettingOptions;

  private constructor(slack: SlackDouble, given: SettingOptions) {
    this.slack = slack;
    this.given = given;
    this.clock = slack.cloud.clock;
    this.buckets = new RateBuckets(this.clock);
    this.ada = slack.user('ada');
    this.place = given.inChannel ? slack.channel('general', [this.ada]) : slack.dm(this.ada);
    this.asked = slack.say(this.ada, this.place, 'hello', { mention: given.inChannel ?? false }).message;
    this.address = slackAddress({
      team: slack.team.id,
      channel: this.place.id,
      user: this.ada.id,
      thread: this.asked.ts,
      message: this.asked.ts,
    });
    const client = new WorkspaceClient({
      token: slack.botToken,
      apiUrl: slack.apiUrl,
      timeoutMs: given.timeoutMs ?? 2_000,
      logger: boltLogger(silentLogger),
      limits: new MethodLimits(this.clock),
      onDeadToken: () => undefined,
    });
    this.clients = { of: async () => client };
    this.sender = this.anotherSender();
  }

  static async start(given: SettingOptions = {}): Promise<Setting> {
    const options = { ...(given.clock ? { clock: given.clock } : {}), rates: given.rates ?? true };
    return new Setting(await startSlack(options), given);
  }

  /** A sender with nothing in memory, as after a restart. */
  anotherSender(): SlackSender {
    return new SlackSender({
      clients: this.clients,
      clock: this.clock,
      logger: silentLogger,
      words,
      avatarUrl: 'https://faces.test/{code}.png',
      streaming: true,
      editIntervalMs: 1_200,
      appendIntervalMs: 700,
      onStopped: (session, turn) => void this.stopped.push(`${session} ${turn}`),
      ...this.given.sender,
    });
  }

  /** A message of turn 1. */
  message(text: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
    return {
      text,
      speaker: { name: 'Mara', avatar: '🌿' },
      kind: 'reply',
      final: false,
      last: false,
      turnId: turnId(this.session, 1),
      sessionId: this.session,
      ...more,
    };
  }

  adapter(sender = this.sender): PlatformAdapter {
    return {
      name: 'slack',
      capabilities: sender.capabilities,
      start: async () => undefined,
      stop: async () => undefined,
      post: (address, message, nonce) => sender.post(address, message, nonce),
      edit: (address, receipt, message) => sender.edit(address, receipt, message),
      allowsEdit: (address, receipt) => sender.allowsEdit(address, receipt),
      findReceipt: (address, nonce) => sender.findReceipt(readSlackAddress(address), nonce),
      typing: (address) => sender.typing(address),
    };
  }

  /** What `deliver` takes. */
  delivery(script: Script, more: Partial<DeliverOptions> = {}): DeliverOptions {
    return {
      adapter: this.adapter(),
      address: this.address,
      speaker: { name: 'Mara', avatar: '🌿' },
      sessionId: this.session,
      turnId: turnId(this.session, 1),
      covers: [messageId('q1')],
      lease: { sessionId: this.session, holder: 'test', fence: 1 },
      store: this.store,
      clock: this.clock,
      buckets: this.buckets,
      logger: silentLogger,
      notes,
      text: this.play(script),
      signal: this.stop.signal,
      limits: { flushMs: 250, flushChars: 48 },
      ...more,
    };
  }

  async *play(script: Script): AsyncGenerator<string> {
    for (const [pause, text] of script) {
      if (pause > 0) await this.clock.sleep(pause);
      yield text;
    }
  }

  /** Methods called so far, without those that only look. */
  get sent(): string[] {
    return this.slack.requests
      .map(({ method }) => method)
      .filter((method) => method.startsWith('chat.'))
      .map((method) => method.slice('chat.'.length));
  }

  /** What the app has said in the thread. */
  get shown(): ReturnType<SlackDouble['replies']> {
    return this.slack.replies(this.place, { thread: this.asked });
  }

  close(): Promise<void> {
    return this.slack.close();
  }
}
