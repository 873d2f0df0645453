import { reasonOf } from '../../../config/errors.js';
import type { Say } from '../../../config/locale.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { type SessionId, turnId } from '../../../src/ids.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { userOf } from '../ids.js';
import type { Notices } from '../intake/notices.js';
import type { ChannelAddress } from '../interaction-port.js';

export interface ForbiddenOptions {
  readonly notices: Notices;
  readonly store: Pick<Store, 'sessions' | 'outbox'>;
  readonly say: Say;
  readonly logger: Logger;
}

const day = 86_400_000;

/** Tells the person who waits for an answer that the bot may not write where they asked, which permission is missing and who can grant it. */
export class Forbidden {
  readonly #options: ForbiddenOptions;

  constructor(options: ForbiddenOptions) {
    this.#options = options;
  }

  /** Goes on by itself; what fails is logged. */
  tell(address: ChannelAddress, message: OutgoingMessage): void {
    const { logger } = this.#options;
    logger.warn(
      { channel: address.channel, permissions: ['Send Messages', 'Send Messages in Threads'] },
      'the bot may not write in a channel in which it was asked something',
    );
    this.#tell(address, message).catch((error: unknown) =>
      logger.info({ reason: reasonOf(error) }, 'a person could not be told that the bot may not write'),
    );
  }

  async #tell(
    { channel, parent = channel, guild }: ChannelAddress,
    { sessionId }: OutgoingMessage,
  ): Promise<void> {
    const { notices, store, say } = this.#options;
    const session = await store.sessions.get(sessionId as SessionId);
    const user = session && userOf(session.ownerId);
    if (!user || guild === undefined) return;
    const key = `forbidden:${parent}:${user}`;
    await notices.tellInPrivate(user, {
      text: say('discordChat.cannotWrite', { channel: `<#${parent}>` }),
      key: `${key}:${turnId(session.id, session.turnCount)}`,
      once: { key, ms: day },
    });
  }
}
