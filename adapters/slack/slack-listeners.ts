import type { App } from '@slack/bolt';
import { RapportError, reasonOf } from '../../config/errors.js';
import type { CommandServices } from '../../src/commands/command-services.js';
import type { InboundHandler } from '../../src/delivery/adapter.js';
import { ActionRouter } from './actions/action-router.js';
import { Modals } from './actions/actor.js';
import { FormRouter } from './actions/form-router.js';
import { Interactions } from './actions/interactions.js';
import { ReplyPresses } from './actions/reply-presses.js';
import { ShortcutRouter } from './actions/shortcut-router.js';
import { Conversations } from './commands/conversations.js';
import { PersonalData } from './commands/personal-data.js';
import type { CommandTools } from './commands/verb.js';
import { Home } from './home/home.js';
import { Admission } from './intake/admission.js';
import { EventRouter } from './intake/event-router.js';
import { envelopeSchema, type Source, workspaceOf } from './intake/events.js';
import { Files } from './intake/files.js';
import { MessageChanges } from './intake/message-changes.js';
import { MessageIntake } from './intake/message-intake.js';
import { NoticeSender } from './intake/notice-sender.js';
import { Quotes } from './intake/quotes.js';
import { SuggestedPrompts } from './intake/suggested-prompts.js';
import { UnreadEvents } from './intake/unread-events.js';
import type { SlackParts } from './slack-parts.js';

/** Puts everything that listens on a Bolt app. */
export function registerListeners(
  app: App,
  parts: SlackParts,
  receive: InboundHandler,
  services: CommandServices,
): void {
  const { clients, directory, directMessages, sender, tokens } = parts;
  const { logger, say, config } = services;
  const notices = new NoticeSender(clients, services.clock, logger);
  const admission = new Admission(services, receive, directory);
  const files = new Files({ services, tokens, apiUrl: config.slack.apiUrl });
  const quotes = new Quotes({ services, clients });
  const intake = new MessageIntake({
    services,
    admission,
    directory,
    directMessages,
    files,
    notices,
    quotes,
    replies: sender,
  });
  const home = new Home({ services, clients, directory, directMessages });
  const tools: CommandTools = {
    services,
    home,
    directory,
    clients,
    modals: new Modals(clients),
    data: new PersonalData({ services, clients, directMessages }),
    conversations: new Conversations({
      services,
      clients,
      directMessages,
      admission,
      directory,
      intake,
      replies: sender,
    }),
  };
  const replies = new ReplyPresses({ services, admission, directory, intake });
  new Interactions({
    tools,
    notices,
    directMessages,
    actions: new ActionRouter(tools, replies),
    forms: new FormRouter(tools),
    shortcuts: new ShortcutRouter(tools, intake),
  }).register(app);
  const unread = new UnreadEvents(services);
  const events = new EventRouter({
    services,
    unread,
    directMessages,
    replies: sender,
    home,
    messages: intake,
    changes: new MessageChanges(services, intake, directory),
    prompts: new SuggestedPrompts(clients, say, logger),
    workspaces: parts.workspaces,
    organisations: parts.organisations,
    tokens,
    clients,
  });
  app.event(/^/, async ({ body, context }) => {
    const parsed = envelopeSchema.safeParse(body);
    if (!parsed.success) {
      unread.note(
        'envelope',
        parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
      );
      return;
    }
    const envelope = parsed.data;
    const workspace = workspaceOf(envelope);
    const source: Source | null =
      workspace && context.botUserId
        ? {
            workspace,
            botUser: context.botUserId,
            botId: context.botId ?? '',
            appId: envelope.api_app_id,
            orgWide: context.orgWide === true,
          }
        : null;
    await events.take(envelope, source);
  });
  app.error(async (error) => {
    const cause = 'original' in error && error.original instanceof Error ? error.original : error;
    const coded = cause instanceof RapportError ? cause : null;
    // What comes again later is not acknowledged, so that Slack sends it again.
    if (coded === null || coded.retryable) throw cause;
    logger.warn(
      { code: coded.code, cure: coded.cure, reason: reasonOf(coded) },
      'an event of Slack was left out',
    );
  });
}
