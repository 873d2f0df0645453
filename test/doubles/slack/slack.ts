import type { Clock } from '../../../src/clock.js';
import { type Channel, Cloud, type Message, type User } from './cloud.js';
import type { Delivery } from './delivery.js';
import { EventSender, type SignedRequest } from './event-sender.js';
import { Events } from './events.js';
import { Faults } from './faults.js';
import { SlackPeople } from './people.js';
import { Rates } from './rates.js';
import { type Seen, seenMessage } from './seen.js';
import { ApiServer } from './server.js';
import { SocketMode } from './socket-mode.js';

export type { Channel, Message, Team, User } from './cloud.js';
export type { Delivery } from './delivery.js';
export type { Seen } from './seen.js';

export interface SlackOptions {
  /** Time of everything but sockets and HTTP. Default: the system's. */
  readonly clock?: Clock;
  /** Whether Slack counts calls and answers 429. Default true. */
  readonly rates?: boolean;
}

/** Starts Slack on a loopback port: one app, installed in one workspace (`team`). */
export async function startSlack(options: SlackOptions = {}): Promise<SlackDouble> {
  const cloud = new Cloud(options.clock);
  const faults = new Faults();
  const rates = new Rates(cloud);
  rates.enabled = options.rates ?? true;
  const api = new ApiServer(cloud, faults, rates);
  const sockets = new SocketMode(api.server);
  const http = new EventSender(cloud);
  const events = new Events(cloud, sockets, http);
  await api.listen(events);
  return new SlackDouble({ cloud, api, events, sockets, http, faults, rates });
}

/**
 * Slack on the wire, for the real Bolt app and WebClient: Web API, Socket Mode, signed HTTP events, files, OAuth. A test
 * lets people act (`say`, `press`, `command` …) and looks at what they see.
 */
export class SlackDouble extends SlackPeople {
  /** Everything that stands in a channel (or in one of its threads), oldest first, as this person sees it. */
  whatUsersSee(
    channel: Channel,
    where: { readonly thread?: Message | string; readonly as?: User } = {},
  ): readonly Seen[] {
    this.cloud.expireStreams();
    const thread = typeof where.thread === 'object' ? where.thread.ts : where.thread;
    return channel.messages
      .filter(
        (message) =>
          !message.deleted &&
          (message.ephemeralTo === null || message.ephemeralTo === where.as?.id) &&
          (thread === undefined || message.ts === thread || message.threadTs === thread),
      )
      .map(seenMessage);
  }

  /** What the app has said there, oldest first. */
  replies(
    channel: Channel,
    where: { readonly thread?: Message | string; readonly as?: User } = {},
  ): readonly Seen[] {
    return this.whatUsersSee(channel, where).filter(({ byApp }) => byApp);
  }

  /** Resolves once `condition` holds; looked at after every call of the app, every acknowledgement and now. */
  async until<T>(
    condition: () => T | null | undefined | false,
    what = 'the condition',
    limitMs = 10_000,
  ): Promise<T> {
    const now = condition();
    if (now) return now;
    return new Promise<T>((resolve, reject) => {
      const look = (): void => {
        const value = condition();
        if (!value) return;
        finish();
        resolve(value);
      };
      const unwatch = this.api.watch(look);
      const poll = setInterval(look, 20);
      const limit = setTimeout(() => {
        finish();
        reject(new Error(`${what} did not come true within ${limitMs} ms`));
      }, limitMs);
      const finish = (): void => {
        unwatch();
        clearInterval(poll);
        clearTimeout(limit);
      };
    });
  }

  /** Asks an HTTP address for the `url_verification` challenge; returns what it answered. */
  async verifyUrl(challenge = 'challenge'): Promise<string> {
    const body = JSON.stringify({ token: 'verification-token', type: 'url_verification', challenge });
    const { payload, text } = await this.http.transmit(this.http.sign(body, false));
    return typeof payload.challenge === 'string' ? payload.challenge : text;
  }

  /** Tells an HTTP address that this minute's events were too many and are not sent. */
  async eventsLimited(team = this.team): Promise<number> {
    const body = JSON.stringify({
      token: 'verification-token',
      type: 'app_rate_limited',
      team_id: team.id,
      minute_rate_limited: Math.floor(this.cloud.clock.now() / 60_000) * 60,
      api_app_id: this.cloud.app.id,
    });
    return (await this.http.transmit(this.http.sign(body, false))).status;
  }

  /** Sends a request that was sent before once more, byte for byte. */
  async replay(request: SignedRequest): Promise<number> {
    return (await this.http.transmit(request)).status;
  }

  /** Sends an event again as a retry, whether it was acknowledged or not. */
  redeliver(delivery: Delivery, reason = 'timeout'): Promise<void> {
    return this.events.again(delivery, reason);
  }

  async close(): Promise<void> {
    this.events.close();
    await this.sockets.close();
    await this.api.close();
  }
}
