import type { ChannelsAPI } from '@discordjs/core/http-only';
import { RESTJSONErrorCodes, ThreadAutoArchiveDuration } from 'discord-api-types/v10';
import type { ChannelDirectory } from './channel-facts.js';
import { discordCode } from './send/refusals.js';

/** Longest name of a thread that is made up from a message, characters (Discord takes 100). */
const nameChars = 60;

/** A name for a thread from the first words of what was asked; `fallback` where there are none. */
export function threadName(text: string, fallback: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const chars = [...line];
  if (chars.length === 0) return fallback;
  if (chars.length <= nameChars) return line;
  const cut = chars.slice(0, nameChars - 1).join('');
  const word = cut.lastIndexOf(' ');
  return `${(word > nameChars / 2 ? cut.slice(0, word) : cut).trimEnd()}…`;
}

/** Discord, or the server's own rules, do not take a name. */
const refusedNames: ReadonlySet<number> = new Set([
  RESTJSONErrorCodes.InvalidFormBodyOrContentType,
  RESTJSONErrorCodes.TitleWasBlockedByAutomaticModeration,
]);

export interface ThreadToOpen {
  readonly channel: string;
  /** The message it hangs on; its id becomes the thread's. */
  readonly message: string;
  readonly name: string;
  /** What it is called where Discord does not take the name (servers that can be discovered refuse some words). */
  readonly plainName: string;
}

/** Opens the thread of a message; nothing happens where it is open already. @throws whatever the REST client throws. */
export async function openThread(
  api: Pick<ChannelsAPI, 'createThread'>,
  directory: ChannelDirectory,
  { channel, message, name, plainName }: ThreadToOpen,
): Promise<void> {
  const create = (title: string): ReturnType<typeof api.createThread> =>
    api.createThread(
      channel,
      { name: title, auto_archive_duration: ThreadAutoArchiveDuration.OneDay },
      message,
    );
  try {
    const thread = await create(name).catch((error: unknown) => {
      if (!refusedNames.has(discordCode(error) ?? 0)) throw error;
      return create(plainName);
    });
    directory.learn(thread);
  } catch (error) {
    if (discordCode(error) !== RESTJSONErrorCodes.ThreadAlreadyCreatedForMessage) throw error;
  }
}
