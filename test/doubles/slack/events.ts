import { setMaxListeners } from 'node:events';
import type { Channel, Cloud, Json, Message, Team } from './cloud.js';
import { Delivery, type EnvelopeType } from './delivery.js';
import { ackLimitMs, type EventSender, type Signing } from './event-sender.js';
import { messageView } from './message-view.js';
import { historyScope } from './method.js';
import type { SocketMode } from './socket-mode.js';

/** Waits before the second, third and fourth try of an event nobody acknowledged, ms. */
const retryAfterMs = [0, 60_000, 300_000] as const;

/** Tells the app what happens, over its sockets or its HTTP address, until it acknowledges. */
export class Events {
  /** Messages older than this cannot be edited, ms; null for no limit. */
  editWindowMs: number | null = null;
  /** Whether streams refuse chunks of type `blocks`. */
  refusesBlockChunks = false;
  /** Whether the app hears of its own messages, as it does on Slack. */
  echo = true;
  /** Everything that was sent, oldest first. */
  readonly deliveries: Delivery[] = [];
  readonly #cloud: Cloud;
  readonly #sockets: SocketMode;
  readonly #http: EventSender;
  readonly #over = new AbortController();

  constructor(cloud: Cloud, sockets: SocketMode, http: EventSender) {
    this.#cloud = cloud;
    this.#sockets = sockets;
    this.#http = http;
    setMaxListeners(0, this.#over.signal);
  }

  ticket(): string {
    return this.#sockets.ticket();
  }

  /** The scopes the app has in a workspace. */
  granted(team: Team): Set<string> {
    const all = [...this.#cloud.tokens.values()].filter(
      (token) =>
        !token.refused &&
        token.kind === 'bot' &&
        (token.team === team || (token.enterprise !== null && token.enterprise === team.enterprise)),
    );
    return new Set(all.flatMap((token) => [...token.scopes]));
  }

  /** An event of a workspace, in its `event_callback`. @param acting a person whom the authorization names, in place of the bot. */
  event(team: Team, event: Json, signing: Signing = {}, acting: string | null = null): Delivery {
    const now = Math.floor(this.#cloud.clock.now() / 1000);
    return this.send(
      'events_api',
      {
        token: 'verification-token',
        team_id: team.id,
        ...(team.enterprise ? { enterprise_id: team.enterprise } : {}),
        api_app_id: this.#cloud.app.id,
        event,
        type: 'event_callback',
        event_id: this.#cloud.id('Ev'),
        event_time: now,
        authorizations: [
          {
            enterprise_id: team.enterprise,
            team_id: team.id,
            user_id: acting ?? team.botUser,
            is_bot: acting === null,
            is_enterprise_install: false,
          },
        ],
        is_ext_shared_channel: false,
      },
      signing,
    );
  }

  send(type: EnvelopeType, payload: Json, signing: Signing = {}): Delivery {
    const delivery = new Delivery(type, payload);
    this.deliveries.push(delivery);
    void this.#pursue(delivery, signing);
    return delivery;
  }

  /** Sends an event again at once, as a retry. */
  async again(delivery: Delivery, reason = 'timeout'): Promise<void> {
    await this.#attempt(delivery, reason, {});
  }

  /** A message of the app itself: it hears of it where it hears of any. */
  messagePosted(message: Message): void {
    if (this.echo && this.hears(message.channel))
      this.event(message.channel.team, this.messageEvent(message));
  }

  messageChanged(message: Message): void {
    const { channel } = message;
    if (!this.echo || !this.hears(channel)) return;
    this.event(channel.team, {
      type: 'message',
      subtype: 'message_changed',
      hidden: true,
      channel: channel.id,
      channel_type: channelType(channel),
      ts: this.#cloud.ts(),
      event_ts: this.#cloud.ts(),
      message: messageView(message, this.#cloud.app.id),
      previous_message: { ts: message.ts, user: message.user },
    });
  }

  messageEvent(message: Message): Json {
    const { channel } = message;
    return {
      ...messageView(message, this.#cloud.app.id),
      channel: channel.id,
      channel_type: channelType(channel),
      event_ts: message.ts,
      ...(message.files.length > 0 ? { subtype: 'file_share' } : {}),
      ...(message.byApp ? {} : { client_msg_id: `client-${message.ts}` }),
    };
  }

  hears(channel: Channel): boolean {
    const { team } = channel;
    return (
      team.installed && channel.members.has(team.botUser) && this.granted(team).has(historyScope(channel))
    );
  }

  /** The app is removed from a workspace: its tokens die and it is told. */
  uninstalled(team: Team): readonly Delivery[] {
    for (const token of this.#cloud.tokens.values())
      if (token.team === team) token.refused = 'account_inactive';
    team.installed = false;
    return [
      this.event(team, { type: 'app_uninstalled' }),
      this.event(team, { type: 'tokens_revoked', tokens: { oauth: [], bot: [team.botUser] } }),
    ];
  }

  /** Gives up every retry. */
  close(): void {
    this.#over.abort();
  }

  async #pursue(delivery: Delivery, signing: Signing): Promise<void> {
    let { stop, reason } = await this.#attempt(delivery, null, signing);
    if (delivery.type !== 'events_api') return;
    for (const wait of retryAfterMs) {
      if (stop || this.#over.signal.aborted) return;
      if (wait > 0 && !(await this.#slept(wait))) return;
      if (delivery.acked) return;
      ({ stop, reason } = await this.#attempt(delivery, reason, signing));
    }
  }

  /** One send; `stop` once it was acknowledged or the app asked for no retry. */
  async #attempt(
    delivery: Delivery,
    because: string | null,
    signing: Signing,
  ): Promise<{ readonly stop: boolean; readonly reason: string }> {
    const retry = because === null ? null : { attempt: delivery.attempts, reason: because };
    delivery.attempts += 1;
    if (this.#http.url !== null) {
      const { ack, reason, noRetry } = await this.#http.send(delivery, retry, signing);
      if (ack) delivery.answered(ack);
      return { stop: ack !== null || noRetry, reason };
    }
    if (!this.#sockets.send(delivery, retry)) return { stop: false, reason: 'connection_failed' };
    const answered = new AbortController();
    const stop = (): void => answered.abort();
    void delivery.ack.then(stop);
    const tooLate = await this.#slept(ackLimitMs, answered.signal);
    return { stop: !tooLate, reason: 'timeout' };
  }

  /** Whether the time passed; false when there is no reason to wait any more. */
  async #slept(ms: number, until?: AbortSignal): Promise<boolean> {
    const signal = until ? AbortSignal.any([until, this.#over.signal]) : this.#over.signal;
    if (signal.aborted) return false;
    try {
      await this.#cloud.clock.sleep(ms, signal);
      return true;
    } catch (thrown) {
      if (signal.aborted) return false;
      throw thrown;
    }
  }
}

export function channelType(channel: Channel): string {
  return channel.kind === 'private' ? 'group' : channel.kind;
}
