import type { API } from '@discordjs/core/http-only';
import { RecentMap } from '../../src/recent-map.js';

const remembered = 1_000;
/** A role may be given anew: it is asked for again after so long, ms. */
const knownMs = 3_600_000;

/** The role that Discord made for the bot in each server; people who call the bot are offered it beside the bot itself. */
export class OwnRoles {
  readonly #api: Pick<API, 'guilds'>;
  readonly #userId: string;
  readonly #elapsed: () => number;
  readonly #known = new RecentMap<string, { readonly role: string | undefined; readonly at: number }>(
    remembered,
  );

  constructor(api: Pick<API, 'guilds'>, userId: string, elapsed: () => number) {
    this.#api = api;
    this.#userId = userId;
    this.#elapsed = elapsed;
  }

  /** Undefined where it has none: it was invited without permissions. @throws what the REST client throws. */
  async of(guild: string): Promise<string | undefined> {
    const known = this.#known.get(guild);
    if (known && this.#elapsed() - known.at < knownMs) return known.role;
    const roles = await this.#api.guilds.getRoles(guild);
    const role = roles.find(({ tags }) => tags?.bot_id === this.#userId)?.id;
    this.#known.set(guild, { role, at: this.#elapsed() });
    return role;
  }

  /** What is known of it without asking. */
  peek(guild: string | undefined): string | undefined {
    return guild === undefined ? undefined : this.#known.get(guild)?.role;
  }
}
