import { displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { mustDisclose } from '../care/reminder.js';
import type { PlatformAdapter, PlatformName } from '../delivery/adapter.js';
import type { DeliveryNotes } from '../delivery/delivery-options.js';
import type { RateBuckets } from '../delivery/rate-bucket.js';
import { isHopeless } from '../delivery/refusal.js';
import { resumeDelivery } from '../delivery/resume.js';
import { type MessageId, type SessionId, type TurnId, turnId } from '../ids.js';
import { observeTurn } from '../session/observe-match.js';
import type { SessionEvents } from '../session/session-events.js';
import type { Turns } from '../session/session-manager.js';
import type { TurnSignals } from '../session/session-run.js';
import { withChange } from '../session/take-offer.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import type { Lease, OutboxSegment } from '../state/store.js';
import { nextGoal } from '../steering/steer.js';
import { answerTurn, type TurnOutcome } from './answer-turn.js';
import { readControls, withoutControls } from './control-messages.js';
import { failureWords } from './failure-words.js';
import { type Batch, lastTurnOf, nextBatch, type Regenerable } from './turn-batch.js';
import { seekerEntries, spokenEntries } from './turn-entries.js';
import type { TurnInput } from './turn-input.js';
import type { TurnServices } from './turn-services.js';
import { undeliveredOutcome } from './undelivered.js';
import { withoutPreface } from './without-preface.js';

export interface TurnRunnerOptions {
  readonly services: TurnServices;
  readonly adapters: ReadonlyMap<PlatformName, PlatformAdapter>;
  readonly buckets: RateBuckets;
  readonly events: SessionEvents;
}

/** What the stages of a delivery share in one turn. */
export interface TurnWork {
  readonly services: TurnServices;
  readonly adapter: PlatformAdapter;
  readonly buckets: RateBuckets;
  readonly lease: Lease;
  readonly notes: DeliveryNotes;
  /** The stop button. */
  readonly stop: AbortSignal;
  /** Lease lost or shutdown: leave everything for the next holder. */
  readonly abandon: AbortSignal;
  /** Messages a crashed run of this turn has posted. */
  readonly resume: readonly OutboxSegment[];
}

/** Runs the turns of a session, one a call, from the waiting inbox to the commit. */
export class TurnRunner implements Turns {
  readonly #options: TurnRunnerOptions;

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /** Begins what the turn that answers `text` will need. */
  foresee(text: string): void {
    this.#options.services.selector.foresee?.(text.trim());
  }

  /**
   * @returns `idle` when nothing waits, `done` after a commit, `aborted` when shutdown or a lost lease ended it.
   * @throws RapportError RAPPORT_E_LEASE_LOST, RAPPORT_E_STORE_UNAVAILABLE, RAPPORT_E_DELIVERY_FAILED; nothing was
   * committed then, the messages wait in the inbox and what was sent stands in the outbox.
   */
  async run(lease: Lease, { stop, abandon, begins }: TurnSignals): Promise<'idle' | 'done' | 'aborted'> {
    const { services, adapters, events, buckets } = this.#options;
    const { store, metrics, say } = services;
    const id = lease.sessionId;
    const [session, waiting, outbox] = await Promise.all([
      store.sessions.get(id),
      store.inbox.pending(lease),
      store.outbox.pending(id),
    ]);
    const turn = turnId(id, (session?.turnCount ?? 0) + 1);
    const unsettled = outbox.filter((segment) => segment.turnId === turn);
    const batch = nextBatch(waiting, unsettled, services.config.turn.maxCoalesced);
    if (!batch) return 'idle';
    begins(turn);
    const platform = batch[0].address.platform;
    const adapter = adapters.get(platform);
    if (!adapter)
      throw new RapportError('RAPPORT_E_DELIVERY_FAILED', {
        platform,
        reason: 'this process does not serve it',
      });
    if (this.#isGone(session, batch, adapter)) {
      await store.sessions.remove(id);
      return 'idle';
    }
    const notes: DeliveryNotes = {
      interrupted: say('delivery.interrupted'),
      stopped: say('delivery.stopped'),
      placeholder: say('delivery.placeholder'),
      failure: (error) => failureWords(error, say),
    };
    const work: TurnWork = { services, adapter, buckets, lease, notes, stop, abandon, resume: unsettled };
    metrics.runningTurns.inc();
    const answers = batch.map((message) => message.id);
    events.publish(id, { type: 'turn', turnId: turn, state: 'started', answers });
    let error: RapportError | undefined;
    try {
      const outcome = await this.#outcome(work, session, batch);
      error = outcome.error;
      // A call without a user leaves nothing behind: removing the session takes its message with it.
      if (session?.ephemeral) await store.sessions.remove(id);
      else await this.#commit(lease, turn, outcome, answers);
      await this.#tell(id, platform, outcome);
      if (outcome.kind === 'reply') await observeTurn(services, outcome.session);
      return session?.ephemeral ? 'idle' : 'done';
    } catch (thrown) {
      if (abandon.aborted) return 'aborted';
      throw thrown;
    } finally {
      metrics.runningTurns.dec();
      events.publish(id, { type: 'turn', turnId: turn, state: 'finished', ...(error && { error }) });
    }
  }

  /** A turn that the platform refuses for good is settled all the same, so that it is not tried for ever. */
  async #outcome(work: TurnWork, session: SessionState | null, batch: Batch): Promise<TurnOutcome> {
    try {
      return (await this.#fromOutbox(work, session, batch)) ?? (await this.#answer(work, session, batch));
    } catch (thrown) {
      if (work.abandon.aborted || !isHopeless(thrown)) throw thrown;
      return undeliveredOutcome(work, batch, thrown);
    }
  }

  /** A message to a conversation that was deleted meanwhile, or a call that nobody waits for since its process died. */
  #isGone(session: SessionState | null, [first]: Batch, { capabilities }: PlatformAdapter): boolean {
    const { clock, config } = this.#options.services;
    if (!session) return capabilities.opensSessions === true;
    return session.ephemeral === true && clock.now() - first.at > config.state.leaseMs;
  }

  #commit(
    lease: Lease,
    turn: TurnId,
    { session, entries, removed }: TurnOutcome,
    consumed: readonly MessageId[],
  ): Promise<void> {
    const { store } = this.#options.services;
    return store.sessions.commit(lease, { turnId: turn, session, entries, removeEntries: removed, consumed });
  }

  /** Publishes what was committed. The session is read again: the person may have steered it during the turn. */
  async #tell(id: SessionId, platform: PlatformName, outcome: TurnOutcome): Promise<void> {
    const { events, services } = this.#options;
    const { store, metrics, logger } = services;
    const { entries, removed, error, kind } = outcome;
    events.publish(id, { type: 'entries', entries, removed });
    const session = events.isHeard(id) ? await store.sessions.get(id) : null;
    if (session) events.publish(id, { type: 'session', session });
    if (error) {
      metrics.errors.inc({ code: error.code });
      logger.warn(
        { session: id, code: error.code, reason: error.message },
        kind === 'undelivered'
          ? 'a reply was refused for good; it stays in the transcript'
          : 'a turn ended with an error; the person was told',
      );
    }
    metrics.turns.inc({ platform, outcome: kind });
  }

  /** A turn whose text was whole when its process died is sent from the outbox; no model is asked again. */
  async #fromOutbox(work: TurnWork, session: SessionState | null, batch: Batch): Promise<TurnOutcome | null> {
    const { services, resume, lease, notes } = work;
    const { clock, bank, care } = services;
    // The session is written down before its first reply; without one this reply cannot be told from another's.
    if (resume.length === 0 || !session?.characterId) return null;
    const character = bank.get(session.characterId);
    const name = character ? displayName(character) : '';
    const resumed = await resumeDelivery({
      ...work,
      ...services,
      segments: resume,
      notes: { interrupted: notes.interrupted, stopped: notes.stopped },
      speaker: { name, ...(character && { avatar: character.avatar }) },
    });
    if (resumed.outcome !== 'delivered') return null;
    const controls = await readControls(batch, session, services, null);
    const isReply = resume.every(({ kind }) => kind === 'reply');
    const turn = turnId(lease.sessionId, session.turnCount + 1);
    const again = batch[0].kind === 'regenerate' ? await this.#lastTurn(lease.sessionId) : null;
    const now = clock.now();
    const tell = mustDisclose(session, services.config.care.disclosureEveryHours, now);
    const preface = tell ? [care.disclosure(name)] : [];
    const said = isReply
      ? withoutPreface(resumed.text, [...controls.notices, ...preface])
      : {
          before: [
            resume
              .map(({ text }) => text)
              .join('\n\n')
              .trim(),
          ],
        };
    return {
      kind: 'resumed',
      session: {
        ...withChange(session, controls.change),
        steering: isReply ? nextGoal(controls.steering).state : controls.steering,
        turnCount: session.turnCount + 1,
        updatedAt: now,
        disclosed: session.disclosed || isReply,
        ...(isReply && tell && { disclosedAt: now }),
      },
      entries: [
        ...seekerEntries(batch, turn),
        ...spokenEntries({
          turnId: turn,
          speakerName: isReply ? name : '',
          at: now,
          before: said.before,
          ...('text' in said && { reply: { text: said.text, status: resumed.status } }),
        }),
      ],
      removed: again?.replaced.map(({ id }) => id) ?? [],
    };
  }

  async #answer(work: TurnWork, session: SessionState | null, batch: Batch): Promise<TurnOutcome> {
    const { services, lease } = work;
    const { store, config, steering } = services;
    const [first] = batch;
    const [page, profile, userMemories] = await Promise.all([
      session ? store.transcript.page(first.sessionId, { limit: config.turn.historyTurns }) : { entries: [] },
      first.shared ? null : store.people.profile(first.personId),
      first.shared ? [] : store.people.memories(first.personId),
    ]);
    const again = first.kind === 'regenerate' ? await this.#lastTurnOf(first.sessionId, page.entries) : null;
    const controls = await readControls(batch, session, services, lease);
    const asked = again?.asked.map(({ text }) => text) ?? [];
    const inDanger = again && (await services.care.answer(asked, first.sessionId)) !== null;
    const lines = again
      ? again.asked.flatMap(({ speakerName, text }) => {
          const rest = inDanger ? text : withoutControls(text, steering).trim();
          return rest === '' ? [] : [{ speakerName, text: rest }];
        })
      : controls.lines;
    const input: TurnInput = {
      turnId: turnId(first.sessionId, (session?.turnCount ?? 0) + 1),
      session: session && withChange(session, controls.change),
      transcript: again?.before ?? page.entries,
      messages: batch,
      lines,
      text: lines.map(({ text }) => text).join('\n'),
      replaced: again?.replaced ?? [],
      profile,
      userMemories,
    };
    return answerTurn(input, controls, work);
  }

  async #lastTurn(session: SessionId): Promise<Regenerable | null> {
    const { store, config } = this.#options.services;
    const { entries } = await store.transcript.page(session, { limit: config.turn.historyTurns });
    return this.#lastTurnOf(session, entries);
  }

  /** What there is to answer anew: not lines of control codes only; a statement of danger is one whatever stands before it. */
  async #lastTurnOf(id: SessionId, entries: readonly TranscriptEntry[]): Promise<Regenerable | null> {
    const { steering, care } = this.#options.services;
    const codes = new Set<string>();
    for (const { role, text } of entries)
      if (role === 'seeker' && withoutControls(text, steering).trim() === '')
        if ((await care.answer([text], id)) === null) codes.add(text);
    return lastTurnOf(entries, (text) => codes.has(text));
  }
}
