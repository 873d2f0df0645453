import type { Clock } from '../../../src/clock.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { faceUrl } from '../../../src/delivery/face-url.js';
import { Recent } from '../api/recent.js';

/** Name and picture a message stands under. */
export interface Identity {
  readonly username?: string;
  readonly icon_url?: string;
}

const nameUnits = 80;
const refusedForMs = 600_000;

/** The character's name and face, where the workspace's token may show them. */
export class Identities {
  readonly #avatarUrl: string;
  readonly #refused: Recent<true>;

  /** @param avatarUrl template of `delivery.avatarUrl`. */
  constructor(avatarUrl: string, clock: Clock) {
    this.#avatarUrl = avatarUrl;
    this.#refused = new Recent(1_000, refusedForMs, () => clock.elapsed());
  }

  /** A notice is the app speaking, under its own name. */
  of({ kind, speaker }: OutgoingMessage, team: string): Identity {
    if (kind === 'notice' || this.#refused.get(team)) return {};
    const username = speaker.name.replace(/\s+/g, ' ').trim().slice(0, nameUnits);
    const icon = faceUrl(speaker.avatar, this.#avatarUrl);
    return { ...(username === '' ? {} : { username }), ...(icon === null ? {} : { icon_url: icon }) };
  }

  /** The token lacks `chat:write.customize`: for some minutes messages stand under the app's name. */
  refuse(team: string): void {
    this.#refused.set(team, true);
  }
}
