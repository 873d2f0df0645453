import { reasonOf } from '../../config/errors.js';
import type { PlatformAdapter } from '../delivery/adapter.js';
import { nonceOf } from '../delivery/nonce.js';
import { turnId } from '../ids.js';
import type { InboundMessage } from '../state/session.js';
import type { TurnServices } from './turn-services.js';

type Care = NonNullable<InboundMessage['care']>;

/** Whoever posted it has long had its receipt, or died, ms. */
const postMs = 5_000;
/** How often a turn looks for the receipt of another process, ms. */
const lookMs = 100;

/** Whether the platform has a pace that a reply on its way may have used up; the others answer a turn at once. */
export function paced({ capabilities }: PlatformAdapter): boolean {
  return capabilities.minEditIntervalMs > 0;
}

/**
 * Posts the care answer past queue, lease and pace, and notes that it was. A failure is logged: the turn of the message says
 * it then, under the same nonce.
 */
export async function sayAtOnce(
  adapter: PlatformAdapter,
  message: InboundMessage,
  { text }: Care,
  { store, logger, config }: TurnServices,
): Promise<void> {
  // Nobody waits for the note: it may be late, and the platform has been told.
  const note = (what: 'posted' | 'refused'): void => {
    store.values
      .set(keyOf(message), what, config.state.dedupeHours * 3_600_000)
      .catch((error: unknown) =>
        logger.warn({ reason: reasonOf(error) }, 'it was not noted that a care answer was sent'),
      );
  };
  try {
    await adapter.post(
      message.address,
      {
        text,
        speaker: { name: 'Rapport' },
        kind: 'notice',
        final: true,
        last: true,
        turnId: turnId(message.sessionId, 0),
        sessionId: message.sessionId,
      },
      nonce(message),
    );
    note('posted');
  } catch (error) {
    note('refused');
    logger.warn(
      { session: message.sessionId, reason: reasonOf(error) },
      'the care answer could not be posted at once; the turn says it',
    );
  }
}

/**
 * Whether the care answer of a message stands on the platform: another process may just be posting it, or have died between
 * the post and its note.
 */
export async function wasSaid(
  adapter: PlatformAdapter,
  message: InboundMessage,
  { at }: Care,
  { store, clock }: TurnServices,
  abandon: AbortSignal,
): Promise<boolean> {
  if (!paced(adapter)) return false;
  for (;;) {
    const noted = await store.values.get(keyOf(message));
    if (noted === 'posted') return true;
    if (noted === 'refused' || clock.now() - at > postMs) break;
    await clock.sleep(lookMs, abandon);
  }
  return ((await adapter.findReceipt?.(message.address, nonce(message))) ?? null) !== null;
}

function keyOf({ sessionId, id }: InboundMessage): string {
  return `care:said:${sessionId}:${id}`;
}

function nonce({ sessionId, id }: InboundMessage): string {
  return nonceOf(turnId(sessionId, 0), id, 0);
}
