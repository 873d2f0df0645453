import { reasonOf } from '../../config/errors.js';
import type { SendContext } from './segment-sender.js';

/** A typing indicator is shown anew this often; Discord's lasts ten seconds. */
const typingEveryMs = 8_000;

/** Shows that a reply is on its way while `isSilent` says that it has no text. Of no consequence where it fails. */
export async function showTyping(
  { adapter, address, clock, logger }: SendContext,
  signal: AbortSignal,
  isSilent: () => boolean,
): Promise<void> {
  if (!adapter.capabilities.typing || !adapter.typing) return;
  while (!signal.aborted && isSilent()) {
    await adapter.typing(address).catch((thrown: unknown) => {
      logger.debug({ reason: reasonOf(thrown) }, 'the typing indicator could not be shown');
    });
    await clock.sleep(typingEveryMs, signal).catch(() => undefined);
  }
}
