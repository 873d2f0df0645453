import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  PermissionFlagsBits,
} from 'discord-api-types/v10';
import { RapportError } from '../../../../config/errors.js';
import { readSettings, saveSettings } from '../../../../src/commands/settings.js';
import { inGuilds } from '../command-words.js';
import type { SlashCommand } from '../context.js';
import { notice } from '../message-body.js';
import { channelsPage, mayChangeSettings, settingsPage } from '../settings-page.js';
import { characterNamed, characterOption, completeCharacter } from './character.js';

/** `/settings`: how the characters behave in a server; for those who manage it. */
export const settings: SlashCommand = {
  name: 'settings',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('settings'),
    ...inGuilds,
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
    options: [
      { type: ApplicationCommandOptionType.Subcommand, ...words.entry('settings.show') },
      { type: ApplicationCommandOptionType.Subcommand, ...words.entry('settings.channels') },
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('settings.character'),
        options: [characterOption(words, 'settings.character.character', false)],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('settings.limit'),
        options: [
          {
            type: ApplicationCommandOptionType.Integer,
            ...words.entry('settings.limit.replies'),
            required: true,
            min_value: 0,
            max_value: 10_000,
          },
        ],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('settings.disclosure'),
        options: [
          {
            type: ApplicationCommandOptionType.Integer,
            ...words.entry('settings.disclosure.hours'),
            required: true,
            min_value: 0,
            max_value: 168,
          },
        ],
      },
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('settings.bots'),
        options: [
          {
            type: ApplicationCommandOptionType.Boolean,
            ...words.entry('settings.bots.answer'),
            required: true,
          },
        ],
      },
    ],
  }),
  run: async (context, options) => {
    const { answer, services, place, say } = context;
    await answer.defer('person');
    const { community } = place;
    if (community === null) return answer.tell(notice(say('discord.settings.notHere')));
    if (!mayChangeSettings(place)) return answer.tell(notice(say('discord.settings.notAllowed')));
    const change = async (changed: Parameters<typeof saveSettings>[2]): Promise<void> => {
      const saved = await saveSettings(services, community, changed);
      await answer.show(settingsPage(context, saved, say('discord.settings.saved')));
    };
    switch (options.subcommand) {
      case 'channels':
        await answer.show(channelsPage(await readSettings(services, community), say));
        return;
      case 'character': {
        const typed = options.text('character');
        const id = typed === undefined ? null : characterNamed(services, typed).id;
        // One that is somebody's own answers nobody else.
        if (id !== null && services.bank.ownerOf(id) !== null)
          throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: typed ?? '' });
        return change({ defaultCharacterId: id });
      }
      case 'limit':
        return change({ dailyReplies: options.number('replies') ?? 0 });
      case 'disclosure':
        return change({ disclosureEveryHours: options.number('hours') ?? 0 });
      case 'bots':
        return change({ allowBots: options.flag('answer') ?? false });
      default:
        await answer.show(settingsPage(context, await readSettings(services, community)));
    }
  },
  complete: ({ services }, { focused }) =>
    focused?.name === 'character' ? completeCharacter(services, focused) : [],
};
