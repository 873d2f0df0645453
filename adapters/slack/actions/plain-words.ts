import { RapportError } from '../../../config/errors.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { callFailure, failureReason } from '../api/call-failure.js';

/** What a person is told when something they asked for failed: what happened and what they can do, without codes. */
export function plainWords(
  error: unknown,
  { say, logger, random }: Pick<CommandServices, 'say' | 'logger' | 'random'>,
): string {
  if (error instanceof RapportError && error.code !== 'RAPPORT_E_INTERNAL') {
    if (error.code === 'RAPPORT_E_ENTRY_REFUSED') return String(error.details.reason ?? error.message);
    if (error.code === 'RAPPORT_E_CHARACTER_UNKNOWN') return say('slack.character.gone');
    logger.warn({ code: error.code, reason: error.message }, 'a command of Slack failed');
    if (error.code === 'RAPPORT_E_SHUTTING_DOWN') return say('slack.restarting');
    return error.retryable ? say('slack.passing') : say('slack.failed', { reason: error.message });
  }
  const failure = callFailure(error);
  const reference = random.id().slice(0, 8);
  logger.error(
    {
      reference,
      reason: failureReason(error),
      stack: error instanceof Error && failure.kind === 'unknown' ? error.stack : undefined,
    },
    'a command of Slack failed',
  );
  if (failure.kind === 'limited')
    return say('slack.busy', { seconds: Math.ceil(failure.retryAfterMs / 1_000) });
  if (failure.kind === 'refused' && failure.error === 'expired_trigger_id') return say('slack.tooSlow');
  if (failure.kind === 'refused' && failure.error === 'missing_scope')
    return say('slack.missingScope', { scope: failure.needed ?? '' });
  return say('slack.broken', { reference });
}
