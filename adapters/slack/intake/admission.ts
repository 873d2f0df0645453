import { isRapportError } from '../../../config/errors.js';
import { takeTurn } from '../../../src/commands/allowance.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { remindIfDue } from '../../../src/commands/disclosure.js';
import type { CommunitySettings } from '../../../src/commands/settings.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import type { PersonId } from '../../../src/ids.js';
import type { InboundMessage, SessionState } from '../../../src/state/session.js';
import { type SlackAddress, slackCommunity } from '../address.js';

/** A person who has paused is told once in so long, ms. */
const pausedNoticeMs = 24 * 3_600_000;

export type Admitted = { readonly outcome: 'recorded' | 'duplicate' } | Refusal;

/** Not answered. */
export interface Refusal {
  readonly outcome: 'refused';
  /** Why, in words for the person; before it, where there is help for somebody in danger. */
  readonly notice: string;
  /** They have been told lately: who just writes on need not be told again. */
  readonly again: boolean;
}

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
    const { say, care, bank } = this.#services;
    const danger = care.answer([message.text]);
    // Nobody who says that they are in danger is only told of rules.
    const refused = (notice: string, again: boolean): Refusal => ({
      outcome: 'refused',
      notice: danger ? `${danger.text}\n\n${notice}` : notice,
      again: again && danger === null,
    });
    const allowed = await takeTurn(this.#services, {
      community: slackCommunity(message.address.team),
      person: message.personId,
      text: message.text,
      message: message.id,
    });
    if (allowed !== 'ok') return refused(allowed.notice, !allowed.first);
    await remindIfDue(this.#services, known, settings.disclosureEveryHours);
    // A character that was chosen once may be gone from the bank.
    const character = bank.get(settings.defaultCharacterId ?? '');
    try {
      const outcome = await this.#receive({
        ...message,
        ...(known === null && character && { characterId: character.id }),
      });
      if (outcome !== 'paused') return { outcome };
      return refused(say('slack.paused'), await this.#knowsOfPause(message.personId));
    } catch (error) {
      if (!isRapportError(error, 'RAPPORT_E_INPUT_TOO_LARGE')) throw error;
      const { size, limit } = error.details;
      return refused(say('slack.tooLong', { size, limit }), false);
    }
  }

  async #knowsOfPause(person: PersonId): Promise<boolean> {
    const { platform } = this.#services.store;
    const key = `slack:told-paused:${person}`;
    if ((await platform.get(key)) !== null) return true;
    await platform.set(key, '1', pausedNoticeMs);
    return false;
  }
}
