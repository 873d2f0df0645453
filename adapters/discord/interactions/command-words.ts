import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ApplicationIntegrationType,
  Locale as DiscordLocale,
  InteractionContextType,
  type LocalizationMap,
} from 'discord-api-types/v10';
import { readLocale, type Say } from '../../../config/locale.js';
import { packageRoot } from '../../../config/root.js';

/** A locale of ours with what Discord calls it. */
export interface Translation {
  readonly locales: readonly DiscordLocale[];
  readonly say: Say;
}

/** The words of command definitions: in the operator's locale, and in every other there is a file of. */
export class CommandWords {
  readonly #say: Say;
  readonly #others: readonly Translation[];

  constructor(say: Say, others: readonly Translation[]) {
    this.#say = say;
    this.#others = others;
  }

  /**
   * Name and description of a command or option: `chat`, `chat.options.message`. The name that the code knows it by is the
   * last part of the path; a locale may show another.
   */
  entry(path: string): {
    readonly name: string;
    readonly name_localizations?: LocalizationMap;
    readonly description: string;
    readonly description_localizations?: LocalizationMap;
  } {
    const name = path.split('.').at(-1) ?? path;
    const names = this.#map(`${key(path)}.name`, name);
    const descriptions = this.#map(`${key(path)}.description`);
    return {
      name,
      ...(names && { name_localizations: names }),
      description: this.#say(`${key(path)}.description`),
      ...(descriptions && { description_localizations: descriptions }),
    };
  }

  /** The name of an entry of a message's menu, or of a choice; the operator's locale says what is shown by default. */
  label(path: string): { readonly name: string; readonly name_localizations?: LocalizationMap } {
    const names = this.#map(key(path));
    return { name: this.#say(key(path)), ...(names && { name_localizations: names }) };
  }

  #map(path: string, besides?: string): LocalizationMap | null {
    const entries = this.#others.flatMap(({ locales, say }) => {
      const text = say(path);
      return text === besides ? [] : locales.map((locale) => [locale, text] as const);
    });
    return entries.length > 0 ? Object.fromEntries(entries) : null;
  }
}

function key(path: string): string {
  return `discord.commands.${path}`;
}

/** The locales of config/locales that have words for Discord, but for the operator's own. */
export function otherTranslations(own: string): Translation[] {
  return readdirSync(join(packageRoot, 'config/locales'))
    .flatMap((file) => /^discord\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .filter((code) => code !== own)
    .map((code) => ({
      locales: discordLocales(code),
      say: readLocale(code, ['discord', 'discord-chat']).say,
    }))
    .filter(({ locales }) => locales.length > 0);
}

/** Discord's names for one of our locales (`en` → `en-US`, `en-GB`); none where it knows no such language. */
export function discordLocales(code: string): DiscordLocale[] {
  return Object.values(DiscordLocale).filter((locale) => locale === code || locale.startsWith(`${code}-`));
}

/** Installed to a server or by a person for themselves; used anywhere. */
export const everywhere = {
  integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
};

/** In servers that have installed it. */
export const inGuilds = {
  integration_types: [ApplicationIntegrationType.GuildInstall],
  contexts: [InteractionContextType.Guild],
};
