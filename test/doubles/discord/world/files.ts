import type { APIAttachment } from 'discord-api-types/v10';
import type { World } from './world.js';

/** Keeps a file and gives it its address. */
export function storeFile(
  world: World,
  channelId: string,
  file: { name: string; contentType: string; bytes: Uint8Array; description?: string },
): APIAttachment {
  const id = world.ids.next();
  const name = file.name.replace(/[^\w.-]/g, '_');
  const path = `/attachments/${channelId}/${id}/${encodeURIComponent(name)}`;
  world.files.set(path, { name, contentType: file.contentType, bytes: file.bytes });
  return {
    id,
    filename: name,
    size: file.bytes.length,
    url: `${world.cdnUrl}${path}?ex=double&is=double&hm=double`,
    proxy_url: `${world.cdnUrl}${path}`,
    content_type: file.contentType,
    ...(file.description === undefined ? {} : { description: file.description }),
  };
}
