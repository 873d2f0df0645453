import { type APIMessageComponentInteraction, ComponentType } from 'discord-api-types/v10';
import { saveSettings } from '../../../../src/commands/settings.js';
import type { ComponentHandlers, Context } from '../context.js';
import { notice } from '../message-body.js';
import { mayChangeSettings, settingsPage } from '../settings-page.js';

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
