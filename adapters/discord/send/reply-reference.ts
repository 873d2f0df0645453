import { discordCode } from './refusals.js';

/** "Cannot reply to (or reference) a message without permission to read message history." */
const mayNotRefer: ReadonlySet<number> = new Set([160_002, 160_009]);

interface Referring {
  readonly message_reference?: { readonly message_id: string; readonly fail_if_not_exists: false };
}

/**
 * Posts as a reply to a message. Where the bot may not read the history Discord refuses the reference and with it the words:
 * they are said without it.
 */
export async function asReply<T>(
  replyTo: string | undefined,
  post: (referring: Referring) => Promise<T>,
): Promise<T> {
  if (replyTo === undefined) return post({});
  try {
    return await post({ message_reference: { message_id: replyTo, fail_if_not_exists: false } });
  } catch (error) {
    if (!mayNotRefer.has(discordCode(error) ?? 0)) throw error;
    return post({});
  }
}
