import type { AnyChunk } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Clock } from '../../../src/clock.js';
import type { OutgoingMessage, Receipt } from '../../../src/delivery/adapter.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { isDirectMessage, type SlackAddress } from '../address.js';
import { askedToWaitMs, failureReason, isUnclear, lacksCustomize, refusedWith } from '../api/call-failure.js';
import type { CallPace } from '../api/call-pace.js';
import { replyMetadata } from './look-up.js';
import { buttons, type Identities, type ReplyWords, stopBlock } from './reply-blocks.js';
import { growing, slackMarkdown } from './slack-markdown.js';

/** Slack ends a stream five minutes after its start, however active it is. */
export const streamLifeMs = 300_000;
/** A conversation that refuses streams is asked again after so long, ms. */
const refusedForMs = 3_600_000;
/** What was reserved and is not begun after so long is not counted on any more, ms. */
const reservedForMs = 60_000;
const maxStreams = 5_000;

interface OpenStream {
  readonly nonce: string;
  /** The Markdown Slack has for sure; null when a call's fate is open. */
  sent: string | null;
  /** A stop button stands above the text. */
  readonly button: boolean;
}

/** What a stream made of an edit. */
export type StreamOutcome =
  /** The message shows the text. */
  | 'shown'
  /** It does, and is complete; a stop button is left above it. */
  | 'ended-with-stop'
  /** There is no stream (any more) that could show it: edit the message. */
  | 'edit'
  /** The person has stopped it with Slack's own button. */
  | 'stopped';

export interface ReplyStreamsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pace: CallPace;
  readonly identities: Identities;
  readonly words: ReplyWords;
}

/** What a stream that cannot be continued answers. */
const over: ReadonlySet<string> = new Set([
  'invalid_chunks',
  'message_not_in_streaming_state',
  'message_not_owned_by_app',
  'msg_too_long',
  'streaming_mode_mismatch',
]);
const refusesBlocks: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_chunks',
]);

/**
 * Replies as Slack's own text streams: append-only, in a thread, for five minutes. The core hands over the whole text
 * each time; what is new is appended. A stream opens with its stop button, whose block names the message's nonce.
 */
export class ReplyStreams {
  readonly #options: ReplyStreamsOptions;
  readonly #open: RecentMap<string, OpenStream>;
  readonly #refused: RecentMap<string, string>;
  readonly #reserved: RecentMap<string, true>;
  #blockChunks = true;

  constructor(options: ReplyStreamsOptions) {
    const { clock } = options;
    this.#options = options;
    this.#open = new RecentMap(maxStreams, { ms: streamLifeMs + 60_000, clock });
    this.#refused = new RecentMap(maxStreams, { ms: refusedForMs, clock });
    this.#reserved = new RecentMap(maxStreams, { ms: reservedForMs, clock });
  }

  isOpen(channel: string, ts: string): boolean {
    return this.#open.get(`${channel}:${ts}`) !== undefined;
  }

  /** Whether a stream may begin there now: in a thread, where streams are not refused, within the workspace's share. */
  mayStart({ thread, channel, team }: SlackAddress): boolean {
    if (thread === '' || this.#refused.get(channel) !== undefined) return false;
    return this.#options.pace.allows('chat.startStream', team);
  }

  /** Whether a stream may begin there; if so, the workspace's share is taken for it. */
  reserve(address: SlackAddress): boolean {
    if (this.isReserved(address)) return true;
    if (!this.mayStart(address)) return false;
    this.#options.pace.count('chat.startStream', address.team);
    this.#reserved.set(placeOf(address), true);
    return true;
  }

  isReserved(address: SlackAddress): boolean {
    return this.#reserved.get(placeOf(address)) !== undefined;
  }

  /**
   * Opens a stream with the beginning of a reply; null where the message is to be posted instead.
   * @throws what the WebClient throws, when it is open whether the stream began.
   */
  async start(
    client: WebClient,
    address: SlackAddress,
    message: OutgoingMessage,
    nonce: string,
  ): Promise<Receipt | null> {
    const { pace, clock, identities } = this.#options;
    const text = growing(slackMarkdown(message.text));
    const isReserved = this.isReserved(address);
    this.#reserved.delete(placeOf(address));
    if (message.final || message.kind === 'notice' || text === '') return null;
    if (!isReserved && !this.mayStart(address)) return null;
    const at = clock.now();
    if (!isReserved) pace.count('chat.startStream', address.team);
    const button = this.#blockChunks;
    const chunks: AnyChunk[] = [{ type: 'markdown_text', text }];
    if (button) chunks.unshift({ type: 'blocks', blocks: [stopBlock(message, nonce, this.#options.words)] });
    try {
      const { ts } = await client.chat.startStream({
        channel: address.channel,
        thread_ts: address.thread,
        ...(isDirectMessage(address.channel)
          ? {}
          : { recipient_user_id: address.user, recipient_team_id: address.userTeam }),
        ...identities.of(message, address.team),
        chunks,
      });
      if (!ts) return null;
      this.#open.set(`${address.channel}:${ts}`, { nonce, sent: text, button });
      return { platformMessageId: ts, at };
    } catch (thrown) {
      if (isUnclear(thrown)) throw thrown;
      return this.#refusedStart(thrown, client, address, message, nonce, button);
    }
  }

  /** Appends what is new, or ends the stream with it. @throws what the WebClient throws, unless the message is to be edited. */
  async show(
    client: WebClient,
    address: SlackAddress,
    ts: string,
    message: OutgoingMessage,
  ): Promise<StreamOutcome> {
    const key = `${address.channel}:${ts}`;
    const stream = this.#open.get(key);
    if (!stream) return 'edit';
    const { sent } = stream;
    const shown = slackMarkdown(message.text);
    const wanted = message.final ? shown : growing(shown);
    if (sent === null || !(wanted.startsWith(sent) || (!message.final && sent.startsWith(wanted)))) {
      await this.#close(client, address, ts);
      return 'edit';
    }
    const added = wanted.slice(sent.length);
    try {
      if (!message.final) return await this.#append(client, address, ts, stream, added);
      await this.#stop(client, address, ts, message, stream, added);
      this.#open.delete(key);
      return stream.button ? 'ended-with-stop' : 'shown';
    } catch (thrown) {
      return this.#failed(thrown, client, address, ts, stream, { message, added });
    }
  }

  /** Ends a stream of an earlier process, or one that is to be edited from now on. Whether it was one is no matter. */
  async end(client: WebClient, address: SlackAddress, ts: string): Promise<void> {
    await this.#close(client, address, ts);
  }

  async #append(
    client: WebClient,
    { channel }: SlackAddress,
    ts: string,
    stream: OpenStream,
    added: string,
  ): Promise<StreamOutcome> {
    if (added === '') return 'shown';
    const before = stream.sent ?? '';
    await client.chat.appendStream({ channel, ts, chunks: [{ type: 'markdown_text', text: added }] });
    stream.sent = before + added;
    return 'shown';
  }

  async #stop(
    client: WebClient,
    { channel }: SlackAddress,
    ts: string,
    message: OutgoingMessage,
    { nonce }: OpenStream,
    added: string,
  ): Promise<void> {
    const blocks = buttons(message, null, this.#options.words);
    await client.chat.stopStream({
      channel,
      ts,
      ...(added === '' ? {} : { chunks: [{ type: 'markdown_text', text: added }] }),
      ...(blocks.length > 0 ? { blocks } : {}),
      // Else Slack takes its stop button away although the reply goes on in the next message.
      ...(message.last ? {} : { session_status: 'processing' }),
      metadata: replyMetadata(nonce),
    });
  }

  async #failed(
    thrown: unknown,
    client: WebClient,
    address: SlackAddress,
    ts: string,
    stream: OpenStream,
    { message, added }: { readonly message: OutgoingMessage; readonly added: string },
  ): Promise<StreamOutcome> {
    const key = `${address.channel}:${ts}`;
    const error = refusedWith(thrown);
    if (isUnclear(thrown)) {
      stream.sent = null;
      throw thrown;
    }
    if (error === 'stopped_by_user') {
      this.#open.delete(key);
      return message.final ? 'edit' : 'stopped';
    }
    if (error !== null && (over.has(error) || refusesBlocks.has(error))) {
      await this.#close(client, address, ts);
      return 'edit';
    }
    if (message.final && askedToWaitMs(thrown) > 0)
      await this.#appendRest(client, address, ts, stream, added);
    throw thrown;
  }

  /** The end has to wait; what it would bring is shown meanwhile. */
  async #appendRest(
    client: WebClient,
    address: SlackAddress,
    ts: string,
    stream: OpenStream,
    added: string,
  ): Promise<void> {
    this.#options.pace.count('chat.appendStream', address.team);
    try {
      await this.#append(client, address, ts, stream, added);
    } catch (thrown) {
      if (isUnclear(thrown)) stream.sent = null;
      this.#options.logger.debug({ reason: failureReason(thrown) }, 'the end of a reply waits');
    }
  }

  async #close(client: WebClient, address: SlackAddress, ts: string): Promise<void> {
    try {
      await client.chat.stopStream({ channel: address.channel, ts });
    } catch (thrown) {
      if (refusedWith(thrown) === null) throw thrown;
    }
    this.#open.delete(`${address.channel}:${ts}`);
  }

  /** Without what was refused once more; else the message is posted, and its refusal tells the truth. */
  async #refusedStart(
    thrown: unknown,
    client: WebClient,
    address: SlackAddress,
    message: OutgoingMessage,
    nonce: string,
    button: boolean,
  ): Promise<Receipt | null> {
    const { identities, logger } = this.#options;
    const error = refusedWith(thrown);
    if (error === null) return null;
    if (lacksCustomize(thrown) && identities.of(message, address.team).username !== undefined) {
      identities.refuse(address.team);
      return this.start(client, address, message, nonce);
    }
    if (button && refusesBlocks.has(error)) {
      this.#blockChunks = false;
      return this.start(client, address, message, nonce);
    }
    this.#refused.set(address.channel, error);
    logger.debug(
      { channel: address.channel, error },
      'this conversation takes no streams; replies are edited',
    );
    return null;
  }
}

const placeOf = ({ channel, thread }: SlackAddress): string => `${channel}:${thread}`;
