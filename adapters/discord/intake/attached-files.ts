import type { APIAttachment } from 'discord-api-types/v10';
import { MessageFlags } from 'discord-api-types/v10';
import { reasonOf } from '../../../config/errors.js';
import { judgeAttachment, type ReceivedFile } from '../../../src/commands/attachments.js';
import type { CommandServices } from '../../../src/commands/command-services.js';

const fetchTimeoutMs = 8_000;
/** More files than this of one message are not fetched. */
const maxFiles = 5;

/** Whether the message is a recording. */
export function isVoice(flags: number | undefined): boolean {
  return ((flags ?? 0) & MessageFlags.IsVoiceMessage) !== 0;
}

/** The files of a message; text files with their bytes, fetched from Discord's own hosts only. Never rejects. */
export function receiveFiles(
  services: Pick<CommandServices, 'config' | 'logger'>,
  attachments: readonly APIAttachment[],
): Promise<ReceivedFile[]> {
  return Promise.all(
    attachments.map(async ({ filename, content_type, size, url }, n) => {
      const file = { name: filename, size, ...(content_type !== undefined && { contentType: content_type }) };
      const wanted = n < maxFiles && judgeAttachment(services, file) === 'read';
      return { ...file, bytes: wanted ? await fetchFile(services, url) : null };
    }),
  );
}

async function fetchFile(
  { config, logger }: Pick<CommandServices, 'config' | 'logger'>,
  address: string,
): Promise<Uint8Array | null> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !config.discord.cdnHosts.includes(url.host) || !isSafe(url)) {
    logger.warn(
      { host: url?.host ?? '' },
      "an attachment does not lie on Discord's hosts and was not fetched",
    );
    return null;
  }
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchTimeoutMs) });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    return await readAtMost(response.body, config.limits.attachmentBytes + 1);
  } catch (error) {
    logger.info({ reason: reasonOf(error) }, 'an attachment could not be fetched');
    return null;
  }
}

const isSafe = ({ protocol, hostname }: URL): boolean => protocol === 'https:' || hostname === '127.0.0.1';

/** The first bytes of a stream; the rest is not fetched. */
async function readAtMost(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}
