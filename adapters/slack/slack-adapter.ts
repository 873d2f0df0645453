import { App, type AuthorizeResult, type AuthorizeSourceData } from '@slack/bolt';
import { RapportError, reasonOf } from '../../config/errors.js';
import type { Secrets } from '../../config/secrets.js';
import type { CommandServices } from '../../src/commands/command-services.js';
import { heedStop } from '../../src/commands/stop-reply.js';
import type {
  AdapterCapabilities,
  InboundHandler,
  OutgoingMessage,
  PlatformAdapter,
  Receipt,
  ReplyAddress,
} from '../../src/delivery/adapter.js';
import type { Alert, AlertPlace } from '../../src/state/alert.js';
import { within } from '../../src/within.js';
import { readSlackAddress, type SlackAddress, slackSession } from './address.js';
import { sendFailure } from './api/call-failure.js';
import { postAlert } from './delivery/alerts.js';
import { registerListeners } from './slack-listeners.js';
import { type SlackParts, slackParts } from './slack-parts.js';

export interface SlackAdapterOptions {
  readonly services: CommandServices;
  readonly secrets: Secrets;
}

/** What is still being handled when the adapter stops may take so long, ms. */
const drainMs = 5_000;
/** Pauses between tries while Slack cannot be reached at the start, ms. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** Slack as a platform: Bolt takes in, {@link SlackSender} sends. */
export class SlackAdapter implements PlatformAdapter {
  readonly name = 'slack';
  readonly #options: SlackAdapterOptions;
  readonly #parts: SlackParts;
  readonly #stopping = new AbortController();
  /** Conversations in which a reply is shown to be on its way. */
  readonly #typing = new Set<string>();
  #app: App | null = null;
  #beginning: Promise<void> = Promise.resolve();

  /** @throws RapportError RAPPORT_E_SLACK_SETUP, RAPPORT_E_SLACK_KEY when the secrets do not go together. */
  constructor(options: SlackAdapterOptions) {
    this.#options = options;
    this.#parts = slackParts(options);
  }

  get capabilities(): AdapterCapabilities {
    return this.#parts.sender.capabilities;
  }

  /** The port that HTTP requests and installations come to; 0 where none is open. */
  get port(): number {
    return this.#parts.http?.port ?? 0;
  }

  /**
   * Connects. Where Slack cannot be reached yet it is tried again behind the scenes.
   * @throws RapportError RAPPORT_E_SLACK_REFUSED, RAPPORT_E_PORT_IN_USE
   */
  async start(handler: InboundHandler): Promise<void> {
    try {
      await this.#begin(handler);
    } catch (error) {
      if (!(error instanceof RapportError) || !error.retryable) throw error;
      this.#options.services.logger.warn({ code: error.code, cure: error.cure }, error.message);
      this.#beginning = this.#tryAgain(handler);
    }
  }

  async stop(): Promise<void> {
    const { receiver, workspaces, sender } = this.#parts;
    const { clock } = this.#options.services;
    this.#stopping.abort();
    await this.#beginning;
    await within(clock, drainMs, receiver.settled());
    if (this.#app) await within(clock, drainMs, this.#app.stop());
    await within(clock, drainMs, sender.stop());
    await workspaces.stop();
  }

  post(address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    return this.#parts.sender.post(address, message, nonce);
  }

  async edit(address: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void> {
    if (!message.final) await heedStop(this.#options.services, message);
    return this.#parts.sender.edit(address, receipt, message);
  }

  allowsEdit(address: ReplyAddress, receipt: Receipt): boolean {
    return this.#parts.sender.allowsEdit(address, receipt);
  }

  allowsPost(address: ReplyAddress): boolean {
    return this.#parts.sender.allowsPost(address);
  }

  findReceipt(address: ReplyAddress, nonce: string): Promise<Receipt | null> {
    return this.#parts.sender.findReceipt(address, nonce);
  }

  async alert(place: AlertPlace, alert: Alert): Promise<void> {
    try {
      await postAlert(this.#parts.clients, place, alert);
    } catch (thrown) {
      throw sendFailure(thrown);
    }
  }

  typing(address: ReplyAddress): Promise<void> {
    this.#untilTurnEnds(readSlackAddress(address));
    return this.#parts.sender.typing(address);
  }

  /** However the turn ends, nothing is shown to be on its way then. */
  #untilTurnEnds(address: SlackAddress): void {
    const session = slackSession(address.team, address.channel, address.thread);
    if (this.#typing.has(session)) return;
    const { events } = this.#options.services;
    const unsubscribe = events.subscribe(session, (event) => {
      if (event.type !== 'turn' || event.state !== 'finished') return;
      unsubscribe();
      this.#typing.delete(session);
      void this.#parts.sender.rest(address);
    });
    this.#typing.add(session);
  }

  async #begin(handler: InboundHandler): Promise<void> {
    const { identify, receiver, workspaces } = this.#parts;
    await identify();
    this.#app ??= this.#createApp(handler);
    await receiver.start();
    workspaces.start();
  }

  async #tryAgain(handler: InboundHandler): Promise<void> {
    const { clock, logger } = this.#options.services;
    const { signal } = this.#stopping;
    for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(longestPauseMs, 2 * pause)) {
      await clock.sleep(pause, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#begin(handler);
        logger.info({}, 'Slack is reached now');
        return;
      } catch (error) {
        const coded = error instanceof RapportError ? error : null;
        if (coded?.retryable) continue;
        logger.error({ code: coded?.code, cure: coded?.cure, reason: reasonOf(error) }, 'Slack stays off');
        return;
      }
    }
  }

  #createApp(handler: InboundHandler): App {
    const { services } = this.#options;
    const { receiver, slackLogger } = this.#parts;
    const app = new App({
      receiver,
      authorize: (source) => this.#authorize(source),
      logger: slackLogger,
      // Own messages are told apart where the bot's user, id and app are known.
      ignoreSelf: false,
      convoStore: false,
      clientOptions: { slackApiUrl: services.config.slack.apiUrl, retryConfig: { retries: 0 } },
    });
    registerListeners(app, this.#parts, handler, services);
    return app;
  }

  async #authorize({ teamId, enterpriseId }: AuthorizeSourceData<boolean>): Promise<AuthorizeResult> {
    const workspace = { team: teamId ?? enterpriseId ?? '', enterprise: enterpriseId ?? '' };
    const { token, botId, botUserId, orgWide } = await this.#parts.tokens.tokenOf(workspace);
    return {
      botToken: token,
      botId,
      botUserId,
      orgWide,
      ...(teamId !== undefined && { teamId }),
      ...(enterpriseId !== undefined && { enterpriseId }),
    };
  }
}
