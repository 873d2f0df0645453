import { reasonOf } from '../../config/errors.js';
import type { SendContext } from './segment-sender.js';

type TypingContext = Pick<SendContext, 'adapter' | 'address' | 'logger'>;

/** A typing indicator is shown anew this often; Discord's lasts ten seconds. */
const typingEveryMs = 8_000;

/** Shows once that a reply is on its way. Of no consequence where it fails. */
export async function typeOnce({ adapter, address, logger }: TypingContext): Promise<void> {
  if (!adapter.capabilities.typing || !adapter.typing) return;
  await adapter.typing(address).catch((thrown: unknown) => {
    logger.debug({ reason: reasonOf(thrown) }, 'the typing indicator could not be shown');
  });
}

/**
 * Shows that a reply is on its way while `isSilent` says that it has no text.
 * @param typedAt `elapsed` at which it was shown last; by default it is shown at once.
 */
export async function showTyping(
  context: TypingContext & Pick<SendContext, 'clock'>,
  signal: AbortSignal,
  isSilent: () => boolean,
  typedAt = Number.NEGATIVE_INFINITY,
): Promise<void> {
  const { clock, adapter } = context;
  if (!adapter.capabilities.typing) return;
  const pause = (ms: number): Promise<void> => clock.sleep(ms, signal).catch(() => undefined);
  const first = typedAt + typingEveryMs - clock.elapsed();
  if (first > 0) await pause(first);
  while (!signal.aborted && isSilent()) {
    await typeOnce(context);
    await pause(typingEveryMs);
  }
}
