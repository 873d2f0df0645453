import {
  type APIMessageComponentInteraction,
  ChannelType,
  ComponentType,
  PermissionFlagsBits,
  SelectMenuDefaultValueType,
} from 'discord-api-types/v10';
import type { Say } from '../../../config/locale.js';
import { type CommunitySettings, saveSettings } from '../../../src/commands/settings.js';
import { channels } from './admission.js';
import { componentId } from './component-id.js';
import type { ComponentHandlers, Context } from './context.js';
import { box, type MessageBody, message, notice, plain, small, text } from './message-body.js';
import type { Place } from './place.js';
import { button, row } from './reply-buttons.js';

/** Channels a menu can hold. */
const maxChannels = 25;

/** The command may have been given to others by the server; what it changes stays with those who manage the server. */
export function mayChangeSettings(place: Pick<Place, 'personMay'>): boolean {
  return place.personMay(PermissionFlagsBits.ManageGuild);
}

/** What holds in a server. */
export function settingsPage(
  { say, services, commandIds, place }: Pick<Context, 'say' | 'services' | 'commandIds' | 'place'>,
  settings: CommunitySettings,
  headline = '',
): MessageBody {
  const word = (key: string, values = {}) => say(`discord.settings.${key}`, values);
  const { allowedChannels, defaultCharacterId, dailyReplies, disclosureEveryHours, allowBots } = settings;
  const character = defaultCharacterId === null ? undefined : services.bank.get(defaultCharacterId);
  const line = (sub: string, title: string, value: string): string =>
    `- **${title}**: ${value} · ${commandIds.mention(`settings ${sub}`, place.guild)}`;
  const lines = [
    line(
      'channels',
      word('channels'),
      allowedChannels.length > 0 ? channels(allowedChannels) : word('everywhere'),
    ),
    line('character', word('character'), character ? plain(character.name) : word('matched')),
    line(
      'limit',
      word('limit'),
      dailyReplies > 0 ? word('perDay', { count: dailyReplies }) : word('noLimit'),
    ),
    line(
      'disclosure',
      word('disclosure'),
      disclosureEveryHours > 0 ? word('everyHours', { hours: disclosureEveryHours }) : word('atTheBeginning'),
    ),
    line('bots', word('bots'), word(allowBots ? 'answered' : 'ignored')),
  ];
  return message(
    box(
      ...(headline ? [text(headline)] : []),
      text(`### ${word('title')}`),
      text(lines.join('\n')),
      text(small(word('scope'))),
    ),
  );
}

/** The menu in which the channels are chosen where characters answer. */
export function channelsPage({ allowedChannels }: CommunitySettings, say: Say): MessageBody {
  return message(
    text(say('discord.settings.chooseChannels')),
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.ChannelSelect,
          custom_id: componentId({ do: 'channels' }),
          placeholder: say('discord.settings.everywhere'),
          channel_types: [
            ChannelType.GuildText,
            ChannelType.GuildAnnouncement,
            ChannelType.GuildForum,
            ChannelType.GuildMedia,
            ChannelType.GuildVoice,
          ],
          min_values: 0,
          max_values: maxChannels,
          default_values: allowedChannels
            .slice(0, maxChannels)
            .map((id) => ({ id, type: SelectMenuDefaultValueType.Channel })),
        },
      ],
    },
    row(button(say('discord.buttons.everywhere'), '🌐', componentId({ do: 'everywhere' }))),
  );
}

/** The menu of `/settings channels`. */
export const communityHandlers: ComponentHandlers<'channels' | 'everywhere'> = {
  channels: (context) => {
    const { data } = context.interaction;
    return allow(context, data.component_type === ComponentType.ChannelSelect ? data.values : []);
  },
  everywhere: (context) => allow(context, []),
};

async function allow(
  context: Context<APIMessageComponentInteraction>,
  allowedChannels: readonly string[],
): Promise<void> {
  const { answer, services, place, say } = context;
  await answer.deferUpdate();
  const { community } = place;
  if (community === null) return answer.tell(notice(say('discord.settings.notHere')));
  if (!mayChangeSettings(place)) return answer.tell(notice(say('discord.settings.notAllowed')));
  const saved = await saveSettings(services, community, { allowedChannels: [...allowedChannels] });
  await answer.show(settingsPage(context, saved, say('discord.settings.saved')));
}
