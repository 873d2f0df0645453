import { reasonOf } from '../../../../config/errors.js';
import { admit } from '../../../../src/commands/admit.js';
import type { CommandServices } from '../../../../src/commands/command-services.js';
import { heedStop } from '../../../../src/commands/stop-reply.js';
import type {
  AdapterCapabilities,
  InboundHandler,
  OutgoingMessage,
  PlatformAdapter,
  Receipt,
  ReplyAddress,
} from '../../../../src/delivery/adapter.js';
import { messageId, type PersonId, personId, type SessionId, sessionId } from '../../../../src/ids.js';
import { MatrixApi, type RoomEvent } from './matrix-api.js';

/** Pause before a server that could not be reached is asked again, ms. */
const againMs = 5_000;
const sinceKey = 'matrix:since';
const stopSign = '⏹️';

/** Matrix: what people write in a room is answered there; ⏹️ under a reply stops it. */
export class MatrixAdapter implements PlatformAdapter {
  readonly name = 'matrix';
  readonly capabilities: AdapterCapabilities = {
    maxChars: 10_000,
    canEdit: true,
    minEditIntervalMs: 1_000,
    rate: { burst: 10, refillMs: 1_000 },
    idempotentSend: true,
    fences: true,
    typing: true,
  };
  readonly #services: CommandServices;
  readonly #api: MatrixApi;
  readonly #stopping = new AbortController();
  #user = '';
  #following: Promise<void> = Promise.resolve();

  constructor(services: CommandServices, options: { readonly url: string; readonly token: string }) {
    this.#services = services;
    this.#api = new MatrixApi(options);
  }

  async start(receive: InboundHandler): Promise<void> {
    this.#user = await this.#api.whoAmI();
    const known = await this.#services.store.values.get(sinceKey);
    // At the very first start nothing that was written before is answered.
    const since = known ?? (await this.#api.sync(null, this.#stopping.signal)).next;
    this.#following = this.#follow(since, receive);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
  }

  async post({ channel }: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    const id = await this.#api.send(channel, nonce, contentOf(message));
    return { platformMessageId: id, at: this.#services.clock.now() };
  }

  async edit({ channel }: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void> {
    if (!message.final) await heedStop(this.#services, message);
    const content = contentOf(message);
    await this.#api.send(channel, this.#services.random.id(), {
      ...content,
      'm.new_content': content,
      'm.relates_to': { rel_type: 'm.replace', event_id: receipt.platformMessageId },
    });
  }

  async typing({ channel }: ReplyAddress): Promise<void> {
    await this.#api.typing(channel, this.#user).catch(() => undefined);
  }

  async #follow(from: string, receive: InboundHandler): Promise<void> {
    const { store, clock, logger } = this.#services;
    const { signal } = this.#stopping;
    for (let since = from; !signal.aborted; ) {
      try {
        const { next, events } = await this.#api.sync(since, signal);
        for (const event of events) await this.#take(event, receive);
        // Only now: what was not recorded comes again with the next sync, in this process or after a crash.
        await store.values.set(sinceKey, next);
        since = next;
      } catch (error) {
        if (signal.aborted) return;
        logger.warn({ reason: reasonOf(error) }, 'Matrix cannot be followed; trying again');
        await clock.sleep(againMs, signal).catch(() => undefined);
      }
    }
  }

  async #take(event: RoomEvent, receive: InboundHandler): Promise<void> {
    const { room, sender, type, content } = event;
    if (sender === this.#user) return;
    const session = sessionOf(room);
    const person = personOf(sender);
    if (type === 'm.reaction' && content['m.relates_to']?.key === stopSign)
      return this.#stopReply(session, person);
    if (type !== 'm.room.message' || content.msgtype !== 'm.text' || !content.body) return;
    const admission = await admit(
      this.#services,
      {
        kind: 'message',
        id: messageId(event.event_id),
        person,
        session,
        rules: { community: null, channels: [] },
        typed: content.body,
        open: async () => ({
          sessionId: session,
          speakerName: sender,
          at: event.origin_server_ts,
          address: { platform: 'matrix', channel: room },
          shared: false,
        }),
      },
      receive,
    );
    if (admission.outcome === 'refused' && admission.notice !== '' && !admission.again)
      await this.#api.send(room, this.#services.random.id(), { msgtype: 'm.notice', body: admission.notice });
  }

  async #stopReply(session: SessionId, person: PersonId): Promise<void> {
    const { store, sessions } = this.#services;
    const known = await store.sessions.get(session);
    // A conversation whose first reply is being written has no owner yet.
    if (known === null || known.ownerId === person) sessions.stop(session);
  }
}

export const sessionOf = (room: string): SessionId => sessionId(`matrix:${room}`);
export const personOf = (user: string): PersonId => personId(`matrix:${user}`);

function contentOf({ kind, speaker, text }: OutgoingMessage): Readonly<Record<string, string>> {
  if (kind === 'notice') return { msgtype: 'm.notice', body: text };
  return { msgtype: 'm.text', body: `${speaker.name}: ${text}` };
}
