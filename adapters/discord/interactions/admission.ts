import { takeTurn } from '../../../src/commands/allowance.js';
import { type CommunitySettings, channelAllowed, readSettings } from '../../../src/commands/settings.js';
import { messageId } from '../../../src/ids.js';
import type { Context } from './context.js';

export type Admission =
  | { readonly admitted: true; readonly settings: CommunitySettings }
  | { readonly admitted: false; readonly notice: string };

/** Whether the person may talk to characters at this place now; counts the message against their daily allowance. */
export async function admit(
  { services, say, place, interaction }: Pick<Context, 'services' | 'say' | 'place' | 'interaction'>,
  text: string,
): Promise<Admission> {
  const { community, person, channel, parent } = place;
  const [settings, profile] = await Promise.all([
    readSettings(services, community),
    services.store.people.profile(person),
  ]);
  // Nobody who says that they are in danger is only told of rules.
  const care = services.care.answer([text]);
  const refused = (notice: string): Admission => ({
    admitted: false,
    notice: care ? `${care.text}\n\n${notice}` : notice,
  });
  if (!channelAllowed(settings, parent === undefined ? [channel] : [channel, parent]))
    return refused(say('discord.notInThisChannel', { channels: channels(settings) }));
  if (profile?.paused) return refused(say('discord.paused'));
  const turn = await takeTurn(services, { community, person, text, message: messageId(interaction.id) });
  return turn === 'ok' ? { admitted: true, settings } : { admitted: false, notice: turn.notice };
}

/** Some of the channels, as Discord shows them. */
export function channels({ allowedChannels }: Pick<CommunitySettings, 'allowedChannels'>): string {
  const shown = allowedChannels.slice(0, mostShown).map((id) => `<#${id}>`);
  return [...shown, ...(allowedChannels.length > mostShown ? ['…'] : [])].join(', ');
}

const mostShown = 20;
