import { z } from 'zod';
import { reasonOf } from '../../config/errors.js';
import type { LoadedConfig } from '../../config/load.js';
import { systemClock, systemRandom } from '../../src/clock.js';
import type { Store } from '../../src/state/store.js';
import { type Check, failedCheck } from '../platform.js';
import { cureFor, deadTokenErrors } from './api/call-failure.js';
import { paths } from './connection/http-intake.js';
import { InstallationStore, TokenCipher } from './install/installation-store.js';
import { botScopes, requiredScopes, scopeReasons } from './manifest/manifest.js';
import { isSlackWanted, type SlackSetup, slackSetup } from './slack-setup.js';

const name = 'Slack';
const timeoutMs = 10_000;
/** Workspaces that are asked, of those that have installed the app. */
const maxAsked = 20;
/** Slack refuses requests whose time differs by five minutes, s. */
const allowedSkewS = 300;
const noticeableSkewS = 60;
const unreachableWords = 'Slack cannot be reached';

const answerSchema = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  team: z.string().optional(),
  user: z.string().optional(),
  url: z.string().optional(),
});

interface Answer extends z.infer<typeof answerSchema> {
  /** From the header `x-oauth-scopes`; null where there is none. */
  readonly scopes: readonly string[] | null;
  /** This machine's clock against Slack's, s; null where Slack does not say. */
  readonly skewS: number | null;
}

/** The tokens, what they may do, the connection and the clock; what is missing and how to get it. */
export async function slackChecks(loaded: LoadedConfig, openStore: () => Promise<Store>): Promise<Check[]> {
  const { config, secrets } = loaded;
  if (!isSlackWanted(secrets))
    return [
      {
        name,
        state: 'off',
        detail: 'not configured',
        cure: 'Create an app from deploy/slack-manifest.yaml (or what `rapport doctor --manifest` prints) at https://api.slack.com/apps, install it, and set SLACK_BOT_TOKEN (xoxb-…) and SLACK_APP_TOKEN (xapp-…); docs/slack.md goes through it.',
      },
    ];
  let setup: SlackSetup;
  try {
    setup = slackSetup(config.slack, secrets);
  } catch (error) {
    return [failedCheck(name, error)];
  }
  const tokens =
    setup.botToken === null
      ? installationChecks(loaded, setup, openStore)
      : botChecks(loaded, setup.botToken);
  const found = await tokens;
  // Whoever does not reach Slack need not be told twice.
  return found.some(({ detail }) => detail.startsWith(unreachableWords))
    ? found
    : [...found, ...(await connectionChecks(loaded, setup))];
}

async function botChecks({ config }: LoadedConfig, token: string): Promise<Check[]> {
  try {
    const answer = await ask(config.slack.apiUrl, 'auth.test', token);
    if (!answer.ok) return [refused('SLACK_BOT_TOKEN', answer.error ?? 'unknown')];
    return [
      { name, state: 'ok', detail: `${answer.user} in ${answer.team} (${answer.url})` },
      scopeCheck(answer.scopes),
      ...clockChecks(answer.skewS),
    ];
  } catch (error) {
    return [unreachable(error)];
  }
}

async function installationChecks(
  loaded: LoadedConfig,
  { oauth }: SlackSetup,
  openStore: () => Promise<Store>,
): Promise<Check[]> {
  if (!oauth) return [];
  const install = new URL(paths.install, oauth.publicUrl).href;
  const store = await openStore();
  try {
    const installations = new InstallationStore(
      { store, clock: systemClock, random: systemRandom },
      new TokenCipher(oauth.encryptionKey),
    );
    const ids = await installations.list();
    if (ids.length === 0)
      return [
        { name, state: 'warning', detail: 'no workspace has installed the app yet', cure: `Open ${install}` },
      ];
    const asked = await Promise.all(
      ids.slice(0, maxAsked).map(async (id): Promise<Check> => {
        const installation = await installations.get(id);
        const label = `${name} ${installation?.name || id}`;
        if (!installation) return { name: label, state: 'warning', detail: 'is not installed any more' };
        const answer = await ask(loaded.config.slack.apiUrl, 'auth.test', installation.bot.token);
        if (answer.ok) return { name: label, state: 'ok', detail: `installed (${id})` };
        return {
          name: label,
          state: 'warning',
          detail: `Slack answers ${answer.error}`,
          cure: `Install the app there again: ${install}`,
        };
      }),
    );
    const detail = `${ids.length} workspace(s) have installed the app`;
    return [{ name, state: 'ok', detail }, ...asked];
  } catch (error) {
    return [failedCheck(name, error)];
  } finally {
    await store.close();
  }
}

async function connectionChecks({ config }: LoadedConfig, { appToken }: SlackSetup): Promise<Check[]> {
  if (appToken === null) {
    const { publicUrl, port, host } = config.slack;
    const address = new URL(paths.events, publicUrl || `http://${host}:${port}`).href;
    return [
      {
        name: 'Slack requests',
        state: publicUrl === '' ? 'warning' : 'ok',
        detail: `expected at ${address}, served on ${host}:${port}`,
        ...(publicUrl === '' && {
          cure: 'Set SLACK_PUBLIC_URL to the https address under which Slack reaches that port, and put it into the manifest.',
        }),
      },
    ];
  }
  const label = 'Slack sockets';
  try {
    const answer = await ask(config.slack.apiUrl, 'apps.connections.open', appToken);
    if (answer.ok)
      return [
        { name: label, state: 'ok', detail: `Socket Mode is on; ${config.slack.sockets} connection(s)` },
      ];
    const socketsOff = answer.error === 'socket_mode_not_enabled';
    return [
      {
        name: label,
        state: 'failed',
        detail: `SLACK_APP_TOKEN: Slack answers ${answer.error}`,
        cure: socketsOff
          ? 'Switch Socket Mode on in the settings of the app.'
          : 'Make an app-level token with the scope connections:write (Basic Information, App-Level Tokens) and set it as SLACK_APP_TOKEN (xapp-…).',
      },
    ];
  } catch (error) {
    return [unreachable(error)];
  }
}

function scopeCheck(scopes: readonly string[] | null): Check {
  const label = 'Slack permissions';
  if (!scopes) return { name: label, state: 'warning', detail: 'Slack does not say what the token may do' };
  const missing = botScopes.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0)
    return { name: label, state: 'ok', detail: `all ${botScopes.length} are granted` };
  const broken = missing.some((scope) => requiredScopes.includes(scope));
  return {
    name: label,
    state: broken ? 'failed' : 'warning',
    detail: `missing: ${missing.map((scope) => `${scope} (${scopeReasons[scope]})`).join(', ')}`,
    cure: 'Add them under OAuth & Permissions (or paste the manifest again) and install the app again.',
  };
}

function clockChecks(skewS: number | null): Check[] {
  if (skewS === null || Math.abs(skewS) < noticeableSkewS) return [];
  return [
    {
      name: 'clock',
      state: Math.abs(skewS) >= allowedSkewS ? 'failed' : 'warning',
      detail: `this machine's clock and Slack's differ by ${skewS} s`,
      cure: 'Set the clock (NTP): requests that are signed five minutes apart are refused.',
    },
  ];
}

function refused(what: string, error: string): Check {
  const detail = `${what}: Slack answers ${error}`;
  const cure = deadTokenErrors.has(error)
    ? 'Install the app in the workspace again (OAuth & Permissions) and set the new SLACK_BOT_TOKEN (xoxb-…).'
    : cureFor(error);
  return { name, state: 'failed', detail, cure };
}

function unreachable(error: unknown): Check {
  return {
    name,
    state: 'failed',
    // Of a failed fetch the cause says more: the host that is not found, the connection that is refused.
    detail: `${unreachableWords}: ${reasonOf(error instanceof TypeError && error.cause ? error.cause : error)}`,
    cure: 'Check the network and the proxy of this machine (and slack.apiUrl, where it is set).',
  };
}

async function ask(apiUrl: string, method: string, token: string): Promise<Answer> {
  const response = await fetch(new URL(method, apiUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const date = Date.parse(response.headers.get('date') ?? '');
  const scopes = response.headers.get('x-oauth-scopes');
  return {
    ...answerSchema.parse(await response.json()),
    scopes: scopes?.split(',').map((scope) => scope.trim()) ?? null,
    skewS: Number.isNaN(date) ? null : Math.round((Date.now() - date) / 1_000),
  };
}
