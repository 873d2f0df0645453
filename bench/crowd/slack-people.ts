import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, Delivery, SlackDouble, Team, User } from '../../test/doubles/slack/slack.js';
import { messageOf, replyTo } from './numbered-reply.js';
import { arrivals, seededRandom, type Talk } from './talk.js';

export interface SlackTalks {
  /** All begin within this time, ms. */
  readonly spreadMs: number;
  /** Words of a reply. */
  readonly words: number;
  /** Shortest time between two pieces of a stream, and between two edits of a message, ms. */
  readonly appendIntervalMs: number;
  readonly editIntervalMs: number;
  /** Nobody waits longer than this, ms. */
  readonly limitMs: number;
}

/** A conversation, and in which way its reply was shown. */
export interface SlackTalk extends Talk {
  /** `streamed`: by Slack's own streaming; `edited`: posted and edited; `whole`: posted once. */
  readonly way: 'streamed' | 'edited' | 'whole' | null;
}

export interface SlackTraffic {
  /** Calls by method. */
  readonly calls: Readonly<Record<string, number>>;
  /** Answers with 429, by method. */
  readonly refused: Readonly<Record<string, number>>;
}

interface Person {
  readonly number: number;
  readonly user: User;
  /** A direct message, or the channel in which the app is called. */
  readonly channel: Channel;
  saidAt: number;
  /** The message's timestamp: the thread of the reply. */
  thread: string;
  deliveries: readonly Delivery[];
}

/** What the calls of the app tell about one thread. */
interface Calls {
  statusAt: number | null;
  readonly shownAt: number[];
  streamed: boolean;
}

const channelsAWorkspace = 5;
const peopleAChannel = 5;
const lookEveryMs = 100;
const showing: ReadonlySet<string> = new Set([
  'chat.postMessage',
  'chat.update',
  'chat.startStream',
  'chat.appendStream',
  'chat.stopStream',
]);

/** People in workspaces on the double of Slack: half in direct messages, half in threads of channels. */
export class SlackPeople {
  readonly #slack: SlackDouble;
  readonly #teams: readonly Team[];
  #people: Person[] = [];

  constructor(slack: SlackDouble, teams: readonly Team[]) {
    this.#slack = slack;
    this.#teams = teams;
  }

  gather(count: number): void {
    const each = Math.ceil(count / this.#teams.length);
    this.#people = this.#teams
      .flatMap((team, index) => this.#members(team, Math.max(0, Math.min(each, count - index * each))))
      .map((person, number) => ({ ...person, number, saidAt: 0, thread: '', deliveries: [] }));
  }

  #members(team: Team, count: number): Pick<Person, 'user' | 'channel'>[] {
    const slack = this.#slack;
    const users = Array.from({ length: count }, (_, number) => slack.user(`person${number}`, team));
    const rooms = Math.max(channelsAWorkspace, Math.ceil(count / 2 / peopleAChannel));
    const channels = Array.from({ length: rooms }, (_, index) =>
      slack.channel(`room-${index}`, users, { team }),
    );
    return users.map((user, number) => {
      // Direct messages and threads take turns.
      const channel = number % 2 === 1 ? channels[Math.floor(number / 2) % channels.length] : undefined;
      return { user, channel: channel ?? slack.dm(user) };
    });
  }

  /** One person writes to the app; resolves once it has answered. */
  async ping(): Promise<void> {
    await this.#slack.sockets.connected();
    const first = this.#slack.user('first', this.#teams[0]);
    const channel = this.#slack.dm(first);
    this.#slack.say(first, channel, 'Are you there?');
    await this.#slack.until(() => this.#slack.replies(channel).length > 0, 'an answer of the app', 60_000);
  }

  /** Everybody writes once. Resolves when all have their whole reply, or the limit is over. */
  async talk({ spreadMs, words, limitMs }: SlackTalks): Promise<void> {
    const at = arrivals(this.#people.length, spreadMs, seededRandom(1));
    const startedAt = performance.now();
    for (const [index, person] of this.#people.entries()) {
      const wait = (at[index] ?? 0) - (performance.now() - startedAt);
      if (wait > 0) await sleep(wait);
      this.#write(person);
    }
    const hasAll = ({ channel, thread, number }: Person): boolean =>
      this.#repliesIn(channel, thread).some(({ text }) => text.includes(replyTo(number, { words })));
    while (performance.now() - startedAt < limitMs && !this.#people.every(hasAll)) await sleep(lookEveryMs);
  }

  /** What everybody saw. */
  talks(options: SlackTalks): SlackTalk[] {
    const calls = this.#callsByThread();
    return this.#people.map((person) => this.#seenBy(person, calls.get(person.thread), options));
  }

  traffic(): SlackTraffic {
    const count = (chosen: (status: number) => boolean): Record<string, number> => {
      const counted: Record<string, number> = {};
      for (const { method, status } of this.#slack.requests)
        if (chosen(status)) counted[method] = (counted[method] ?? 0) + 1;
      return counted;
    };
    return { calls: count(() => true), refused: count((status) => status === 429) };
  }

  #write(person: Person): void {
    const { number, user, channel } = person;
    person.saidAt = this.#slack.cloud.clock.elapsed();
    const mention = channel.kind !== 'im';
    const { message, deliveries } = this.#slack.say(user, channel, messageOf(number), { mention });
    person.thread = message.ts;
    person.deliveries = deliveries;
  }

  #repliesIn(channel: Channel, thread: string): readonly { readonly text: string; readonly ts: string }[] {
    return this.#slack.replies(channel, { thread });
  }

  #seenBy(
    { number, channel, thread, saidAt, deliveries }: Person,
    calls: Calls | undefined,
    { words, appendIntervalMs, editIntervalMs }: SlackTalks,
  ): SlackTalk {
    const replies = this.#repliesIn(channel, thread);
    const isWhole = replies.some(({ text }) => text.includes(replyTo(number, { words })));
    const shownAt = calls?.shownAt ?? [];
    const [postedAt = null] = shownAt;
    const signs = [calls?.statusAt ?? null, postedAt].filter((at) => at !== null);
    const acks = deliveries.map(({ acked }) => acked?.latencyMs ?? null);
    const isAcked = acks.length > 0 && acks.every((latency) => latency !== null);
    const way = calls?.streamed ? 'streamed' : shownAt.length > 1 ? 'edited' : 'whole';
    return {
      saidAt,
      ackedAt: isAcked ? saidAt + Math.max(...acks.map((latency) => latency ?? 0)) : null,
      signAt: signs.length === 0 ? null : Math.min(...signs),
      postedAt,
      placeholder: false,
      shownAt,
      wholeAt: isWhole ? (shownAt.at(-1) ?? null) : null,
      intervalMs: calls?.streamed ? appendIntervalMs : editIntervalMs,
      messages: replies.length,
      way: postedAt === null ? null : way,
    };
  }

  #callsByThread(): Map<string, Calls> {
    const byThread = new Map<string, Calls>();
    const threadOf = new Map<string, string>();
    const of = (thread: string): Calls => {
      const known = byThread.get(thread) ?? { statusAt: null, shownAt: [], streamed: false };
      byThread.set(thread, known);
      return known;
    };
    for (const { method, args, at, answer } of this.#slack.requests) {
      if (answer?.ok !== true) continue;
      if (method === 'assistant.threads.setStatus' && args.status !== '')
        of(String(args.thread_ts)).statusAt ??= at;
      if (!showing.has(method)) continue;
      const ts = String(answer.ts ?? args.ts);
      const thread = threadOf.get(ts) ?? String(args.thread_ts ?? ts);
      threadOf.set(ts, thread);
      // A stream's end and the edit that takes its stop button away show nothing new.
      if (method !== 'chat.update' || !of(thread).streamed) of(thread).shownAt.push(at);
      if (method === 'chat.startStream') of(thread).streamed = true;
    }
    return byThread;
  }
}
