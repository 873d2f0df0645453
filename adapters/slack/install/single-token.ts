import type { WebClient } from '@slack/web-api';
import { RapportError } from '../../../config/errors.js';
import { callFailure, cureFor, failureReason } from '../api/call-failure.js';
import type { SlackClients } from '../api/slack-clients.js';
import type { BotToken, TokenSource } from './token-source.js';

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
export async function identify(client: WebClient): Promise<BotIdentity> {
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
