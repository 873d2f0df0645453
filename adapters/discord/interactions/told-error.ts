import { DiscordAPIError } from '@discordjs/rest';
import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { RapportError } from '../../../config/errors.js';
import { NotAnswerable } from './answer.js';
import type { Context } from './context.js';
import { plain, small } from './markup.js';
import { type MessageBody, message, text } from './message-body.js';

/** Codes with which Discord says that the bot may not. */
const forbidden: ReadonlySet<unknown> = new Set([
  RESTJSONErrorCodes.MissingAccess,
  RESTJSONErrorCodes.MissingPermissions,
]);

/** Anything that was thrown as a coded error; what is not coded gets a reference that the log can be searched for. */
export function codedError(
  thrown: unknown,
  { services, discord, interaction }: Pick<Context, 'services' | 'discord' | 'interaction'>,
): RapportError {
  if (thrown instanceof RapportError) return thrown;
  if (thrown instanceof DiscordAPIError && forbidden.has(thrown.code))
    return new RapportError(
      'RAPPORT_E_DELIVERY_FAILED',
      { platform: 'Discord', reason: thrown.message },
      thrown,
    );
  const reference = services.random.id();
  discord.logger.error(
    {
      reference,
      interaction: interaction.id,
      stack: thrown instanceof Error ? thrown.stack : String(thrown),
    },
    'unexpected error in an interaction',
  );
  return new RapportError('RAPPORT_E_INTERNAL', { reference }, thrown);
}

/** An error in plain words: what happened and what can be done here. */
export function errorMessage(
  error: RapportError,
  context: Pick<Context, 'say' | 'commandIds' | 'place'>,
): MessageBody {
  return message(text(`⚠️ ${plain(error.message)}\n${small(cureOf(error, context))}`));
}

/** The cures of the error table speak to operators as well: who is on Discord is told what can be done there. */
function cureOf(
  { code, cure }: RapportError,
  { say, commandIds, place }: Pick<Context, 'say' | 'commandIds' | 'place'>,
): string {
  if (code !== 'RAPPORT_E_CHARACTER_UNKNOWN') return plain(cure);
  return say('discord.unknownCharacter', { gallery: commandIds.mention('character gallery', place.guild) });
}

/** Whether nothing is left to be done: nobody can be told. */
export function isOver(thrown: unknown): thrown is NotAnswerable {
  return thrown instanceof NotAnswerable;
}
