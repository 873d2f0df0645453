import { RapportError } from '../../../config/errors.js';
import { takeTurn } from '../../../src/commands/allowance.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { remindIfDue } from '../../../src/commands/disclosure.js';
import type { CommunitySettings } from '../../../src/commands/settings.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import type { PersonId } from '../../../src/ids.js';
import type { InboundMessage, SessionState } from '../../../src/session/session.js';
import { type SlackAddress, slackCommunity } from '../address.js';

/** A person who has paused is told once in so long, ms. */
const pausedNoticeMs = 24 * 3_600_000;

export type Admitted =
  | { readonly outcome: 'recorded' | 'duplicate' }
  /** Not answered: what the person is to be told, if anything. */
  | { readonly outcome: 'refused'; readonly notice: string | null };

/** The last step before a message is the core's: daily allowance, reminder of the disclosure, pause, length. */
export class Admission {
  readonly #services: CommandServices;
  readonly #receive: InboundHandler;

  constructor(services: CommandServices, receive: InboundHandler) {
    this.#services = services;
    this.#receive = receive;
  }

  /**
   * Records a message. @param known the conversation as it stands; null where it has not begun.
   * @throws RapportError RAPPORT_E_STORE_UNAVAILABLE, RAPPORT_E_SHUTTING_DOWN: nothing was recorded.
   */
  async admit(
    message: InboundMessage & { readonly address: SlackAddress },
    settings: CommunitySettings,
    known: SessionState | null,
  ): Promise<Admitted> {
    const { say } = this.#services;
    const allowed = await takeTurn(this.#services, {
      community: slackCommunity(message.address.team),
      person: message.personId,
      text: message.text,
      message: message.id,
    });
    if (allowed !== 'ok') return { outcome: 'refused', notice: allowed.first ? allowed.notice : null };
    await remindIfDue(this.#services, known, settings.disclosureEveryHours);
    const { defaultCharacterId } = settings;
    try {
      const outcome = await this.#receive({
        ...message,
        ...(known === null && defaultCharacterId !== null && { characterId: defaultCharacterId }),
      });
      if (outcome !== 'paused') return { outcome };
      return { outcome: 'refused', notice: await this.#pausedNotice(message.personId) };
    } catch (error) {
      if (!(error instanceof RapportError) || error.code !== 'RAPPORT_E_INPUT_TOO_LARGE') throw error;
      return { outcome: 'refused', notice: say('slack.tooLong', error.details) };
    }
  }

  async #pausedNotice(person: PersonId): Promise<string | null> {
    const { store, say } = this.#services;
    const key = `slack:told-paused:${person}`;
    if ((await store.platform.get(key)) !== null) return null;
    await store.platform.set(key, '1', pausedNoticeMs);
    return say('slack.paused');
  }
}
