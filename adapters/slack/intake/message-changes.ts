import type { CommandServices } from '../../../src/commands/command-services.js';
import { editMessage } from '../../../src/commands/edit.js';
import type { MessageId, SessionId } from '../../../src/ids.js';
import type { Store } from '../../../src/state/store.js';
import { slackMessage, slackPerson, slackSession } from '../address.js';
import type { Directory } from '../api/directory.js';
import type { MessageChange, Source } from './events.js';
import type { MessageIntake } from './message-intake.js';

/** Edits and deletions of messages that wait for their answer. What has been answered stays as it was said. */
export class MessageChanges {
  readonly #services: CommandServices;
  readonly #intake: Pick<MessageIntake, 'textOf' | 'nameOf'>;
  readonly #directory: Pick<Directory, 'whereabouts'>;

  constructor(
    services: CommandServices,
    intake: Pick<MessageIntake, 'textOf' | 'nameOf'>,
    directory: Pick<Directory, 'whereabouts'>,
  ) {
    this.#services = services;
    this.#intake = intake;
    this.#directory = directory;
  }

  async take(
    { channel, message, previous_message: before, deleted_ts }: MessageChange,
    source: Source,
  ): Promise<void> {
    const { inbox, sessions } = this.#services.store;
    const ts = message?.ts ?? deleted_ts ?? before?.ts;
    if (ts === undefined) return;
    const session = slackSession(
      source.workspace.team,
      channel,
      message?.thread_ts ?? before?.thread_ts ?? ts,
    );
    const id = slackMessage(channel, ts);
    // A message with replies leaves a tombstone when it is deleted.
    if (!message || message.subtype === 'tombstone') return this.#deleted(session, id);
    // Slack tells of the preview of a link as of an edit.
    if (message.user === source.botUser || message.text === before?.text) return;
    if ((await inbox.count(session)) === 0 && !(await sessions.get(session))) return;
    const { text } = await this.#intake.textOf(message, source);
    const person = message.user && !message.bot_id ? message.user : null;
    const edited = await editMessage(this.#services, {
      session,
      id,
      text,
      person: person === null ? null : slackPerson(source.workspace.team, person),
      ...(person !== null && {
        speakerName: (await this.#intake.nameOf(source.workspace, person)) ?? '',
        whereabouts: await this.#directory.whereabouts(source.workspace, person),
      }),
    });
    if (edited === 'gone') await this.#deleted(session, id);
  }

  /** It needs no reply any more; one that is being written to nothing else is stopped. */
  async #deleted(session: SessionId, id: MessageId): Promise<void> {
    const { store, sessions } = this.#services;
    if (await store.inbox.withdraw(session, id)) return;
    if (sessions.isAnswering(session) && (await isAnsweredNow(store, session, id)))
      sessions.withdraw(session);
  }
}

/** Whether the reply that is being written answers this message alone. */
async function isAnsweredNow(
  { inbox, outbox }: Pick<Store, 'inbox' | 'outbox'>,
  session: SessionId,
  id: MessageId,
): Promise<boolean> {
  if ((await inbox.count(session)) !== 1) return false;
  return (await outbox.pending(session)).some(({ covers }) => covers.includes(id));
}
