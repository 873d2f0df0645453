import type { SteeringTable } from '../../config/steering.js';
import type { Clock } from '../clock.js';
import type { PersonId, SessionId } from '../ids.js';
import { type EarlierLine, EarlierTalk, type SaidLine } from '../memory/earlier-talk.js';
import type { Meaning } from '../memory/meaning.js';
import { RecentMap } from '../recent-map.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import type { Store } from '../state/store.js';
import { late, within } from '../within.js';
import { calmTurns, ownWords } from './own-words.js';
import type { TurnInput } from './turn.js';

/** Lines searched at most, and of how many other conversations. */
const maxLines = 1_500;
const maxTalks = 12;
const pageLines = 100;
/** Conversations whose lines are held, for how long, ms. */
const keptTalks = 50;
const keptMs = 15 * 60_000;
/** The last lines of a conversation may be replaced yet (regenerate). */
const unsettledLines = 4;
const usualWaitMs = 600;

interface EarlierTalksOptions {
  readonly store: Pick<Store, 'sessions' | 'transcript'>;
  readonly meaning: Meaning | null;
  readonly clock: Clock;
  readonly steering: SteeringTable;
  /** Lines of a transcript that a prompt holds. */
  readonly historyTurns: number;
  /** How long a turn waits for what was said before, ms; what is late serves the next turn. */
  readonly waitMs?: number;
}

/** A line, and of a reply whether its turn was calm. */
interface HeldLine extends Omit<TranscriptEntry, 'trace'> {
  readonly calm: boolean;
}

/** What of an entry is needed. */
function withoutTrace(entry: TranscriptEntry): HeldLine {
  const { id, role, text, action, at, turnId, personId, undelivered, speakerName, status } = entry;
  return {
    ...{ id, role, text, action, at, turnId, speakerName, status },
    calm: calmTurns([entry]).size > 0,
    ...(personId && { personId }),
    ...(undelivered && { undelivered }),
  };
}

interface Built {
  readonly talk: EarlierTalk;
  /** Ids of the lines of this conversation that are in it. */
  readonly own: ReadonlySet<string>;
}

interface Held {
  /** Which other conversations are in it, as they were last changed. */
  readonly others: string;
  readonly built: Promise<Built>;
}

/**
 * What a person and a character said before, where others do not read along: in this conversation beyond what its prompt holds, and in
 * the person's other private conversations with the same character.
 */
export class EarlierTalks {
  readonly #options: EarlierTalksOptions;
  readonly #held: RecentMap<string, Held>;

  constructor(options: EarlierTalksOptions) {
    this.#options = options;
    this.#held = new RecentMap(keptTalks, { ms: keptMs, clock: options.clock });
  }

  /**
   * At most three lines that the message of a turn refers back to, oldest first; nothing in shared conversations and for calls that
   * bring their own history. What is late is left out.
   * @throws RapportError where the store or the vectors fail.
   */
  async search(input: TurnInput, characterId: string): Promise<readonly EarlierLine[]> {
    const [message] = input.messages;
    const { clock, meaning, waitMs = usualWaitMs } = this.#options;
    if (message.shared || input.session?.shared || input.session?.ephemeral) return [];
    const found = await within(clock, waitMs, this.#search(input, characterId, meaning));
    return found === late ? [] : this.#withoutForgotten(found);
  }

  /** A line whose fact was forgotten may be held yet. */
  async #withoutForgotten(found: readonly EarlierLine[]): Promise<readonly EarlierLine[]> {
    const gone = new Set<string>();
    for (const talk of new Set(found.map((line) => line.talk)))
      for (const entry of (await this.#options.store.sessions.get(talk as SessionId))?.forgotten ?? [])
        gone.add(`${talk}/${entry}`);
    return found.filter(({ talk, entry }) => !gone.has(`${talk}/${entry}`));
  }

  async #search(
    input: TurnInput,
    characterId: string,
    meaning: Meaning | null,
  ): Promise<readonly EarlierLine[]> {
    const [{ personId, sessionId }] = input.messages;
    const { clock, historyTurns, store } = this.#options;
    const shown = [...input.transcript, ...(input.asked ?? []), ...input.replaced];
    const isOlder = shown.length >= historyTurns;
    const others = (await store.sessions.list(personId, { limit: maxTalks * 2, offset: 0 }))
      .filter((summary) => summary.characterId === characterId && summary.id !== sessionId)
      .slice(0, maxTalks);
    if (!isOlder && others.length === 0) return [];
    const key = `${sessionId}/${input.session?.createdAt ?? ''}/${characterId}`;
    const signature = others.map(({ id, updatedAt }) => `${id}@${updatedAt}`).join(' ');
    const held = this.#held.get(key);
    const known = held?.others === signature ? await held.built : null;
    const [first] = shown;
    const { talk } =
      known && (isOlder ? first !== undefined && known.own.has(first.id) : known.own.size === 0)
        ? known
        : await this.#build(key, signature, {
            person: personId,
            own: isOlder ? sessionId : null,
            others: others.map(({ id }) => id),
          });
    return talk.search({
      text: input.text,
      now: clock.now(),
      shown: new Set([...shown, ...input.messages].map(({ id }) => lineId(sessionId, id))),
      window: shown.map(({ text }) => text),
      meaning,
      clock,
    });
  }

  #build(
    key: string,
    others: string,
    wanted: {
      readonly person: PersonId;
      readonly own: SessionId | null;
      readonly others: readonly SessionId[];
    },
  ): Promise<Built> {
    const built = this.#read(wanted);
    this.#held.set(key, { others, built });
    built.catch(() => this.#held.delete(key));
    return built;
  }

  async #read({
    person,
    own,
    others,
  }: {
    readonly person: PersonId;
    readonly own: SessionId | null;
    readonly others: readonly SessionId[];
  }): Promise<Built> {
    const { store } = this.#options;
    const ownEntries = own === null ? [] : (await this.#entries(own, maxLines)).slice(0, -unsettledLines);
    const lines: SaidLine[] = own === null ? [] : this.#lines(own, person, ownEntries);
    for (const id of others) {
      const room = maxLines - lines.length;
      if (room <= 0) break;
      const session = await store.sessions.get(id);
      if (!session || !isPrivate(session, person)) continue;
      lines.unshift(...this.#lines(id, person, await this.#entries(id, room)).slice(-room));
    }
    return {
      talk: await EarlierTalk.over(lines, pause),
      own: new Set(ownEntries.map(({ id }) => id)),
    };
  }

  /** The last `limit` entries of a conversation, oldest first, read page by page. */
  async #entries(id: SessionId, limit: number): Promise<HeldLine[]> {
    const { store } = this.#options;
    const pages: HeldLine[][] = [];
    let count = 0;
    let before: number | null | undefined;
    while (before !== null && count < limit) {
      const page = await store.transcript.page(id, {
        limit: Math.min(pageLines, limit - count),
        ...(before !== undefined && { before }),
      });
      // What is not needed of them is let go at once.
      pages.push(page.entries.map(withoutTrace));
      count += page.entries.length;
      before = page.entries.length === 0 ? null : page.before;
      await pause();
    }
    return pages.reverse().flat();
  }

  /** What the character said, and the person in calm turns that it answered; what the platform answered stays with that. */
  #lines(session: SessionId, person: PersonId, entries: readonly HeldLine[]): SaidLine[] {
    const answered = new Set(entries.flatMap(({ turnId, calm }) => (calm ? [turnId] : [])));
    return entries.flatMap(({ id, role, text, action, at, turnId, personId, undelivered }): SaidLine[] => {
      if (role === 'notice' || undelivered || action === 'thinking') return [];
      if (role === 'seeker' && ((personId ?? person) !== person || !answered.has(turnId))) return [];
      const said = role === 'seeker' ? ownWords(text, this.#options.steering) : text;
      if (said.trim() === '') return [];
      return [
        {
          id: lineId(session, id),
          talk: session,
          by: role === 'seeker' ? 'person' : 'character',
          text: said,
          at,
        },
      ];
    });
  }
}

function isPrivate(session: SessionState, person: PersonId): boolean {
  return session.ownerId === person && !session.shared && !session.ephemeral;
}

function lineId(session: SessionId, entry: string): string {
  return `${session}/${entry}`;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
