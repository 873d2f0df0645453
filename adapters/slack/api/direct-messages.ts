import { z } from 'zod';
import type { Clock } from '../../../src/clock.js';
import { Recent } from './recent.js';
import type { SlackClients, Workspace } from './slack-clients.js';

const openedSchema = z.object({ channel: z.object({ id: z.string().min(1) }) });

/** The direct message channels between people and the app. */
export class DirectMessages {
  readonly #clients: SlackClients;
  readonly #channels: Recent<string>;

  constructor(clients: SlackClients, clock: Clock) {
    this.#clients = clients;
    this.#channels = new Recent(5_000, 24 * 3_600_000, () => clock.elapsed());
  }

  /** The id of a person's channel (`D…`); it comes into being where there is none. @throws what the WebClient throws. */
  async channelOf(workspace: Workspace, user: string): Promise<string> {
    const key = `${workspace.team}:${user}`;
    const known = this.#channels.get(key);
    if (known !== undefined) return known;
    const client = await this.#clients.of(workspace);
    const { channel } = openedSchema.parse(await client.conversations.open({ users: user }));
    this.#channels.set(key, channel.id);
    return channel.id;
  }

  /** A channel that an event named. */
  note({ team }: Workspace, user: string, channel: string): void {
    this.#channels.set(`${team}:${user}`, channel);
  }
}
