import type { ServerResponse } from 'node:http';
import { HTTPReceiver, type Installation, type Logger as SlackLogger } from '@slack/bolt';
import { reasonOf } from '../../../config/errors.js';
import type { Say } from '../../../config/locale.js';
import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { paths } from '../connection/http-intake.js';
import { failedPage, installedPage, installPage } from './install-pages.js';
import type { SlackInstallation } from './installation.js';

export interface InstallFlowOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly stateSecret: string;
  readonly scopes: readonly string[];
  readonly publicUrl: string;
  readonly apiUrl: string;
  readonly say: Say;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly slackLogger: SlackLogger;
  /** Keeps an installation; the page that says "installed" is shown after it. */
  readonly onInstalled: (installation: SlackInstallation) => Promise<void>;
}

/** Where Slack asks people for their consent: beside the Web API. */
export const authorizationUrl = (apiUrl: string): string => `${new URL(apiUrl).origin}/oauth/v2/authorize`;

/** Slack's OAuth installation by Bolt's installer, which checks the state against the browser's cookie. Without options: no installation here. */
export function createHttpReceiver(
  slackLogger: SlackLogger,
  logger: Logger,
  flow: InstallFlowOptions | null,
): HTTPReceiver {
  return new HTTPReceiver({
    // Requests are verified before the receiver sees them (request-guard.ts).
    signingSecret: '',
    signatureVerification: false,
    endpoints: paths.events,
    logger: slackLogger,
    processEventErrorHandler: async ({ error, response }) => {
      logger.warn({ reason: reasonOf(error) }, 'an event of Slack was not taken; it comes again');
      if (response.headersSent) return false;
      response.writeHead(500).end();
      return true;
    },
    ...(flow && installerOptions(flow)),
  });
}

function installerOptions(flow: InstallFlowOptions): Partial<ConstructorParameters<typeof HTTPReceiver>[0]> {
  const { say } = flow;
  return {
    clientId: flow.clientId,
    clientSecret: flow.clientSecret,
    stateSecret: flow.stateSecret,
    scopes: [...flow.scopes],
    redirectUri: new URL(paths.redirect, flow.publicUrl).href,
    installationStore: {
      storeInstallation: async (installation) => flow.onInstalled(readInstallation(installation, flow.clock)),
      fetchInstallation: async () => {
        throw new Error('tokens are looked up by Rapport itself');
      },
    },
    installerOptions: {
      installPath: paths.install,
      redirectUriPath: paths.redirect,
      authorizationUrl: authorizationUrl(flow.apiUrl),
      clientOptions: { slackApiUrl: flow.apiUrl, retryConfig: { retries: 1 } },
      renderHtmlForInstallPath: (url) => installPage(say, url),
      callbackOptions: {
        success: (installation, _options, _request, response) => {
          const { name } = installation.team ?? installation.enterprise ?? {};
          const team = installation.team?.id ?? installation.enterprise?.id ?? '';
          const app = `slack://app?team=${encodeURIComponent(team)}&id=${encodeURIComponent(installation.appId ?? '')}`;
          html(response, 200, installedPage(say, name ?? team, app));
        },
        failure: (error, _options, _request, response) => {
          flow.logger.warn(
            { reason: error.message, code: error.code },
            'an installation of the Slack app failed',
          );
          html(response, 400, failedPage(say, String(error.code)));
        },
      },
    },
  };
}

/** What is kept of an installation. @throws Error when it holds no bot. */
export function readInstallation(found: Installation, clock: Clock): SlackInstallation {
  const { bot, team, enterprise, isEnterpriseInstall } = found;
  if (!bot) throw new Error('the installation holds no bot token');
  return {
    team: isEnterpriseInstall ? null : (team?.id ?? null),
    enterprise: enterprise?.id ?? null,
    name: team?.name ?? enterprise?.name ?? '',
    appId: found.appId ?? '',
    installedBy: found.user.id,
    installedAt: clock.now(),
    scopes: bot.scopes,
    bot: {
      token: bot.token,
      id: bot.id,
      userId: bot.userId,
      ...(bot.refreshToken !== undefined && { refreshToken: bot.refreshToken }),
      ...(bot.expiresAt !== undefined && { expiresAt: bot.expiresAt }),
    },
  };
}

function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
