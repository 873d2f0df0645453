import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import { exclusively, type MutexServices } from '../../../src/state/exclusively.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { callFailure, cureFor, failureReason } from '../api/call-failure.js';
import type { SlackClients, Workspace } from '../api/workspace-clients.js';
import { type InstallationStore, installationId, type SlackInstallation } from './installation-store.js';

/** A bot token, ready to use. */
export interface BotToken {
  readonly token: string;
  readonly botId: string;
  readonly botUserId: string;
  /** The token is an organisation's: calls have to name the workspace. */
  readonly orgWide: boolean;
}

/** Where the tokens of workspaces come from. */
export interface TokenSource {
  /** @throws RapportError RAPPORT_E_SLACK_NOT_INSTALLED, RAPPORT_E_SLACK_KEY, RAPPORT_E_STORE_UNAVAILABLE */
  tokenOf(workspace: Workspace): Promise<BotToken>;
}

/** Who the bot is, as auth.test says. */
export interface BotIdentity {
  readonly team: string;
  readonly teamName: string;
  readonly enterprise: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly url: string;
}

/**
 * Asks Slack whose token it is.
 * @throws RapportError RAPPORT_E_SLACK_REFUSED with a cure, RAPPORT_E_SLACK_UNREACHABLE
 */
async function identify(client: WebClient): Promise<BotIdentity> {
  try {
    const { team_id, team, enterprise_id, bot_id, user_id, url } = await client.auth.test();
    return {
      team: team_id ?? '',
      teamName: team ?? '',
      enterprise: enterprise_id ?? '',
      botId: bot_id ?? '',
      botUserId: user_id ?? '',
      url: url ?? '',
    };
  } catch (error) {
    const failure = callFailure(error);
    if (failure.kind === 'refused')
      throw new RapportError(
        'RAPPORT_E_SLACK_REFUSED',
        { call: 'auth.test', reason: failure.error, cure: cureFor(failure.error, failure.needed) },
        error,
      );
    throw new RapportError(
      'RAPPORT_E_SLACK_UNREACHABLE',
      { call: 'auth.test', reason: failureReason(error) },
      error,
    );
  }
}

/** One workspace, whose token is in the environment. */
export class SingleToken implements TokenSource {
  readonly #token: string;
  #identity: BotIdentity | null = null;

  constructor(token: string) {
    this.#token = token;
  }

  async tokenOf(): Promise<BotToken> {
    const { botId = '', botUserId = '' } = this.#identity ?? {};
    return { token: this.#token, botId, botUserId, orgWide: false };
  }

  /** Asks Slack once. @throws RapportError RAPPORT_E_SLACK_REFUSED, RAPPORT_E_SLACK_UNREACHABLE */
  async identify(clients: SlackClients): Promise<BotIdentity> {
    this.#identity ??= await identify(await clients.of({ team: '' }));
    return this.#identity;
  }
}

/** A token is renewed when it has less than this left, s (Slack's rotating tokens live 12 h). */
const renewBeforeS = 2 * 3_600;
/** How long a read installation is used before it is looked up again, ms: another process may have renewed it. */
const freshMs = 60_000;

export interface InstalledTokensOptions extends MutexServices {
  readonly store: Pick<Store, 'values' | 'lease'>;
  readonly installations: InstallationStore;
  readonly logger: Logger;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiUrl: string;
  readonly timeoutMs: number;
  /** Where people install the app. */
  readonly installUrl: string;
}

const renewalSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
});

/** The tokens of installed workspaces; rotating ones are renewed before they end, by one process at a time. */
export class InstalledTokens implements TokenSource {
  readonly #options: InstalledTokensOptions;
  readonly #api: WebClient;
  readonly #known = new Map<string, { readonly installation: SlackInstallation; readonly readAt: number }>();

  constructor(options: InstalledTokensOptions) {
    this.#options = options;
    this.#api = new WebClient(undefined, {
      slackApiUrl: options.apiUrl,
      timeout: options.timeoutMs,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });
  }

  async tokenOf(workspace: Workspace): Promise<BotToken> {
    const found = (await this.#read(workspace.team)) ?? (await this.#readOrganisation(workspace));
    if (!found)
      throw new RapportError('RAPPORT_E_SLACK_NOT_INSTALLED', {
        team: workspace.team,
        reason: 'none is stored',
        cure: this.#options.installUrl,
      });
    const { bot, team } = await this.#fresh(found);
    return { token: bot.token, botId: bot.id, botUserId: bot.userId, orgWide: team === null };
  }

  /** Forgets what was read: the installation was replaced or removed. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  #readOrganisation({ enterprise }: Workspace): Promise<SlackInstallation | null> {
    return enterprise ? this.#read(enterprise) : Promise.resolve(null);
  }

  async #read(id: string): Promise<SlackInstallation | null> {
    const now = this.#options.clock.now();
    const known = this.#known.get(id);
    if (known && now - known.readAt < freshMs) return known.installation;
    const installation = await this.#options.installations.get(id);
    if (installation) this.#known.set(id, { installation, readAt: now });
    else this.#known.delete(id);
    return installation;
  }

  async #fresh(installation: SlackInstallation): Promise<SlackInstallation> {
    if (!this.#isEnding(installation)) return installation;
    const id = installationId(installation);
    return exclusively(this.#options, `slack:token:${id}`, async () => {
      const stored = (await this.#options.installations.get(id)) ?? installation;
      const fresh = this.#isEnding(stored) ? await this.#renew(stored) : stored;
      this.#known.set(id, { installation: fresh, readAt: this.#options.clock.now() });
      return fresh;
    });
  }

  #isEnding({ bot }: SlackInstallation): boolean {
    return (
      bot.refreshToken !== undefined &&
      bot.expiresAt !== undefined &&
      bot.expiresAt - this.#options.clock.now() / 1_000 < renewBeforeS
    );
  }

  /** Renews a token. One that still works is used on where that fails: it is tried again with the next call. */
  async #renew(installation: SlackInstallation): Promise<SlackInstallation> {
    const { clientId, clientSecret, installations, clock, logger, installUrl } = this.#options;
    const { bot } = installation;
    try {
      const answer = renewalSchema.parse(
        await this.#api.oauth.v2.access({
          client_id: clientId,
          client_secret: clientSecret,
          grant_type: 'refresh_token',
          refresh_token: bot.refreshToken ?? '',
        }),
      );
      const renewed: SlackInstallation = {
        ...installation,
        bot: {
          ...bot,
          token: answer.access_token,
          refreshToken: answer.refresh_token,
          expiresAt: Math.floor(clock.now() / 1_000) + answer.expires_in,
        },
      };
      await installations.save(renewed);
      return renewed;
    } catch (error) {
      if (error instanceof RapportError) throw error;
      const left = (bot.expiresAt ?? 0) - clock.now() / 1_000;
      const workspace = installationId(installation);
      logger.warn(
        { workspace, reason: failureReason(error), secondsLeft: Math.round(left) },
        'a Slack token could not be renewed',
      );
      if (left > 0) return installation;
      if (callFailure(error).kind === 'refused')
        throw new RapportError(
          'RAPPORT_E_SLACK_NOT_INSTALLED',
          { team: workspace, reason: failureReason(error), cure: installUrl },
          error,
        );
      throw new RapportError(
        'RAPPORT_E_SLACK_UNREACHABLE',
        { call: 'oauth.v2.access', reason: failureReason(error) },
        error,
      );
    }
  }
}
