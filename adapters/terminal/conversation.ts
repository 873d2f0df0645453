import type { Character } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { messageId, type PersonId, type SessionId, sessionId } from '../../src/ids.js';
import type { MatchReason } from '../../src/matching/persona-scorer.js';
import { newSession, openingEntries } from '../../src/session/open-session.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../../src/session/session.js';
import type { TerminalServices } from './terminal-services.js';

/** What a message came to. */
export interface Exchange {
  /** `busy`: another process answers in this conversation. `paused`: the person has paused Rapport; nothing was kept. */
  readonly status: 'answered' | 'busy' | 'paused';
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
    const { store } = this.#services;
    const steering = (await this.state())?.steering;
    if (steering)
      await store.sessions.update(this.id, { steering: { ...steering, queue: [goal, ...steering.queue] } });
  }

  state(): Promise<SessionState | null> {
    return this.#services.store.sessions.get(this.id);
  }

  /** The last reply of the character, with its trace. */
  async lastReply(): Promise<TranscriptEntry | undefined> {
    const { entries } = await this.#services.store.transcript.page(this.id, { limit: 40 });
    return entries.findLast(
      ({ role, action, trace }) => role === 'supporter' && action === 'speaking' && trace,
    );
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
      const status = await sessions.receive({
        kind,
        text,
        id: messageId(random.id()),
        sessionId: this.id,
        personId: this.#person,
        speakerName: (await store.people.profile(this.#person))?.persona.name ?? '',
        at: clock.now(),
        address: { platform: 'terminal', channel: this.id },
        shared: false,
      });
      if (status === 'paused') return { status, entries, error };
      await sessions.settled(this.id);
      return { status: finished ? 'answered' : 'busy', entries, error };
    } finally {
      unsubscribe();
    }
  }
}

export interface Opening {
  readonly character: Character;
  readonly reasons: readonly MatchReason[];
  /** What the character says first, in place of its greeting; '' for nothing. */
  readonly firstLine?: string;
}

/** Begins a conversation with a character; what it begins with is in `entries`. */
export async function openConversation(
  { character, reasons, firstLine }: Opening,
  person: PersonId,
  services: TerminalServices,
): Promise<{ readonly conversation: Conversation; readonly entries: readonly TranscriptEntry[] }> {
  const { store, random, clock, say, care } = services;
  const id = sessionId(`terminal:${random.id()}`);
  const session = newSession(
    {
      id,
      character,
      platform: 'terminal',
      ownerId: person,
      matchReasons: reasons,
      address: { platform: 'terminal', channel: id },
      shared: false,
      at: clock.now(),
    },
    say,
  );
  const greeting = firstLine ?? character.greeting;
  const entries = openingEntries(session, { ...character, greeting }, care);
  await store.sessions.create({ ...session, disclosed: true }, entries);
  return { entries, conversation: new Conversation(id, person, services) };
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

/** The reason given to somebody who chose for themselves. */
export function chosen(character: Character, { say }: TerminalServices): MatchReason[] {
  const name = character.shortName ?? character.name;
  return [{ facet: 'chosen', score: 1, text: say('match.chosen', { name }) }];
}
