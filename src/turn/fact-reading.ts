import { createHash } from 'node:crypto';
import { reasonOf } from '../../config/errors.js';
import type { Care } from '../care/care.js';
import type { SessionId } from '../ids.js';
import { type FactReader, type ReadFact, readFactUnits, type WrittenLine } from '../memory/fact-reader.js';
import type { Remembering, UserMemory } from '../memory/profile.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import { plainWords } from '../text/plain-words.js';
import { within } from '../within.js';
import { calmTurns, ownWords } from './own-words.js';
import type { TurnServices } from './turn-services.js';

interface FactReadingOptions
  extends Pick<TurnServices, 'store' | 'config' | 'steering' | 'clock' | 'logger'> {
  readonly care: Pick<Care, 'judge'>;
  /** Who reads what was said to a character: the first, and where that fails the next. */
  readonly readersFor: (characterId: string) => readonly FactReader[];
}

/** How often quiet conversations are looked for, ms, and how many are read then. */
const sweepMs = 60_000;
const perSweep = 20;
/** A process that reads for longer is taken to be dead, ms. */
const deadAfterMs = 15 * 60_000;
/** Lines of a transcript looked at, and units of each. */
const pageLines = 200;
const lineUnits = 600;
const stopMs = 1_000;

/** Notes that a conversation is to be read once it is quiet, where its owner wants that. Never throws: a turn does not end for it. */
export async function noteForReading(
  { store, clock, config, logger }: Pick<TurnServices, 'store' | 'clock' | 'config' | 'logger'>,
  { id, ownerId, shared, ephemeral }: SessionState,
): Promise<void> {
  if (shared || ephemeral || !config.memory.automatic.offered) return;
  try {
    if ((await store.people.profile(ownerId))?.remembering) await store.reading.note(id, clock.now());
  } catch (error) {
    logger.warn({ session: id, reason: reasonOf(error) }, 'a conversation is not read for facts');
  }
}

/**
 * Reads facts out of private conversations that have been quiet for a while (`memory.automatic`), for people who want it. What is to be
 * read is noted in the store: a restart forgets none, and of several processes one reads.
 */
export class FactReading {
  readonly #options: FactReadingOptions;
  #sweeper: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> = Promise.resolve();
  readonly #stopped = new AbortController();

  constructor(options: FactReadingOptions) {
    this.#options = options;
  }

  start(): void {
    if (!this.#options.config.memory.automatic.offered) return;
    this.#sweeper = setInterval(() => {
      this.#sweeping = this.#sweeping.then(() => this.sweep());
    }, sweepMs);
    this.#sweeper.unref();
  }

  /** Resolves once nothing is read any more, or after a second: what was begun is read again. */
  async stop(): Promise<void> {
    if (this.#sweeper) clearInterval(this.#sweeper);
    this.#stopped.abort(new Error('shutdown'));
    await within(this.#options.clock, stopMs, this.#sweeping);
  }

  /** Reads what is quiet. A failure is logged, and that conversation is tried again. */
  async sweep(): Promise<void> {
    const { store, clock, config, logger } = this.#options;
    const before = clock.now() - config.memory.automatic.idleMinutes * 60_000;
    try {
      for (const session of await store.reading.quiet(before, perSweep)) {
        if (this.#stopped.signal.aborted) return;
        const until = clock.now() + deadAfterMs;
        if (!(await store.reading.take(session, before, until))) continue;
        await this.#read(session);
        await store.reading.done(session, until);
      }
    } catch (error) {
      logger.warn({ reason: reasonOf(error) }, 'conversations could not be read for facts; trying again');
    }
  }

  async #read(id: SessionId): Promise<void> {
    const { store, config } = this.#options;
    const session = await store.sessions.get(id);
    if (!session || session.shared || session.ephemeral) return;
    const wanted = await this.#wanted(session);
    if (!wanted) return;
    const { entries } = await store.transcript.page(id, { limit: pageLines });
    const unread = this.#unread(session, entries, wanted).slice(-config.memory.automatic.linesPerReading);
    const last = unread.at(-1);
    if (!last) return;
    const found = await this.#factsIn(session, unread);
    // Noted before the facts: read twice, one that its person has forgotten meanwhile would come back.
    if (!(await store.sessions.update(id, { factsRead: last.at }))) return;
    try {
      await this.#keep(session, unread, found);
    } catch (error) {
      await store.sessions.update(id, { factsRead: session.factsRead ?? 0 });
      throw error;
    }
  }

  /** What the owner wants; null where they want nothing remembered, or have paused. */
  async #wanted({ ownerId }: SessionState): Promise<Remembering | null> {
    const profile = await this.#options.store.people.profile(ownerId);
    return profile?.paused ? null : (profile?.remembering ?? null);
  }

  /** What the owner said since, in turns that the character answered and in which nobody was in danger or low. */
  #unread(
    { ownerId, factsRead = 0, forgotten = [] }: SessionState,
    entries: readonly TranscriptEntry[],
    { since }: Remembering,
  ): WrittenLine[] {
    const calm = calmTurns(entries);
    return entries.flatMap(({ id, role, text, at, turnId, personId }): WrittenLine[] => {
      if (role !== 'seeker' || personId !== ownerId || !calm.has(turnId)) return [];
      if (at <= factsRead || at < since || forgotten.includes(id)) return [];
      const said = ownWords(text, this.#options.steering).slice(0, lineUnits).toWellFormed().trim();
      return said === '' ? [] : [{ entry: id, text: said, at }];
    });
  }

  /** What the first reader that can finds, of what is not known yet and holds no danger. */
  async #factsIn(session: SessionState, lines: readonly WrittenLine[]): Promise<readonly FoundFact[]> {
    const { store, config, care } = this.#options;
    const known = [
      ...((await store.people.profile(session.ownerId))?.persona.facts ?? []),
      ...(await store.people.memories(session.ownerId)).map(({ text }) => text),
      ...(await store.people.proposals(session.ownerId)).map(({ text }) => text),
    ];
    const told = new Set(known.map(plainWords));
    const found: FoundFact[] = [];
    for (const fact of await this.#first(session.characterId, lines, known)) {
      if (found.length >= config.memory.automatic.factsPerReading) break;
      const text = fact.text.replace(/\s+/g, ' ').trim().slice(0, readFactUnits).toWellFormed().trim();
      if (text === '' || told.has(plainWords(text)) || !lines[fact.line]) continue;
      if ((await care.judge([text], null, async () => true)).grade !== 'none') continue;
      told.add(plainWords(text));
      found.push({ ...fact, text });
    }
    return found;
  }

  async #first(
    characterId: string,
    lines: readonly WrittenLine[],
    known: readonly string[],
  ): Promise<readonly FoundFact[]> {
    const { readersFor, config, logger } = this.#options;
    for (const reader of readersFor(characterId)) {
      const limit = AbortSignal.timeout(config.memory.automatic.timeLimitMs);
      try {
        const found = await reader.read(lines, known, AbortSignal.any([limit, this.#stopped.signal]));
        return found.map((fact) => ({ ...fact, by: reader.kind }));
      } catch (error) {
        if (this.#stopped.signal.aborted) throw error;
        logger.warn({ reader: reader.kind, reason: reasonOf(error) }, 'facts could not be read so');
      }
    }
    return [];
  }

  /** The ids come from the lines and what was read in them: a reading that is done again after a failure keeps nothing twice, and writes over nothing else. */
  async #keep(
    session: SessionState,
    lines: readonly WrittenLine[],
    found: readonly FoundFact[],
  ): Promise<void> {
    const { store, config } = this.#options;
    const { ownerId, id } = session;
    // They may have changed their mind while it was read.
    const wanted = await this.#wanted(session);
    if (!wanted || found.length === 0) return;
    const { mode } = wanted;
    const [held, most] =
      mode === 'on'
        ? [await store.people.memories(ownerId), config.memory.maxFacts]
        : [await store.people.proposals(ownerId), config.memory.automatic.maxProposals];
    const room = Math.max(0, most - held.length);
    const kept: UserMemory[] = [];
    for (const [place, { text, line, by }] of found.slice(0, room).entries()) {
      const read = lines[line];
      if (!read) continue;
      const { entry, at } = read;
      const fact: UserMemory = {
        ...{ id: `read:${entry}:${place}-${hashOf(text)}`, personId: ownerId, text, at, sessionId: id },
        source: { entry, by, open: mode === 'on' ? 'counts' : 'proposed' },
      };
      await store.people.addMemory(fact);
      kept.push(fact);
    }
    // Whoever was erased meanwhile must not come back by what was being written about them.
    if (!(await store.sessions.get(id)))
      for (const fact of kept) await store.people.removeMemory(ownerId, fact.id);
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(plainWords(text)).digest('hex').slice(0, 16);
}

interface FoundFact extends ReadFact {
  readonly by: string;
}
