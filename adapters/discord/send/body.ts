import { type APIMessageTopLevelComponent, MessageFlags } from 'discord-api-types/v10';
import type { Say } from '../../../config/locale.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { offerRow, rowFor } from '../interactions/reply-buttons.js';

/** Nobody is ever pinged by what a model or a person wrote. */
export const noMentions = (): { parse: [] } => ({ parse: [] });

/** Links in a text show no previews: they would come and go while it is written. */
export const plainFlags = MessageFlags.SuppressEmbeds;

/**
 * The buttons of a message: stop while it is written, those of the whole reply on its last message. A message that is done
 * while the reply goes on below carries its nonce when it is posted (`nonce`), and nothing once it has been edited. The
 * platform's own words carry none.
 */
export function buttonsOf(
  { kind, final, last, offer, sessionId, turnId }: OutgoingMessage,
  say: Say,
  nonce?: string,
): APIMessageTopLevelComponent[] {
  const row = (state: 'streaming' | 'marker' | 'done'): APIMessageTopLevelComponent[] => [
    rowFor({ sessionId, turnId, state, say, ...(nonce !== undefined && { nonce }) }),
  ];
  if (!final) return row('streaming');
  if (!last) return nonce === undefined ? [] : row('marker');
  if (kind !== 'reply') return [];
  return [...row('done'), ...(offer ? [offerRow({ sessionId, character: offer, say })] : [])];
}
