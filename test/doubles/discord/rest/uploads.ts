import type { APIAttachment } from 'discord-api-types/v10';
import { storeFile } from '../world/files.js';
import type { World } from '../world/world.js';
import type { UploadedFile } from './call.js';
import { DiscordError } from './errors.js';
import type { MessageBody } from './message-body.js';

/** Bytes that a bot may upload with one request where a guild has no boosts. */
const uploadLimit = 10 * 1_024 * 1_024;

/** Keeps uploaded files and gives each its address. @throws DiscordError 40005 for more than 10 MiB. */
export function storeUploads(
  world: World,
  channelId: string,
  files: readonly UploadedFile[],
  described: MessageBody['attachments'],
): APIAttachment[] {
  if (files.reduce((sum, file) => sum + file.bytes.length, 0) > uploadLimit)
    throw new DiscordError(413, 40_005, 'Request entity too large');
  return files.map((file) => {
    const index = /\[(\d+)\]/.exec(file.field)?.[1];
    const about = described?.find((one) => String(one.id) === index);
    return storeFile(world, channelId, {
      name: about?.filename ?? file.name,
      contentType: file.contentType,
      bytes: file.bytes,
      ...(about?.description ? { description: about.description } : {}),
    });
  });
}

/** The attachments after an edit: those the body keeps, then the new ones; without a list all are kept. */
export function attachmentsAfterEdit(
  world: World,
  channelId: string,
  current: readonly APIAttachment[],
  body: MessageBody,
  files: readonly UploadedFile[],
): APIAttachment[] | undefined {
  const added = storeUploads(world, channelId, files, body.attachments);
  if (!body.attachments) return added.length === 0 ? undefined : [...current, ...added];
  const kept = current.filter((one) => body.attachments?.some((listed) => String(listed.id) === one.id));
  return [...kept, ...added];
}
