import type { API } from '@discordjs/core/http-only';
import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import type { Say } from '../../../config/locale.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { type SessionId, turnId } from '../../../src/ids.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import type { ChannelAddress } from '../address.js';
import { userOf } from '../ids.js';
import { missingPermissions, toWrite } from '../missing-permissions.js';
import { discordCode, isForbidden } from '../send/refusals.js';
import type { NoticeSender } from './notice-sender.js';

export interface RefusedRepliesOptions {
  readonly api: Pick<API, 'guilds' | 'channels'>;
  readonly userId: string;
  readonly notices: NoticeSender;
  readonly store: Pick<Store, 'sessions' | 'outbox'>;
  readonly say: Say;
  readonly logger: Logger;
}

const day = 86_400_000;

/** Words for what Discord says no to, beside a missing permission. */
const wordsOf: ReadonlyMap<number, string> = new Map([
  [RESTJSONErrorCodes.ThreadLocked, 'discordChat.refusedLocked'],
  [RESTJSONErrorCodes.MessageWasBlockedByAutomaticModeration, 'discordChat.refusedFilter'],
  [RESTJSONErrorCodes.MessageBlockedByHarmfulLinksFilter, 'discordChat.refusedFilter'],
  [RESTJSONErrorCodes.ThisInteractionHasHitTheMaximumNumberOfFollowUpMessages, 'discordChat.refusedMany'],
]);

/**
 * Tells the person who waits for an answer, in private, that Discord does not take it where they asked, and why: which
 * permission is missing, or what else it is.
 */
export class RefusedReplies {
  readonly #options: RefusedRepliesOptions;

  constructor(options: RefusedRepliesOptions) {
    this.#options = options;
  }

  /** Goes on by itself; what fails is logged. */
  tell(address: ChannelAddress, message: OutgoingMessage, error: unknown): void {
    const { logger } = this.#options;
    this.#tell(address, message, error).catch((failed: unknown) =>
      logger.info(
        { reason: reasonOf(failed) },
        'a person could not be told that Discord did not take the answer to them',
      ),
    );
  }

  async #tell(address: ChannelAddress, { sessionId }: OutgoingMessage, error: unknown): Promise<void> {
    const { api, userId, notices, store, say, logger } = this.#options;
    const { channel, parent = channel } = address;
    const code = discordCode(error) ?? 0;
    const missing = isForbidden(error)
      ? await missingPermissions(api, userId, address, toWrite(address.parent !== undefined))
      : null;
    logger.warn(
      { channel, code, reason: reasonOf(error), ...(missing && { permissions: missing }) },
      'Discord does not take an answer in the channel in which it was asked for',
    );
    const session = await store.sessions.get(sessionId as SessionId);
    const user = session && userOf(session.ownerId);
    // Who takes no messages of the bot cannot be told so.
    if (!user || code === RESTJSONErrorCodes.CannotSendMessagesToThisUser) return;
    const place = `<#${parent}>`;
    const text = missing
      ? say('discordChat.cannotWrite', { channel: place, permissions: missing })
      : say(wordsOf.get(code) ?? 'discordChat.refused', { channel: place, code: String(code) });
    const key = `refused:${parent}:${user}:${code}`;
    await notices.tellInPrivate(user, {
      text,
      key: `${key}:${turnId(session.id, session.turnCount)}`,
      once: { key, ms: day },
    });
  }
}
