import type { ServerResponse } from 'node:http';
import { HTTPReceiver, type Installation, type Logger as SlackLogger } from '@slack/bolt';
import { reasonOf } from '../../../config/errors.js';
import type { Say } from '../../../config/locale.js';
import type { Clock } from '../../../src/clock.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { paths } from '../connection/http-intake.js';
import type { SlackInstallation } from './installation-store.js';

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
const authorizationUrl = (apiUrl: string): string => `${new URL(apiUrl).origin}/oauth/v2/authorize`;

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
function readInstallation(found: Installation, clock: Clock): SlackInstallation {
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

/** The page with the button that begins an installation. */
function installPage(say: Say, url: string): string {
  return page(say('slack.install.title'), [
    `<p>${escapeHtml(say('slack.install.invitation'))}</p>`,
    `<p><a class="button" href="${escapeHtml(url)}">${escapeHtml(say('slack.install.button'))}</a></p>`,
  ]);
}

/** The page after an installation, which leads back to Slack. */
function installedPage(say: Say, name: string, appUrl: string): string {
  return page(say('slack.install.done', { name }), [
    `<p>${escapeHtml(say('slack.install.next'))}</p>`,
    `<p><a class="button" href="${escapeHtml(appUrl)}">${escapeHtml(say('slack.install.open'))}</a></p>`,
  ]);
}

/** The page after an installation that did not succeed. */
function failedPage(say: Say, reason: string): string {
  return page(say('slack.install.failed'), [
    `<p>${escapeHtml(say('slack.install.retry'))}</p>`,
    `<p><small>${escapeHtml(reason)}</small></p>`,
  ]);
}

function page(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
body { max-width: 34rem; margin: 12vh auto; padding: 0 1.5rem }
.button { display: inline-block; padding: .6rem 1.4rem; border-radius: .5rem; background: #4a154b; color: #fff; text-decoration: none }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body.join('\n')}
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
