import {
  type Admission as Admitted,
  type Arrival,
  admit,
  type RefusalWords,
} from '../../../src/commands/admit.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import type { InboundHandler } from '../../../src/delivery/adapter.js';
import { slackCommunity, slackPerson } from '../address.js';
import type { Directory } from '../api/directory.js';
import type { Workspace } from '../api/workspace-clients.js';

/** What Slack says of a message beside what the core asks for. */
export type SlackArrival = Omit<Arrival, 'person' | 'rules' | 'words' | 'moderates' | 'whereabouts'> & {
  readonly workspace: Required<Workspace>;
  readonly user: string;
  /** The channel whose administrators may have left it out; absent in a direct message. */
  readonly channel?: string | undefined;
  /** Say nothing where the channel is left out: nobody has called. */
  readonly uncalled?: boolean;
};

/** Hands what people write in a workspace to the core, in Slack's words. */
export class Admission {
  readonly #services: CommandServices;
  readonly #receive: InboundHandler;
  readonly #directory: Pick<Directory, 'isAdmin' | 'whereabouts'>;

  constructor(
    services: CommandServices,
    receive: InboundHandler,
    directory: Pick<Directory, 'isAdmin' | 'whereabouts'>,
  ) {
    this.#services = services;
    this.#receive = receive;
    this.#directory = directory;
  }

  /** @throws RapportError RAPPORT_E_STORE_UNAVAILABLE, RAPPORT_E_SHUTTING_DOWN: nothing was recorded. */
  async admit({ workspace, user, channel, uncalled = false, ...arrival }: SlackArrival): Promise<Admitted> {
    return admit(
      this.#services,
      {
        ...arrival,
        whereabouts: await this.#directory.whereabouts(workspace, user),
        person: slackPerson(workspace.team, user),
        rules: {
          community: slackCommunity(workspace.team),
          channels: channel === undefined ? [] : [channel],
        },
        moderates: () => this.#directory.isAdmin(workspace, user),
        words: (rule) => (rule.kind === 'channel' && uncalled ? '' : this.#words(rule)),
      },
      this.#receive,
    );
  }

  #words(rule: Parameters<RefusalWords>[0]): string {
    const { say } = this.#services;
    switch (rule.kind) {
      case 'channel':
        return say('slack.notAllowedHere');
      case 'paused':
        return say('slack.paused');
      case 'too-long':
        return say('slack.tooLong', { size: rule.size, limit: rule.limit });
      case 'lead':
        return say('slack.reply.notYoursToLead');
    }
  }
}
