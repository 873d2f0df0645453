import { z } from 'zod';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { type ExportFile, erasePerson, exportPerson, pausePerson } from '../../../src/commands/privacy.js';
import type { Actor } from '../actions/actor.js';
import type { DirectMessages } from '../api/directory.js';
import type { SlackClients } from '../api/workspace-clients.js';

const uploadSchema = z.object({ upload_url: z.url(), file_id: z.string() });

export interface PersonalDataOptions {
  readonly services: CommandServices;
  readonly clients: SlackClients;
  readonly directMessages: DirectMessages;
}

/** A person's rights over what is stored about them. */
export class PersonalData {
  readonly #options: PersonalDataOptions;

  constructor(options: PersonalDataOptions) {
    this.#options = options;
  }

  /** Sends everything that is stored about a person to their direct message, as a page and as data. @throws what the WebClient throws. */
  async export({ workspace, user, person }: Actor): Promise<void> {
    const { services, clients, directMessages } = this.#options;
    const { page, json } = await exportPerson(services, person);
    const client = await clients.of(workspace);
    const channel = await directMessages.channelOf(workspace, user);
    const upload = async ({ name, text }: ExportFile): Promise<{ id: string; title: string }> => {
      const bytes = Buffer.from(text, 'utf8');
      const { upload_url, file_id } = uploadSchema.parse(
        await client.files.getUploadURLExternal({ filename: name, length: bytes.length }),
      );
      const response = await fetch(upload_url, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes,
        signal: AbortSignal.timeout(services.config.slack.callTimeoutMs),
      });
      if (!response.ok) throw new Error(`the upload was answered with HTTP ${response.status}`);
      return { id: file_id, title: name };
    };
    const first = await upload(page);
    await client.files.completeUploadExternal({
      files: [first, await upload(json)],
      channel_id: channel,
      initial_comment: services.say('slack.export.file'),
    });
  }

  /** Stops what is being written to a person and removes everything stored about them. */
  async erase({ person }: Actor): Promise<void> {
    await erasePerson(this.#options.services, person);
  }

  async pause({ person }: Actor, paused: boolean): Promise<void> {
    await pausePerson(this.#options.services, person, paused);
  }
}
