import { type APIMessageTopLevelComponent, MessageFlags } from 'discord-api-types/v10';
import type { Say } from '../../../config/locale.js';
import type { OutgoingMessage } from '../../../src/delivery/adapter.js';
import { offerRow, rowFor } from '../interactions/reply-buttons.js';

/** Discord's limit of a message's content, characters. */
const contentChars = 2_000;
/** Longest name shown before a text; webhooks take 80. */
const nameUnits = 60;
/** `**`, `**` and the line break around the name. */
const markupUnits = 5;
const webhookNameUnits = 80;

/** What is left for the text, UTF-16 units; escaped names take up to twice their length. */
export const textUnits = contentChars - 2 * nameUnits - markupUnits;

const meaningful = /[\\*_~`|<>[\]]/g;
/** Words that Discord does not take in a webhook's name. */
const refusedNames = /discord|clyde/gi;

/** The text of a reply under the bot's own name: the character's name stands before it. */
export function withName({ speaker, text }: OutgoingMessage): string {
  const name = cut(speaker.name, nameUnits).replace(meaningful, '\\$&');
  return `**${name}**\n${text}`;
}

/** A character's name as Discord takes it for a webhook: 1 to 80 characters, without its reserved words. */
export function webhookName(name: string): string {
  const shown = cut(
    name.replace(refusedNames, (word) => `${word.slice(0, 1)}.${word.slice(1)}`),
    webhookNameUnits,
  ).trim();
  return shown === '' ? 'Rapport' : shown;
}

function cut(text: string, units: number): string {
  return text.slice(0, units).replace(/[\uD800-\uDBFF]$/, '');
}

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
