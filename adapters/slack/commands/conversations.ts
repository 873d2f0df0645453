import { type Character, displayName } from '../../../characters/schema.js';
import type { Admission as Admitted } from '../../../src/commands/admit.js';
import type { CommandServices } from '../../../src/commands/command-services.js';
import { meetCharacter } from '../../../src/commands/meet-character.js';
import type { PlatformAdapter } from '../../../src/delivery/adapter.js';
import { avatarOf } from '../../../src/delivery/face-url.js';
import { nonceOf } from '../../../src/delivery/nonce.js';
import { splitText } from '../../../src/delivery/split.js';
import { type MessageId, messageId, type SessionId, turnId } from '../../../src/ids.js';
import type { MatchReason } from '../../../src/matching/persona-scorer.js';
import type { SessionState } from '../../../src/state/session.js';
import type { Actor } from '../actions/actor.js';
import { slackAddress, slackSession } from '../address.js';
import type { DirectMessages, Directory } from '../api/directory.js';
import type { SlackClients } from '../api/workspace-clients.js';
import type { Admission } from '../intake/admission.js';
import type { MessageIntake } from '../intake/message-intake.js';
import { escapeText } from '../intake/plain-text.js';

/** What is posted of a long greeting at once. */
const openingRules = { maxChars: 3_500, fences: true };

export interface ConversationsOptions {
  readonly services: CommandServices;
  readonly clients: SlackClients;
  readonly directMessages: DirectMessages;
  readonly admission: Admission;
  readonly directory: Pick<Directory, 'whereabouts'>;
  readonly intake: Pick<MessageIntake, 'nameOf'>;
  readonly replies: Pick<PlatformAdapter, 'post'>;
}

/** A person's private conversation: the direct message with the app. */
export interface PrivateConversation {
  readonly id: SessionId;
  readonly channel: string;
  /** Null where it has not begun. */
  readonly session: SessionState | null;
}

/** What commands and buttons do to a person's private conversation. */
export class Conversations {
  readonly #options: ConversationsOptions;

  constructor(options: ConversationsOptions) {
    this.#options = options;
  }

  /** @throws what the WebClient throws. */
  async of({ workspace, user }: Actor): Promise<PrivateConversation> {
    const { services, directMessages } = this.#options;
    const channel = await directMessages.channelOf(workspace, user);
    const id = slackSession(workspace.team, channel);
    return { id, channel, session: await services.store.sessions.get(id) };
  }

  /**
   * Talks to a character from now on: a conversation that goes on is taken over, else one begins. Either way the disclosure and
   * the character's greeting are posted to the direct message; nothing is where they speak there already.
   */
  async begin(
    actor: Actor,
    character: Character,
    reasons: readonly MatchReason[] = [],
  ): Promise<'begun' | 'taken-over'> {
    const { services } = this.#options;
    const { id, channel } = await this.of(actor);
    const address = slackAddress({ ...actor.workspace, channel, user: actor.user });
    const { opening, takenOver } = await meetCharacter(services, {
      id,
      platform: 'slack',
      owner: actor.person,
      character,
      reasons,
      address,
      shared: false,
      whereabouts: await this.#options.directory.whereabouts(actor.workspace, actor.user),
    });
    try {
      const posts = opening.flatMap((entry) =>
        splitText(entry.text, openingRules).map((piece) => ({ ...entry, text: piece.text })),
      );
      for (const [n, { text, role, at, turnId: turn }] of posts.entries())
        await this.#options.replies.post(
          address,
          {
            text,
            kind: role === 'supporter' ? 'reply' : 'notice',
            speaker: {
              name: displayName(character),
              avatar: avatarOf(character, services.config.delivery.avatarUrl),
            },
            final: true,
            last: false,
            turnId: turn,
            sessionId: id,
          },
          nonceOf(turnId(id, 0), messageId(`opened:${at}`), n),
        );
    } catch (error) {
      // Nobody has read yet that this is an AI: the next reply says so.
      await services.store.sessions.update(id, { disclosed: false });
      throw error;
    }
    return takenOver || opening.length === 0 ? 'taken-over' : 'begun';
  }

  /** Says something for a person in their private conversation; what was asked is shown there, and answered below. */
  async ask(actor: Actor, text: string, id: MessageId): Promise<Admitted> {
    const { services, admission, intake } = this.#options;
    const { id: session, channel } = await this.of(actor);
    return admission.admit({
      kind: 'message',
      id,
      workspace: actor.workspace,
      user: actor.user,
      session,
      typed: text,
      open: async () => {
        const shown = services.say('slack.asked', { text: quoted(text) });
        const root = await this.#post(actor, channel, shown, true);
        return {
          sessionId: session,
          speakerName: (await intake.nameOf(actor.workspace, actor.user)) ?? '',
          at: services.clock.now(),
          address: slackAddress({
            ...actor.workspace,
            channel,
            user: actor.user,
            message: root,
            ...(services.config.slack.dmReplies === 'thread' && { thread: root }),
          }),
          shared: false,
        };
      },
    });
  }

  async #post({ workspace }: Actor, channel: string, text: string, escaped = false): Promise<string> {
    const client = await this.#options.clients.of(workspace);
    const { ts } = await client.chat.postMessage({
      channel,
      text: escaped ? text : escapeText(text),
      unfurl_links: false,
      unfurl_media: false,
    });
    return ts ?? '';
  }
}

/** The id of what a person asked by a command or form, from Slack's id of that request. */
export const askedId = (request: string): MessageId => messageId(`asked:${request}`);

const quoted = (text: string): string =>
  escapeText(text.slice(0, 2_500))
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
