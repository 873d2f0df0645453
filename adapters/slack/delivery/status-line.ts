import type { WebClient } from '@slack/web-api';
import type { Clock } from '../../../src/clock.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { SlackAddress } from '../address.js';
import { failureReason, refusedWith } from '../api/call-failure.js';
import type { ReplyWords } from './reply-blocks.js';

/** A conversation that refuses a status is asked again after so long, ms. */
const refusedForMs = 3_600_000;
const statusLifeMs = 120_000;
const maxLoading = 10;

/** The line "… is thinking" under a thread. Slack takes it away when the app posts there, or after two minutes. */
export class StatusLine {
  readonly #words: ReplyWords;
  readonly #logger: Logger;
  readonly #refused: RecentMap<string, true>;
  readonly #shown: RecentMap<string, Promise<unknown>>;
  readonly #arrived = new WeakSet<Promise<unknown>>();

  constructor(words: ReplyWords, clock: Clock, logger: Logger) {
    this.#words = words;
    this.#logger = logger;
    this.#refused = new RecentMap(5_000, { ms: refusedForMs, clock });
    this.#shown = new RecentMap(5_000, { ms: statusLifeMs, clock });
  }

  /** Shows it. @throws what the WebClient throws, which is of no consequence. */
  async show(client: WebClient, address: SlackAddress): Promise<void> {
    const thread = address.thread || address.message;
    if (thread === '' || this.#refused.get(address.channel)) return;
    const { status, loading } = this.#words;
    const key = `${address.channel}:${thread}`;
    const call = client.assistant.threads.setStatus({
      channel_id: address.channel,
      thread_ts: thread,
      status,
      ...(loading.length > 0 ? { loading_messages: loading.slice(0, maxLoading) } : {}),
    });
    this.#shown.set(key, call);
    try {
      await call;
    } catch (thrown) {
      this.#shown.delete(key);
      if (refusedWith(thrown) !== null) this.#refused.set(address.channel, true);
      throw thrown;
    } finally {
      this.#arrived.add(call);
    }
  }

  /**
   * A message has been posted. A status that was on its way meanwhile is taken back once it has arrived, and so is one
   * that stands under a message whose answer is no reply in its thread.
   */
  posted(client: WebClient, address: SlackAddress): void {
    const thread = address.thread || address.message;
    const key = `${address.channel}:${thread}`;
    const call = this.#shown.get(key);
    this.#shown.delete(key);
    if (!call || (address.thread !== '' && this.#arrived.has(call))) return;
    call
      .then(() =>
        client.assistant.threads.setStatus({ channel_id: address.channel, thread_ts: thread, status: '' }),
      )
      .catch((thrown: unknown) => {
        this.#logger.debug({ reason: failureReason(thrown) }, 'a status was not taken back');
      });
  }
}
