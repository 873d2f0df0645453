import type { ModalView } from '@slack/types';
import type { SlackClients } from '../api/slack-clients.js';
import type { Actor } from './actor.js';

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
