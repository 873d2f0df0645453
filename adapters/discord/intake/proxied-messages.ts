import type { Clock } from '../../../src/clock.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { HeardMessage } from './read-message.js';

/** How long a message is held to see whether a proxy takes it away, ms. */
const heldMs = 1_000;
/** A message that was taken away is looked for so long, ms. */
const rememberedMs = 30_000;
const remembered = 1_000;

/**
 * Messages that a proxy bot such as PluralKit repeats: people write one, the proxy's webhook writes it again under a name of
 * theirs, and the original is deleted. The repeated one is answered, in the name of who wrote the original.
 */
export class ProxiedMessages {
  readonly #applications: ReadonlySet<string>;
  readonly #clock: Clock;
  readonly #deleted: RecentMap<string, true>;
  /** By channel, the latest first. */
  readonly #originals: RecentMap<string, readonly HeardMessage[]>;

  /** @param applications whose webhooks repeat messages; none: every message is taken as it comes. */
  constructor(applications: readonly string[], clock: Clock) {
    this.#applications = new Set(applications);
    this.#clock = clock;
    this.#deleted = new RecentMap(remembered, { ms: rememberedMs, clock });
    this.#originals = new RecentMap(remembered, { ms: rememberedMs, clock });
  }

  /** Whether a proxy wrote it. */
  isRepeated({ webhook_id, application_id }: HeardMessage): boolean {
    return webhook_id !== undefined && this.#applications.has(application_id ?? '');
  }

  deleted(message: string): void {
    if (this.#applications.size > 0) this.#deleted.set(message, true);
  }

  /**
   * The message that is to be answered: the repeated one as if its writer had written it; null for an original that was taken
   * away, and for a repeated one whose writer is not known.
   * @param arrivedAt when it came, ms of the clock: one that waited in line is not held once more.
   */
  async settle(message: HeardMessage, arrivedAt: number, signal: AbortSignal): Promise<HeardMessage | null> {
    if (this.#applications.size === 0 || message.guild_id === undefined) return message;
    if (this.isRepeated(message)) return this.#asWritten(message);
    if (message.webhook_id !== undefined || message.author.bot) return message;
    const left = arrivedAt + heldMs - this.#clock.elapsed();
    if (left > 0) await this.#clock.sleep(left, signal).catch(() => undefined);
    if (!this.#deleted.has(message.id)) return message;
    const others = this.#originals.get(message.channel_id) ?? [];
    this.#originals.set(message.channel_id, [message, ...others].slice(0, 10));
    return null;
  }

  #asWritten(repeated: HeardMessage): HeardMessage | null {
    const said = repeated.content.trim();
    const originals = this.#originals.get(repeated.channel_id) ?? [];
    const original = originals.find(({ content }) => said !== '' && content.includes(said));
    if (!original) return null;
    this.#originals.set(
      repeated.channel_id,
      originals.filter((one) => one !== original),
    );
    const { webhook_id: _, application_id: __, ...message } = repeated;
    const { username } = repeated.author;
    return {
      ...message,
      author: { ...original.author, username, global_name: username },
      ...(original.member && { member: { ...original.member, nick: username } }),
    };
  }
}
