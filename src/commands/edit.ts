import { isAftermath } from '../care/aftermath.js';
import type { Whereabouts } from '../care/where.js';
import { type MessageId, messageId, type PersonId, type SessionId } from '../ids.js';
import { stripControls } from '../text/strip-controls.js';
import type { CommandServices } from './command-services.js';

export interface Edit {
  readonly session: SessionId;
  /** The message that was edited. */
  readonly id: MessageId;
  /** What it says now; '' where nothing is left of it. */
  readonly text: string;
  /** Who wrote it; null for another program. */
  readonly person: PersonId | null;
  readonly speakerName?: string;
  readonly whereabouts?: Whereabouts;
}

/**
 * What becomes of a message that its writer edited. While it waits, the edit holds; what has been answered stays answered. But
 * somebody in danger by the new words is answered at once, as if they had just been written, unless help was the last thing said.
 * @returns `gone` where nothing is left of it.
 */
export async function editMessage(
  { store, care, clock, config, sessions }: CommandServices,
  { session, id, person, speakerName = '', whereabouts = {}, ...edit }: Edit,
): Promise<'amended' | 'answered' | 'gone'> {
  const text = stripControls(edit.text).slice(0, config.server.maxMessageChars).toWellFormed();
  if (text === '') return 'gone';
  const danger = person === null ? null : await care.answer([text], session, { ...whereabouts, person });
  if (danger && person !== null) {
    const [known, profile] = await Promise.all([store.sessions.get(session), store.people.profile(person)]);
    const now = clock.now();
    const helped = known?.care?.turns === 0 && isAftermath(known.care, now);
    if (known && !helped && !profile?.paused) {
      await store.inbox.withdraw(session, id);
      await sessions.receive({
        kind: 'message',
        id: messageId(`${id}:edited`),
        sessionId: session,
        personId: person,
        speakerName,
        text,
        at: now,
        address: known.address,
        shared: known.shared,
        care: { ...danger, at: now, direct: true },
      });
      return 'answered';
    }
  }
  await store.inbox.amend(session, id, text);
  return 'amended';
}
