import type { Arrival, RefusalWords, Rule, Rules } from '../../../src/commands/admit.js';
import { messageId, type SessionId } from '../../../src/ids.js';
import { whereaboutsOf } from '../locales.js';
import type { Context } from './context.js';
import type { Place } from './place.js';
import { leaderAt } from './taking-part.js';

/** What every message of an interaction says about itself to the admission. */
export function arrivalOf(
  { interaction, place, say }: Pick<Context, 'interaction' | 'place' | 'say'>,
  session: SessionId,
): Omit<Arrival, 'kind' | 'typed' | 'open'> {
  return {
    id: messageId(interaction.id),
    session,
    rules: rulesOf(place),
    whereabouts: whereaboutsOf(interaction),
    words: refusalWords(say),
    ...leaderAt(place),
  };
}

/** Whose rules hold at a place. */
export function rulesOf({ community, channel, parent }: Place): Rules {
  return { community, channels: parent === undefined ? [channel] : [channel, parent] };
}

export function refusalWords(say: Context['say']): RefusalWords {
  return (rule) => {
    switch (rule.kind) {
      case 'channel':
        return notInThisChannel(say, rule);
      case 'paused':
        return say('discord.paused');
      case 'too-long':
        return say('discordChat.tooLong', { size: rule.size, limit: rule.limit });
      case 'lead':
        return say('discord.notYoursToLead');
    }
  };
}

/** Where characters answer instead. */
export function notInThisChannel(
  say: Context['say'],
  { allowed }: Extract<Rule, { readonly kind: 'channel' }>,
): string {
  return say('discord.notInThisChannel', { channels: channels(allowed) });
}

/** Some of the channels, as Discord shows them. */
export function channels(ids: readonly string[]): string {
  const shown = ids.slice(0, maxShown).map((id) => `<#${id}>`);
  return [...shown, ...(ids.length > maxShown ? ['…'] : [])].join(', ');
}

const maxShown = 20;
