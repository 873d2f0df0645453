import { reasonOf } from '../../../config/errors.js';
import { judgeAttachment, type ReceivedFile } from '../../../src/commands/attachments.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { Workspace } from '../api/workspace-clients.js';
import type { TokenSource } from '../install/tokens.js';
import type { SlackFile } from './events.js';

/** Longest time the files of a message may take, ms: Slack waits three seconds for an answer. */
const longestMs = 1_500;
/** … and a character that somebody brings, which is taken in after Slack was answered. */
const longestOneMs = 10_000;
/** Files of one message that are looked at. */
const maxFiles = 10;

export interface FilesOptions {
  readonly services: Pick<CommandServices, 'config' | 'logger'>;
  readonly tokens: TokenSource;
  readonly apiUrl: string;
}

/** Reads the text files of messages from Slack's own hosts, bounded in size and time. */
export class Files {
  readonly #options: FilesOptions;

  constructor(options: FilesOptions) {
    this.#options = options;
  }

  /** The files with their bytes where they are text and could be had. */
  async read(workspace: Workspace, files: readonly SlackFile[]): Promise<readonly ReceivedFile[]> {
    const signal = AbortSignal.timeout(longestMs);
    return Promise.all(
      files.slice(0, maxFiles).map(async (file) => {
        const offered = {
          name: file.name ?? file.id,
          size: file.size,
          ...(file.mimetype && { contentType: file.mimetype }),
        };
        if (judgeAttachment(this.#options.services, offered) !== 'read') return { ...offered, bytes: null };
        const { attachmentBytes } = this.#options.services.config.limits;
        return { ...offered, bytes: await this.#download(workspace, file, attachmentBytes, signal) };
      }),
    );
  }

  /** The bytes of one file; null where there are more than `most`, or where they cannot be had. */
  one(workspace: Workspace, file: SlackFile, most: number): Promise<Uint8Array | null> {
    return this.#download(workspace, file, most, AbortSignal.timeout(longestOneMs));
  }

  async #download(
    workspace: Workspace,
    file: SlackFile,
    most: number,
    signal: AbortSignal,
  ): Promise<Uint8Array | null> {
    const { services, tokens, apiUrl } = this.#options;
    const address = file.url_private_download ?? file.url_private;
    if (address === undefined || !isSlackAddress(address, apiUrl)) return null;
    try {
      const { token } = await tokens.tokenOf(workspace);
      // A token without files:read is sent to a login page: no redirect is followed.
      const response = await fetch(address, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
        signal,
      });
      if (!response.ok || !response.body) return null;
      return await readBounded(response.body, most);
    } catch (error) {
      services.logger.debug({ reason: reasonOf(error) }, 'a file of a Slack message could not be read');
      return null;
    }
  }
}

/** Whether an address is Slack's: the bot's token goes nowhere else. */
export function isSlackAddress(address: string, apiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, origin } = new URL(address);
  if (origin === new URL(apiUrl).origin) return true;
  return protocol === 'https:' && /(?:^|\.)slack(?:-gov)?\.com$/.test(hostname);
}

/** Null when there is more than `most`. */
async function readBounded(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > most) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
