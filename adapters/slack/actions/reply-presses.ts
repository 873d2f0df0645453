import type { CommandServices } from '../../../src/commands/command-services.js';
import { giveFeedback } from '../../../src/commands/feedback.js';
import { stopReply } from '../../../src/commands/stop-reply.js';
import { type MessageId, messageId, type TurnId, turnId } from '../../../src/ids.js';
import type { SessionState } from '../../../src/state/session.js';
import { isDirectMessage, slackAddress } from '../address.js';
import type { Directory } from '../api/directory.js';
import { readFeedback, readTurn } from '../delivery/reply-blocks.js';
import type { Admission } from '../intake/admission.js';
import type { MessageIntake } from '../intake/message-intake.js';
import type { Actor } from './actor.js';
import type { ActionPayload } from './payloads.js';

export interface ReplyPressesOptions {
  readonly services: CommandServices;
  readonly admission: Admission;
  readonly directory: Directory;
  readonly intake: Pick<MessageIntake, 'nameOf'>;
}

/** Lines looked at to see who takes part in a thread. */
const linesLookedAt = 100;

/** The buttons under replies: stop, regenerate, good, bad. Each answers with what the person is told; null for nothing. */
export class ReplyPresses {
  readonly #options: ReplyPressesOptions;

  constructor(options: ReplyPressesOptions) {
    this.#options = options;
  }

  async stop(actor: Actor, value: string): Promise<string | null> {
    const { services } = this.#options;
    const found = await this.#pressed(actor, value);
    if (typeof found === 'string') return found;
    const stopped = await stopReply(services, found, value as TurnId);
    return stopped ? null : services.say('slack.reply.nothingToStop');
  }

  async regenerate(
    actor: Actor,
    value: string,
    { container, message }: ActionPayload,
  ): Promise<string | null> {
    const { services, admission, intake } = this.#options;
    const { say, clock } = services;
    const found = await this.#pressed(actor, value);
    if (typeof found === 'string') return found;
    if (value !== turnId(found.id, found.turnCount)) return say('slack.reply.notLast');
    const { channel, thread = '' } = found.address;
    const admitted = await admission.admit({
      kind: 'regenerate',
      id: regenerateId(channel, container?.message_ts ?? message?.ts ?? value),
      workspace: actor.workspace,
      user: actor.user,
      session: found.id,
      channel: isDirectMessage(channel) ? undefined : channel,
      typed: '',
      open: async () => ({
        sessionId: found.id,
        speakerName: (await intake.nameOf(actor.workspace, actor.user)) ?? '',
        at: clock.now(),
        address: slackAddress({
          ...actor.workspace,
          channel,
          user: actor.user,
          ...(thread !== '' && { thread }),
          ...(found.address.message && { message: found.address.message }),
        }),
        shared: !isDirectMessage(channel),
      }),
    });
    return admitted.outcome === 'refused' ? admitted.notice : null;
  }

  async feedback(actor: Actor, value: string): Promise<string | null> {
    const { services } = this.#options;
    const read = readFeedback(value);
    const found = read && (await this.#pressed(actor, read.turn));
    if (!read || !found) return services.say('slack.reply.gone');
    if (typeof found === 'string') return found;
    const kept = await giveFeedback(services, found.id, read.turn, read.feedback);
    return kept ? null : services.say('slack.reply.gone');
  }

  /** The conversation of a button that this person may press, else what they are told. */
  async #pressed(actor: Actor, value: string): Promise<SessionState | string> {
    const { services, directory } = this.#options;
    const { store, say } = services;
    const named = readTurn(value);
    const session = named && (await store.sessions.get(named.session));
    if (!session?.id.startsWith(`slack:${actor.workspace.team}:`)) return say('slack.reply.gone');
    if (session.ownerId === actor.person) return session;
    if (!session.shared) return say('slack.reply.notYours');
    const { entries } = await store.transcript.page(session.id, { limit: linesLookedAt });
    if (entries.some(({ personId }) => personId === actor.person)) return session;
    return (await directory.isAdmin(actor.workspace, actor.user)) ? session : say('slack.reply.notYours');
  }
}

const regenerateId = (channel: string, ts: string): MessageId => messageId(`regenerate:${channel}:${ts}`);
