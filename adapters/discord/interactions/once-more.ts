import { DiscordAPIError, RateLimitError } from '@discordjs/rest';

/**
 * Does something that may be done twice; once more where it got lost on the way there or back, or Discord failed over it.
 * What Discord refused stays refused.
 * @param lost called before the second try.
 */
export async function onceMore<T>(send: () => Promise<T>, lost: () => void = () => undefined): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof DiscordAPIError || error instanceof RateLimitError) throw error;
    lost();
    return send();
  }
}
