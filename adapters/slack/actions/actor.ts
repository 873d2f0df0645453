import type { KnownBlock, ModalView } from '@slack/types';
import type { PersonId } from '../../../src/ids.js';
import type { SlackClients, Workspace } from '../api/workspace-clients.js';

/** Who did something in Slack, and what it needs to be answered. */
export interface Actor {
  readonly workspace: Required<Workspace>;
  readonly user: string;
  readonly person: PersonId;
  /** Opens a modal within three seconds; '' where there is none. */
  readonly trigger: string;
}

/** What a person is answered, for their eyes only. */
export interface Answer {
  /** The whole of it in plain words: also what a notification shows. */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
}

/** Opens modals; a trigger is good for three seconds and one view. @throws what the WebClient throws. */
export class Modals {
  readonly #clients: SlackClients;

  constructor(clients: SlackClients) {
    this.#clients = clients;
  }

  async open({ workspace, trigger }: Actor, view: ModalView): Promise<void> {
    const client = await this.#clients.of(workspace);
    await client.views.open({ trigger_id: trigger, view });
  }

  /** On top of the modal in which something was pressed. */
  async push({ workspace, trigger }: Actor, view: ModalView): Promise<void> {
    const client = await this.#clients.of(workspace);
    await client.views.push({ trigger_id: trigger, view });
  }

  async update({ workspace }: Actor, viewId: string, view: ModalView): Promise<void> {
    const client = await this.#clients.of(workspace);
    await client.views.update({ view_id: viewId, view });
  }
}
