import { setMaxListeners } from 'node:events';
import type { WebAPICallResult } from '@slack/web-api';
import { readSlackAddress, type SlackAddress, slackAddress } from '../../../../adapters/slack/address.js';
import { MethodLimits } from '../../../../adapters/slack/api/call-pace.js';
import { boltLogger, WorkspaceClient } from '../../../../adapters/slack/api/workspace-clients.js';
import type { ReplyWords } from '../../../../adapters/slack/delivery/reply-blocks.js';
import { SlackSender, type SlackSenderOptions } from '../../../../adapters/slack/delivery/slack-sender.js';
import { systemClock } from '../../../../src/clock.js';
import type { OutgoingMessage, PlatformAdapter } from '../../../../src/delivery/adapter.js';
import type { DeliverOptions } from '../../../../src/delivery/delivery-options.js';
import { RateBuckets } from '../../../../src/delivery/rate-bucket.js';
import { type Refusal, readRefusal } from '../../../../src/delivery/refusal.js';
import { messageId, sessionId, turnId } from '../../../../src/ids.js';
import { silentLogger } from '../../../../src/telemetry/logger.js';
import { OutboxDouble } from '../../../delivery/outbox-double.js';
import { FakeClock, settled } from '../../../doubles/fake-clock.js';
import {
  type Channel,
  type Message,
  type SlackDouble,
  startSlack,
  type User,
} from '../../../doubles/slack/slack.js';

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

/** Called before (`false`) and after (`true`) each call of the Web API; a promise that never resolves is a death. */
export type Gate = (method: string, after: boolean) => Promise<void>;

/** The client of production, watched. */
class WatchedClient extends WorkspaceClient {
  inFlight = 0;
  gate: Gate = async () => undefined;

  override async apiCall(method: string, options: Record<string, unknown> = {}): Promise<WebAPICallResult> {
    await this.gate(method, false);
    this.inFlight += 1;
    try {
      return await super.apiCall(method, options);
    } finally {
      this.inFlight -= 1;
      await this.gate(method, true);
    }
  }
}

export interface SettingOptions {
  /** Time stands still but for {@link Setting.until}. */
  readonly fakeTime?: boolean;
  readonly rates?: boolean;
  readonly sender?: Partial<SlackSenderOptions>;
  readonly timeoutMs?: number;
  /** A channel's thread instead of a direct message. */
  readonly inChannel?: boolean;
}

/** A person, a message of theirs, a sender that answers it, and Slack. */
export class Setting {
  readonly slack: SlackDouble;
  sender: SlackSender;
  readonly ada: User;
  readonly place: Channel;
  readonly asked: Message;
  readonly address: SlackAddress;
  readonly store = new OutboxDouble();
  buckets: RateBuckets;
  readonly stop = new AbortController();
  readonly stopped: string[] = [];
  readonly session = sessionId('slack:T1:D1');
  readonly clock: FakeClock | typeof systemClock;
  client: WatchedClient;
  readonly #given: SettingOptions;

  private constructor(slack: SlackDouble, clock: FakeClock | typeof systemClock, given: SettingOptions) {
    this.slack = slack;
    this.#given = given;
    this.clock = clock;
    this.buckets = new RateBuckets(this.clock);
    setMaxListeners(0, this.stop.signal);
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
    this.client = this.#anotherClient();
    this.sender = this.anotherSender();
  }

  static async start(given: SettingOptions = {}): Promise<Setting> {
    const clock = given.fakeTime ? new FakeClock(Date.now()) : systemClock;
    return new Setting(await startSlack({ clock, rates: given.rates ?? true }), clock, given);
  }

  #anotherClient(): WatchedClient {
    return new WatchedClient({
      token: this.slack.botToken,
      apiUrl: this.slack.apiUrl,
      timeoutMs: this.#given.timeoutMs ?? 2_000,
      logger: boltLogger(silentLogger),
      limits: new MethodLimits(this.clock),
      onDeadToken: () => undefined,
    });
  }

  /** A sender with nothing in memory, as after a restart. */
  anotherSender(): SlackSender {
    const { client } = this;
    return new SlackSender({
      clients: { of: async () => client },
      clock: this.clock,
      logger: silentLogger,
      words,
      avatarUrl: 'https://faces.test/{code}.png',
      streaming: true,
      editIntervalMs: 1_200,
      appendIntervalMs: 700,
      onStopped: (session, turn) => void this.stopped.push(`${session} ${turn}`),
      ...this.#given.sender,
    });
  }

  /** The process has died: a new client, a new sender, nothing in memory. */
  restart(): void {
    this.client = this.#anotherClient();
    this.sender = this.anotherSender();
    this.buckets = new RateBuckets(this.clock);
  }

  /**
   * Lets time pass, while no call is under way, until the promise has settled or nothing moves any more.
   * @returns whether it has settled.
   */
  async settles(promise: Promise<unknown>, limitMs = 3_600_000): Promise<boolean> {
    const { clock } = this;
    if (!(clock instanceof FakeClock)) throw new Error('this needs fake time');
    let open = true;
    const done = (): void => {
      open = false;
    };
    promise.then(done, done);
    const end = clock.elapsed() + limitMs;
    while (open && clock.elapsed() < end) {
      await settled();
      if (this.client.inFlight > 0 || !open) continue;
      await settled();
      if (this.client.inFlight > 0 || !open) continue;
      if (clock.timers === 0) return false;
      await clock.advance(10);
    }
    return !open;
  }

  /** As {@link settles}, for what has to end well. */
  async until<T>(promise: Promise<T>): Promise<T> {
    if (!(await this.settles(promise))) throw new Error('nothing moves any more, and it has not ended');
    return promise;
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
      allowsPost: (address) => sender.allowsPost(address),
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

/** What the core reads from a refused send. */
export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work;
  } catch (thrown) {
    return readRefusal(thrown);
  }
  throw new Error('it was not refused');
}
