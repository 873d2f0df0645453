import type { APIInteraction } from 'discord-api-types/v10';
import type { Whereabouts } from '../../src/care/where.js';
import { RecentMap } from '../../src/recent-map.js';

const rememberedUsers = 10_000;
const rememberedGuilds = 5_000;

/** What Discord's clients and servers are set to without anybody's doing: it says nothing. */
const untold = 'en-US';

/** What an interaction tells of where its person is: the language of their client, else that of the server. */
export function whereaboutsOf({
  locale,
  guild_locale,
}: Pick<APIInteraction, 'guild_locale'> & { readonly locale?: string }): Whereabouts {
  return { locale: told(locale) ?? told(guild_locale) };
}

/** The languages of people's clients and of servers, as interactions and the gateway have told them lately. */
export class Locales {
  readonly #users = new RecentMap<string, string>(rememberedUsers);
  readonly #guilds = new RecentMap<string, string>(rememberedGuilds);

  /** Takes what an interaction tells: messages tell nothing of the kind. */
  learn({ user, member, ...interaction }: APIInteraction): void {
    const id = (member?.user ?? user)?.id;
    if (id !== undefined && 'locale' in interaction) this.#users.set(id, interaction.locale);
  }

  /** A server is there, or was changed. */
  learnGuild(guild: string, locale: string): void {
    this.#guilds.set(guild, locale);
  }

  /** Where the writer of a message is; the server's language is the weaker hint. */
  of(user: string, guild: string | undefined): Whereabouts {
    return { locale: told(this.#users.get(user)) ?? told(guild && this.#guilds.get(guild)) };
  }
}

function told(locale: string | undefined): string | undefined {
  return locale === untold || locale === '' ? undefined : locale;
}
