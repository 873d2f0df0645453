import type { Discord, SeenMessage } from '../../doubles/discord/index.js';
import type { Ref } from '../../doubles/discord/people/places.js';

/** Whether a reply is done: the buttons of a whole reply stand below it. */
export const isDone = ({ buttons }: SeenMessage): boolean => buttons.some(({ emoji }) => emoji === '👍');

/** Whether it is being written. */
export const isGrowing = ({ buttons }: SeenMessage): boolean => buttons.some(({ emoji }) => emoji === '⏹️');

/** Resolves with the messages of the bot and its characters once `count` replies in a channel are done. */
export function replies(discord: Discord, channel: Ref, count = 1): Promise<readonly SeenMessage[]> {
  return discord.until(
    () => {
      const own = ours(discord, channel);
      return own.filter(isDone).length >= count && own;
    },
    { what: `${count} finished replies` },
  );
}

/** What the bot and its characters have written in a channel. */
export function ours(discord: Discord, channel: Ref): readonly SeenMessage[] {
  return discord.whatUsersSee(channel).filter(({ author }) => author.kind !== 'person');
}

/** The threads of a guild's channels, oldest first. */
export function threads(discord: Discord): readonly { readonly id: string; readonly name: string | null }[] {
  return [...discord.world.channels.values()].filter(({ thread }) => thread !== null && thread !== undefined);
}
