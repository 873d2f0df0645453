import type { Logger as SlackLogger } from '@slack/bolt';
import { DirectMessages, Directory } from './api/directory.js';
import { boltLogger, WorkspaceClients } from './api/workspace-clients.js';
import { HttpIntake, paths, RequestGuard } from './connection/http-intake.js';
import { type Intake, RecordedFirst } from './connection/recorded-first.js';
import { SocketConnection } from './connection/socket-connection.js';
import { SlackSender } from './delivery/slack-sender.js';
import { createHttpReceiver } from './install/install-flow.js';
import { InstallationStore, installationId, TokenCipher } from './install/installation-store.js';
import { InstalledTokens, SingleToken, type TokenSource } from './install/tokens.js';
import { Organisations, Workspaces } from './install/workspaces.js';
import { botScopes } from './manifest/manifest.js';
import type { SlackAdapterOptions } from './slack-adapter.js';
import { type SlackSetup, slackSetup } from './slack-setup.js';

/** What the adapter is made of. */
export interface SlackParts {
  readonly slackLogger: SlackLogger;
  readonly tokens: TokenSource;
  readonly clients: WorkspaceClients;
  readonly directory: Directory;
  readonly directMessages: DirectMessages;
  readonly sender: SlackSender;
  readonly workspaces: Workspaces;
  readonly organisations: Organisations;
  readonly receiver: RecordedFirst;
  /** Null where neither events nor installations come over HTTP. */
  readonly http: HttpIntake | null;
  /** Asks Slack who the bot is, where there is one token. @throws RapportError RAPPORT_E_SLACK_REFUSED, RAPPORT_E_SLACK_UNREACHABLE */
  readonly identify: () => Promise<void>;
}

/** @throws RapportError RAPPORT_E_SLACK_SETUP, RAPPORT_E_SLACK_KEY */
export function slackParts({ services, secrets }: SlackAdapterOptions): SlackParts {
  const { clock, logger, config, store } = services;
  const setup = slackSetup(config.slack, secrets);
  const slackLogger = boltLogger(logger);
  const installations = installationsOf(setup, { services, secrets });
  const single = setup.botToken === null ? null : new SingleToken(setup.botToken);
  const tokens: TokenSource = single ?? requiredTokens(installations);
  const workspaces = new Workspaces({
    services,
    forgetTokens: async (id) => {
      await installations?.store.remove(id);
      installations?.tokens.forget(id);
    },
  });
  const clients = new WorkspaceClients({
    tokens,
    clock,
    apiUrl: config.slack.apiUrl,
    timeoutMs: config.slack.callTimeoutMs,
    logger: slackLogger,
    onDeadToken: ({ team }, error) => workspaces.tokenEnded(team, error),
  });
  const http =
    setup.signingSecret === null && setup.oauth === null
      ? null
      : new HttpIntake({
          host: config.slack.host,
          port: config.slack.port,
          clock,
          logger,
          guard: setup.signingSecret === null ? null : new RequestGuard(setup.signingSecret, clock),
          installable: setup.oauth !== null,
          receiver: createHttpReceiver(
            slackLogger,
            logger,
            setup.oauth && {
              ...setup.oauth,
              scopes: botScopes,
              apiUrl: config.slack.apiUrl,
              say: services.say,
              clock,
              logger,
              slackLogger,
              onInstalled: async (installation) => {
                const id = installationId(installation);
                await installations?.store.save(installation);
                installations?.tokens.forget(id);
                await workspaces.installed(id);
                logger.info({ workspace: id }, 'the Slack app was installed');
              },
            },
          ),
        });
  return {
    slackLogger,
    tokens,
    clients,
    workspaces,
    http,
    directory: new Directory(clients, clock, logger),
    directMessages: new DirectMessages(clients, clock),
    organisations: new Organisations({ store, clock, random: services.random }),
    sender: senderOf(services, clients),
    receiver: new RecordedFirst([...socketsOf(setup, services, slackLogger), ...(http ? [http] : [])]),
    identify: async () => {
      if (!single) return;
      const { team, teamName, enterprise, url } = await single.identify(clients);
      await workspaces.installed(team || enterprise);
      logger.info({ workspace: team, name: teamName, url }, 'Slack knows the bot');
    },
  };
}

function installationsOf(
  { oauth }: SlackSetup,
  { services }: SlackAdapterOptions,
): { readonly store: InstallationStore; readonly tokens: InstalledTokens } | null {
  if (!oauth) return null;
  const { clock, logger, config, store, random } = services;
  const installations = new InstallationStore({ store, clock, random }, new TokenCipher(oauth.encryptionKey));
  return {
    store: installations,
    tokens: new InstalledTokens({
      store,
      clock,
      random,
      logger,
      installations,
      clientId: oauth.clientId,
      clientSecret: oauth.clientSecret,
      apiUrl: config.slack.apiUrl,
      timeoutMs: config.slack.callTimeoutMs,
      installUrl: new URL(paths.install, oauth.publicUrl).href,
    }),
  };
}

function requiredTokens(installations: { readonly tokens: InstalledTokens } | null): InstalledTokens {
  if (!installations) throw new Error('Slack is set up with one token or with installations');
  return installations.tokens;
}

function socketsOf(
  { appToken }: SlackSetup,
  { clock, logger, config }: SlackAdapterOptions['services'],
  slackLogger: SlackLogger,
): Intake[] {
  if (appToken === null) return [];
  let toldOfOthers = false;
  const onCount = (connections: number): void => {
    if (toldOfOthers || connections <= config.slack.sockets) return;
    toldOfOthers = true;
    logger.warn(
      {
        connections,
        cure: 'Several processes may share an app token only if they share a REDIS_URL; otherwise stop the others.',
      },
      'another process is connected to Slack with the same app token; each event reaches only one of them',
    );
  };
  return Array.from(
    { length: config.slack.sockets },
    () =>
      new SocketConnection({
        appToken,
        apiUrl: config.slack.apiUrl,
        timeoutMs: config.slack.callTimeoutMs,
        clock,
        logger,
        slackLogger,
        onCount,
      }),
  );
}

function senderOf(
  { clock, logger, config, say, sessions }: SlackAdapterOptions['services'],
  clients: WorkspaceClients,
): SlackSender {
  const { slack, delivery } = config;
  return new SlackSender({
    clients,
    clock,
    logger,
    avatarUrl: delivery.avatarUrl,
    streaming: slack.streaming,
    editIntervalMs: slack.editIntervalMs,
    appendIntervalMs: slack.appendIntervalMs,
    onStopped: (session) => {
      sessions.stop(session);
    },
    words: {
      stop: say('slack.reply.stop'),
      regenerate: say('slack.reply.regenerate'),
      good: say('slack.reply.good'),
      bad: say('slack.reply.bad'),
      status: say('slack.reply.status'),
      loading: say('slack.reply.loading')
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    },
  });
}
