import type { AnyBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import type {
  AdapterCapabilities,
  OutgoingMessage,
  Receipt,
  ReplyAddress,
} from '../../../src/delivery/adapter.js';
import type { SessionId, TurnId } from '../../../src/ids.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { readSlackAddress, type SlackAddress } from '../address.js';
import { lacksCustomize, refusedWith, sendFailure } from '../api/call-failure.js';
import { CallPace } from '../api/call-pace.js';
import type { SlackClients } from '../api/workspace-clients.js';
import { AgentSessions } from './agent-sessions.js';
import { findMessage, replyMetadata } from './look-up.js';
import { Identities, messageBlocks, type ReplyWords, textOnly } from './reply-blocks.js';
import { ReplyStreams, streamLifeMs } from './reply-streams.js';
import { plainText, slackMarkdownChars } from './slack-markdown.js';
import { StatusLine } from './status-line.js';
import { Tidying } from './tidying.js';

/** Room that the markup guard may take within a message, characters. */
const guardChars = 500;

export interface SlackSenderOptions {
  readonly clients: SlackClients;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly words: ReplyWords;
  /** Template of `delivery.avatarUrl`. */
  readonly avatarUrl: string;
  /** Use Slack's text streaming where a conversation has it. */
  readonly streaming: boolean;
  /** Shortest time between two edits of a message, ms. */
  readonly editIntervalMs: number;
  /** Shortest time between two pieces of a stream, ms. */
  readonly appendIntervalMs: number;
  /** Somebody has stopped a reply with Slack's own button. */
  readonly onStopped: (session: SessionId, turn: TurnId) => void;
}

/**
 * Sends replies to Slack: as a text stream in threads, else by post and edits. Every call is made once; what failed is
 * told to the core, which looks for a message by its nonce before it posts again.
 */
export class SlackSender {
  readonly capabilities: AdapterCapabilities;
  readonly #options: SlackSenderOptions;
  readonly #pace: CallPace;
  readonly #identities: Identities;
  readonly #streams: ReplyStreams;
  readonly #status: StatusLine;
  readonly #sessions: AgentSessions;
  readonly #edited: RecentMap<string, number>;
  readonly #tidying: Tidying;

  constructor(options: SlackSenderOptions) {
    const { clock, logger, words, streaming, editIntervalMs, appendIntervalMs } = options;
    const intervalMs = streaming ? Math.min(appendIntervalMs, editIntervalMs) : editIntervalMs;
    this.#options = options;
    this.#pace = new CallPace(clock);
    this.#identities = new Identities(options.avatarUrl, clock);
    this.#status = new StatusLine(words, clock, logger);
    this.#sessions = new AgentSessions(this.#pace, clock, logger);
    this.#tidying = new Tidying(clock, logger);
    this.#edited = new RecentMap(5_000, { ms: editIntervalMs, clock });
    this.#streams = new ReplyStreams({
      clock,
      logger,
      words,
      pace: this.#pace,
      identities: this.#identities,
    });
    this.capabilities = {
      maxChars: slackMarkdownChars - guardChars,
      canEdit: true,
      minEditIntervalMs: intervalMs,
      rate: { burst: 5, refillMs: intervalMs },
      ...(streaming ? { messageMaxAgeMs: streamLifeMs } : {}),
      idempotentSend: false,
      fences: true,
      typing: true,
    };
  }

  /** @throws RapportError RAPPORT_E_DELIVERY_FAILED. */
  async post(to: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    const address = readSlackAddress(to);
    return this.#told(async () => {
      const client = await this.#options.clients.of(address);
      const wasReserved = this.#streams.isReserved(address);
      const streamed = this.#options.streaming
        ? await this.#streams.start(client, address, message, nonce)
        : null;
      if (!streamed && wasReserved && !message.final) this.#pace.count('chat.update', address.team);
      const receipt = streamed ?? (await this.#post(client, address, message, nonce));
      this.#status.posted(client, address);
      return receipt;
    });
  }

  /** @throws RapportError RAPPORT_E_DELIVERY_FAILED. */
  async edit(to: ReplyAddress, { platformMessageId: ts }: Receipt, message: OutgoingMessage): Promise<void> {
    const address = readSlackAddress(to);
    await this.#tidying.giveWay(`${address.channel}:${ts}`);
    return this.#told(async () => {
      const client = await this.#options.clients.of(address);
      const wasOpen = this.#streams.isOpen(address.channel, ts);
      const outcome = await this.#streams.show(client, address, ts, message);
      if (message.last && (outcome === 'shown' || outcome === 'ended-with-stop'))
        this.#sessions.ended(address);
      if (outcome === 'edit') {
        if (wasOpen || message.final) this.#pace.count('chat.update', address.team);
        await this.#update(client, address, ts, message);
      }
      if (outcome === 'ended-with-stop') {
        // The stop button still stands above the text. Where it cannot be taken away it stays, and does nothing.
        this.#tidying.begin(
          `${address.channel}:${ts}`,
          () => this.#pace.take('chat.update', address.team),
          () => this.#update(client, address, ts, message),
        );
      }
      if (outcome === 'stopped')
        this.#options.onStopped(message.sessionId as SessionId, message.turnId as TurnId);
    });
  }

  /** Whether a growing reply may be shown now: the pace of a message, and the share of the workspace, of which it then takes. */
  allowsEdit(to: ReplyAddress, { platformMessageId: ts }: Receipt): boolean {
    const { channel, team } = readSlackAddress(to);
    if (this.#streams.isOpen(channel, ts)) return this.#pace.take('chat.appendStream', team);
    return this.#edited.get(`${channel}:${ts}`) === undefined && this.#pace.take('chat.update', team);
  }

  /** Whether the beginning of a reply may be shown now; a crowd's replies are posted whole. */
  allowsPost(to: ReplyAddress): boolean {
    const address = readSlackAddress(to);
    if (this.#options.streaming && this.#streams.reserve(address)) return true;
    return this.#pace.take('chat.update', address.team);
  }

  /** @throws RapportError RAPPORT_E_DELIVERY_FAILED when Slack does not let itself be asked. */
  async findReceipt(to: ReplyAddress, nonce: string): Promise<Receipt | null> {
    const address = readSlackAddress(to);
    return this.#told(async () => {
      const client = await this.#options.clients.of(address);
      const isKnown = (ts: string): boolean => this.#streams.isOpen(address.channel, ts);
      return findMessage(client, address, nonce, this.#options.clock.now(), isKnown);
    });
  }

  /** Shows that a reply is on its way. */
  async typing(to: ReplyAddress): Promise<void> {
    const address = readSlackAddress(to);
    const client = await this.#options.clients.of(address);
    await Promise.all([this.#status.show(client, address), this.#sessions.begin(client, address)]);
  }

  /** What a thread is called in Slack's lists, by its first words. */
  nameThread(channel: string, thread: string, words: string): void {
    this.#sessions.name(channel, thread, words);
  }

  /** No reply is on its way any more: Slack's stop button goes. Never rejects. @param asked somebody has pressed it. */
  async rest(address: SlackAddress, asked = false): Promise<void> {
    if (!asked && !this.#sessions.isProcessing(address)) return;
    try {
      await this.#sessions.end(await this.#options.clients.of(address), address);
    } catch (thrown) {
      this.#options.logger.debug(
        { reason: reasonOf(thrown) },
        "Slack's own stop button may stay for a while",
      );
    }
  }

  /** Resolves when nothing is under way any more that nobody waits for. */
  settled(): Promise<void> {
    return this.#tidying.settled();
  }

  /** As {@link settled}, once no more messages come. */
  stop(): Promise<void> {
    return this.#tidying.stop();
  }

  async #post(
    client: WebClient,
    address: SlackAddress,
    message: OutgoingMessage,
    nonce: string,
  ): Promise<Receipt> {
    const at = this.#options.clock.now();
    const send = async (blocks: AnyBlock[]): Promise<string> => {
      const { ts } = await client.chat.postMessage({
        channel: address.channel,
        ...(address.thread === '' ? {} : { thread_ts: address.thread }),
        ...this.#identities.of(message, address.team),
        text: plainText(message.text),
        blocks,
        metadata: replyMetadata(nonce),
        unfurl_links: false,
        unfurl_media: false,
      });
      return ts ?? '';
    };
    const ts = await this.#dressed(address, message, () =>
      withoutRefusedButtons(messageBlocks(message, nonce, this.#options.words), send),
    );
    this.#edited.set(`${address.channel}:${ts}`, at);
    return { platformMessageId: ts, at };
  }

  /** Once more under the app's own name where the token may show no other. */
  async #dressed<T>(address: SlackAddress, message: OutgoingMessage, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (thrown) {
      if (!lacksCustomize(thrown) || this.#identities.of(message, address.team).username === undefined)
        throw thrown;
      this.#identities.refuse(address.team);
      this.#options.logger.warn(
        { team: address.team },
        'the app lacks the scope chat:write.customize: characters speak under its own name',
      );
      return call();
    }
  }

  async #update(
    client: WebClient,
    address: SlackAddress,
    ts: string,
    message: OutgoingMessage,
  ): Promise<void> {
    const { channel } = address;
    const send = async (blocks: AnyBlock[]): Promise<void> => {
      await client.chat.update({ channel, ts, text: plainText(message.text), blocks });
    };
    const blocks = messageBlocks(message, null, this.#options.words);
    this.#edited.set(`${channel}:${ts}`, this.#options.clock.now());
    try {
      await withoutRefusedButtons(blocks, send);
    } catch (thrown) {
      if (refusedWith(thrown) !== 'streaming_state_conflict') throw thrown;
      await this.#streams.end(client, address, ts);
      await withoutRefusedButtons(blocks, send);
    }
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      throw sendFailure(thrown);
    }
  }
}

const buttonErrors: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_many',
]);

/** A workspace that refuses the buttons still gets the words. */
async function withoutRefusedButtons<T>(
  blocks: AnyBlock[],
  send: (blocks: AnyBlock[]) => Promise<T>,
): Promise<T> {
  try {
    return await send(blocks);
  } catch (thrown) {
    const error = refusedWith(thrown);
    if (error === null || !buttonErrors.has(error) || blocks.length < 2) throw thrown;
    return send(textOnly(blocks));
  }
}
