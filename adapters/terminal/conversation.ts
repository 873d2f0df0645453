import type { Character } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { admit, refusalError } from '../../src/commands/admit.js';
import { openConversation } from '../../src/commands/conversation.js';
import { setSteering } from '../../src/commands/steer.js';
import { lastReply } from '../../src/commands/why.js';
import { messageId, type PersonId, type SessionId, sessionId } from '../../src/ids.js';
import type { MatchReason } from '../../src/matching/persona-scorer.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../../src/state/session.js';
import type { TerminalServices } from './terminal-services.js';

/** What a message came to. */
export interface Exchange {
  /** `busy`: another process answers in this conversation. `paused`: the person has paused Rapport. `refused`: for another reason. Nothing was kept of the latter two. */
  readonly status: 'answered' | 'busy' | 'paused' | 'refused';
  /** Why nothing was kept, and where there is help for somebody in danger. */
  readonly notice?: string;
  /** What was added to the transcript, oldest first. */
  readonly entries: readonly TranscriptEntry[];
  /** What went wrong; the person was told in `entries`. */
  readonly error: RapportError | null;
}

/** One conversation as the terminal has it: a message goes in, its exchange comes back once it is committed. */
export class Conversation {
  readonly id: SessionId;
  readonly #person: PersonId;
  readonly #services: TerminalServices;

  constructor(id: SessionId, person: PersonId, services: TerminalServices) {
    this.id = id;
    this.#person = person;
    this.#services = services;
  }

  /** @throws RapportError as {@link SessionManager.receive}. */
  send(text: string): Promise<Exchange> {
    return this.#exchange('message', text);
  }

  /** Answers the last message anew. */
  regenerate(): Promise<Exchange> {
    return this.#exchange('regenerate', '');
  }

  /** Stops the reply that is being written; false if none is. */
  stop(): boolean {
    return this.#services.sessions.stop(this.id);
  }

  /** Leads the next reply to a goal, before what is queued. */
  async leadTo(goal: string): Promise<void> {
    const steering = (await this.state())?.steering;
    if (steering)
      await setSteering(this.#services, this.id, { ...steering, queue: [goal, ...steering.queue] });
  }

  state(): Promise<SessionState | null> {
    return this.#services.store.sessions.get(this.id);
  }

  /** The last reply of the character. */
  async lastReply(): Promise<TranscriptEntry | undefined> {
    const { entries } = await this.#services.store.transcript.page(this.id, { limit: 40 });
    return lastReply(entries);
  }

  async #exchange(kind: InboundMessage['kind'], text: string): Promise<Exchange> {
    const { sessions, events, store, random, clock } = this.#services;
    const entries: TranscriptEntry[] = [];
    let error: RapportError | null = null;
    let finished = false;
    const unsubscribe = events.subscribe(this.id, (event) => {
      if (event.type === 'entries') entries.push(...event.entries);
      if (event.type !== 'turn' || event.state !== 'finished') return;
      finished = true;
      error = event.error ?? error;
    });
    try {
      const admission = await admit(this.#services, {
        kind,
        id: messageId(random.id()),
        person: this.#person,
        session: this.id,
        rules: null,
        whereabouts: this.#services.whereabouts,
        typed: text,
        open: async () => ({
          sessionId: this.id,
          speakerName: (await store.people.profile(this.#person))?.persona.name ?? '',
          at: clock.now(),
          address: { platform: 'terminal', channel: this.id },
          shared: false,
        }),
      });
      if (admission.outcome === 'refused') {
        const refused = refusalError(admission);
        if (refused) throw refused;
        const { rule, notice } = admission;
        return { status: rule.kind === 'paused' ? 'paused' : 'refused', notice, entries, error };
      }
      await sessions.settled(this.id);
      return { status: finished ? 'answered' : 'busy', entries, error };
    } finally {
      unsubscribe();
    }
  }
}

export interface Opening {
  readonly character: Character;
  readonly reasons?: readonly MatchReason[];
  /** What the character says first, in place of its greeting; '' for nothing. */
  readonly firstLine?: string;
}

/** Begins a conversation with a character; what it begins with is in `entries`. */
export async function beginConversation(
  opening: Opening,
  person: PersonId,
  services: TerminalServices,
): Promise<{
  readonly conversation: Conversation;
  readonly session: SessionState;
  readonly entries: readonly TranscriptEntry[];
}> {
  const id = sessionId(`terminal:${services.random.id()}`);
  const { session, opening: entries } = await openConversation(services, {
    ...opening,
    id,
    platform: 'terminal',
    owner: person,
    address: { platform: 'terminal', channel: id },
    shared: false,
    whereabouts: services.whereabouts,
  });
  return { session, entries, conversation: new Conversation(id, person, services) };
}

/**
 * An earlier conversation of this person.
 * @throws RapportError RAPPORT_E_SESSION_UNKNOWN
 */
export async function earlierConversation(
  id: string,
  person: PersonId,
  services: TerminalServices,
): Promise<Conversation> {
  const session = await services.store.sessions.get(sessionId(id));
  if (session?.ownerId !== person || session.platform !== 'terminal')
    throw new RapportError('RAPPORT_E_SESSION_UNKNOWN', { id });
  return new Conversation(session.id, person, services);
}
