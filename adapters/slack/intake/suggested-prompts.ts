import type { Say } from '../../../config/locale.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { failureReason } from '../api/call-failure.js';
import type { SlackClients, Workspace } from '../api/workspace-clients.js';
import type { AppContext } from './events.js';

/** Slack shows at most four. */
const topics = ['day', 'listen', 'match', 'help'] as const;

/** The suggestions of the agent view: also in the manifest, for who opens it before the app has seen them. */
export function suggestedPrompts(say: Say): [Prompt, ...Prompt[]] {
  const [first, ...others] = topics.map((topic) => ({
    title: say(`slack.prompts.${topic}.title`),
    message: say(`slack.prompts.${topic}.message`),
  }));
  return first ? [first, ...others] : [{ title: '', message: '' }];
}

export interface Prompt {
  readonly title: string;
  readonly message: string;
}

/** The message a person looks at, where Slack tells. */
export function messageInView({
  entities,
}: AppContext): { readonly channel: string; readonly ts: string } | null {
  for (const entity of entities)
    if ('value' in entity) return { channel: entity.value.channel_id, ts: entity.value.message_ts };
  return null;
}

/** Offers what to begin with when somebody opens the conversation with the agent. A failure is of no consequence. */
export class SuggestedPrompts {
  readonly #clients: SlackClients;
  readonly #say: Say;
  readonly #logger: Logger;
  /** Channels whose first suggestion is about a message. */
  readonly #about = new RecentMap<string, true>(5_000);

  constructor(clients: SlackClients, say: Say, logger: Logger) {
    this.#clients = clients;
    this.#say = say;
    this.#logger = logger;
  }

  /** What is in view has changed: the prompts are shown anew where they are others now. */
  async follow(workspace: Workspace, channel: string, context: AppContext): Promise<void> {
    const isAbout = messageInView(context) !== null;
    if (isAbout === this.#about.has(channel)) return;
    await this.show(workspace, channel, context);
  }

  /** Shows the prompts; one about the message the person looks at stands first. */
  async show(workspace: Workspace, channel: string, context?: AppContext): Promise<void> {
    const usual = suggestedPrompts(this.#say);
    const looking = context && messageInView(context);
    const about = { title: this.#say('slack.prompts.about.title'), message: aboutMessage(this.#say) };
    try {
      const client = await this.#clients.of(workspace);
      // With a thread_ts Slack ignores the call of an agent without saying so.
      await client.assistant.threads.setSuggestedPrompts({
        channel_id: channel,
        title: this.#say('slack.prompts.title'),
        prompts: looking ? [about, ...usual.slice(0, topics.length - 1)] : usual,
      });
      if (looking) this.#about.set(channel, true);
      else this.#about.delete(channel);
    } catch (error) {
      this.#logger.debug({ reason: failureReason(error) }, 'the suggested prompts could not be shown');
    }
  }
}

/** The words of the prompt about the message in view. */
export const aboutMessage = (say: Say): string => say('slack.prompts.about.message');
