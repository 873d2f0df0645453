import type { z } from 'zod';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { stopReply } from '../../../src/commands/stop-reply.js';
import { turnId } from '../../../src/ids.js';
import { slackAddress, slackSession } from '../address.js';
import { failureReason } from '../api/call-failure.js';
import type { DirectMessages } from '../api/directory.js';
import type { SlackClients, Workspace } from '../api/workspace-clients.js';
import type { SlackSender } from '../delivery/slack-sender.js';
import type { Home } from '../home/home.js';
import type { TokenSource } from '../install/tokens.js';
import type { Organisations, Workspaces } from '../install/workspaces.js';
import {
  contextChangedSchema,
  type Envelope,
  homeOpenedSchema,
  messageChangeSchema,
  messageEventSchema,
  type Source,
  sessionStoppedSchema,
  teamAccessSchema,
  tokensRevokedSchema,
} from './events.js';
import type { MessageChanges } from './message-changes.js';
import type { MessageIntake } from './message-intake.js';
import { inPassing } from './notice-sender.js';
import type { SuggestedPrompts } from './suggested-prompts.js';
import type { UnreadEvents } from './unread-events.js';

export interface EventRouterOptions {
  readonly services: Pick<CommandServices, 'sessions' | 'store' | 'logger' | 'clock'>;
  readonly messages: MessageIntake;
  readonly changes: MessageChanges;
  readonly prompts: SuggestedPrompts;
  readonly unread: UnreadEvents;
  readonly replies: Pick<SlackSender, 'rest'>;
  readonly directMessages: Pick<DirectMessages, 'channelOf'>;
  readonly home: Pick<Home, 'show'>;
  readonly workspaces: Workspaces;
  readonly organisations: Organisations;
  readonly tokens: TokenSource;
  readonly clients: SlackClients;
}

/** Every event the app subscribes to, by its type. Resolves when the event may be acknowledged. */
export class EventRouter {
  readonly #options: EventRouterOptions;

  constructor(options: EventRouterOptions) {
    this.#options = options;
  }

  /** @param source null for the events that come when there is no installation any more. */
  async take(envelope: Envelope, source: Source | null): Promise<void> {
    const { workspaces } = this.#options;
    const { event, team_id: team } = envelope;
    switch (event.type) {
      case 'app_uninstalled':
        return this.#removed(envelope);
      case 'tokens_revoked': {
        const revoked = this.#read(tokensRevokedSchema, event);
        return revoked?.tokens.bot?.length ? this.#removed(envelope) : undefined;
      }
      case 'team_access_granted':
      case 'team_access_revoked': {
        const { team_ids } = this.#read(teamAccessSchema, event) ?? { team_ids: [] };
        for (const id of team_ids)
          await (event.type === 'team_access_granted' ? workspaces.installed(id) : workspaces.removed(id));
        return;
      }
      case 'app_rate_limited':
        this.#options.services.logger.warn(
          {
            workspace: team,
            cure: 'Slack sends at most 30,000 events an hour from one workspace; what it leaves out is lost to the app.',
          },
          'Slack holds events of a workspace back',
        );
        return;
      default:
        if (source) await this.#fromWorkspace(envelope, source);
    }
  }

  async #fromWorkspace(envelope: Envelope, source: Source): Promise<void> {
    const { messages, changes, prompts, home, organisations, services } = this.#options;
    const { event } = envelope;
    const { workspace } = source;
    if (source.orgWide) await organisations.note(workspace.enterprise, workspace.team);
    switch (event.type) {
      case 'message':
      case 'app_mention': {
        const change = messageChangeSchema.safeParse(event);
        if (change.success) return changes.take(change.data, source);
        const message = this.#read(messageEventSchema, event);
        return message ? messages.take(message, source) : undefined;
      }
      case 'app_home_opened': {
        const opened = this.#read(homeOpenedSchema, event);
        if (!opened) return;
        const { tab = 'home', user, channel, context } = opened;
        if (tab === 'messages') return inPassing(services.clock, prompts.show(workspace, channel, context));
        return tab === 'home' ? inPassing(services.clock, home.show(workspace, user)) : undefined;
      }
      case 'app_context_changed': {
        const changed = this.#read(contextChangedSchema, event);
        if (!changed) return;
        return inPassing(services.clock, this.#lookedAround(envelope, changed, source));
      }
      case 'agent_session_stopped': {
        const stopped = this.#read(sessionStoppedSchema, event);
        if (!stopped) return;
        const { channel, thread_ts: thread = '', user = '' } = stopped;
        const id = slackSession(workspace.team, channel, thread);
        const turnCount = (await services.store.sessions.get(id))?.turnCount ?? 0;
        if (await stopReply(services, { id, turnCount }, turnId(id, turnCount + 1))) return;
        // Slack shows the button until it is told that nothing is on its way.
        return this.#options.replies.rest(slackAddress({ ...workspace, channel, user, thread }), true);
      }
    }
  }

  /** What somebody looks at has changed: the suggestions in their conversation with the app follow. */
  async #lookedAround(
    { authorizations }: Envelope,
    { user, channel, context }: z.infer<typeof contextChangedSchema>,
    { workspace, botUser }: Source,
  ): Promise<void> {
    const { prompts, directMessages, services } = this.#options;
    const acting = authorizations?.find(
      ({ user_id: id, is_bot }) => id && id !== botUser && !is_bot,
    )?.user_id;
    const person = user ?? acting;
    if (channel === undefined && !person) return;
    try {
      const shown = channel ?? (await directMessages.channelOf(workspace, person ?? ''));
      await prompts.follow(workspace, shown, context);
    } catch (error) {
      services.logger.debug(
        { reason: failureReason(error) },
        'the suggestions do not follow what is in view',
      );
    }
  }

  async #removed({ team_id: team, enterprise_id: enterprise, authorizations }: Envelope): Promise<void> {
    const { workspaces, organisations } = this.#options;
    const id = team ?? enterprise;
    if (!id) return;
    await workspaces.removed(id);
    if (!enterprise) return;
    if (!team) {
      for (const member of await organisations.teamsOf(enterprise)) await workspaces.removed(member);
      return;
    }
    const ofOrganisation = authorizations?.some((one) => one.is_enterprise_install) ?? false;
    if (ofOrganisation || !(await this.#isServedByOrganisation({ team, enterprise }))) return;
    await organisations.note(enterprise, team);
    await workspaces.installed(team);
  }

  /** Whether a workspace's own installation has only given way to the one of its organisation. */
  async #isServedByOrganisation(workspace: Required<Workspace>): Promise<boolean> {
    const { tokens, clients, services } = this.#options;
    try {
      if (!(await tokens.tokenOf(workspace)).orgWide) return false;
      await (await clients.of(workspace)).auth.test();
      return true;
    } catch (error) {
      services.logger.debug({ reason: failureReason(error) }, 'no organisation serves the workspace');
      return false;
    }
  }

  #read<Schema extends z.ZodType>(schema: Schema, event: Envelope['event']): z.infer<Schema> | null {
    const parsed = schema.safeParse(event);
    if (parsed.success) return parsed.data;
    this.#options.unread.note(
      event.type,
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    );
    return null;
  }
}
