import type { CommandServices } from '../../../src/commands/command-services.js';
import { slackMessage, slackSession } from '../address.js';
import type { MessageChange } from './events.js';
import type { MessageIntake } from './message-intake.js';
import type { Source } from './source.js';

/** Edits and deletions of messages that wait for their answer. What has been answered stays as it was said. */
export class MessageChanges {
  readonly #services: Pick<CommandServices, 'store'>;
  readonly #intake: Pick<MessageIntake, 'textOf'>;

  constructor(services: Pick<CommandServices, 'store'>, intake: Pick<MessageIntake, 'textOf'>) {
    this.#services = services;
    this.#intake = intake;
  }

  async take(
    { channel, message, previous_message: before, deleted_ts }: MessageChange,
    source: Source,
  ): Promise<void> {
    const { inbox } = this.#services.store;
    const ts = message?.ts ?? deleted_ts ?? before?.ts;
    if (ts === undefined) return;
    const session = slackSession(
      source.workspace.team,
      channel,
      message?.thread_ts ?? before?.thread_ts ?? ts,
    );
    const id = slackMessage(channel, ts);
    // A message with replies leaves a tombstone when it is deleted.
    if (!message || message.subtype === 'tombstone') {
      await inbox.withdraw(session, id);
      return;
    }
    if (message.user === source.botUser) return;
    if ((await inbox.count(session)) === 0) return;
    const { text } = await this.#intake.textOf(message, source);
    if (text !== '') await inbox.amend(session, id, text);
  }
}
