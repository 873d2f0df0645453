import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { within } from '../../../src/within.js';
import { isDirectMessage, type SlackAddress } from '../address.js';
import { failureReason } from '../api/call-failure.js';
import type { SlackClients } from '../api/workspace-clients.js';
import { escapeText } from './plain-text.js';

/**
 * Posts sentences of the platform beside the conversation: a limit, a file that was not read. They are worded by whoever has them said
 * (`config/locales/slack.en.yaml`). A failure is of no consequence.
 */
export class NoticeSender {
  readonly #clients: SlackClients;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(clients: SlackClients, clock: Clock, logger: Logger) {
    this.#clients = clients;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Says something where a message was written. */
  say(address: SlackAddress, text: string): Promise<void> {
    return this.#send(async () => {
      const client = await this.#clients.of(address);
      await client.chat.postMessage({
        channel: address.channel,
        text: escapeText(text),
        unfurl_links: false,
        unfurl_media: false,
        ...(address.thread !== '' && { thread_ts: address.thread }),
      });
    });
  }

  /** Tells one person alone. */
  tell(address: SlackAddress, text: string): Promise<void> {
    if (isDirectMessage(address.channel)) return this.say(address, text);
    return this.#send(async () => {
      const client = await this.#clients.of(address);
      await client.chat.postEphemeral({
        channel: address.channel,
        user: address.user,
        text: escapeText(text),
        ...(address.thread !== '' && { thread_ts: address.thread }),
      });
    });
  }

  #send(send: () => Promise<void>): Promise<void> {
    return inPassing(this.#clock, this.#tried(send));
  }

  async #tried(send: () => Promise<void>): Promise<void> {
    try {
      await send();
    } catch (error) {
      this.#logger.info({ reason: failureReason(error) }, 'a notice could not be posted to Slack');
    }
  }
}

/** Slack waits three seconds for an acknowledgement, most of which belongs to what has to be recorded, ms. */
const longestMs = 500;

/** Something that is shown beside the conversation: it is waited for a moment only, and goes on by itself. It must not throw. */
export async function inPassing(clock: Clock, work: Promise<void>): Promise<void> {
  await within(clock, longestMs, work);
}
