import { RapportError, reasonOf } from '../../config/errors.js';
import type { PlatformAdapter, PlatformName } from '../delivery/adapter.js';
import type { DeliveryNotes } from '../delivery/delivery-options.js';
import type { RateBuckets } from '../delivery/rate-bucket.js';
import { resumeDelivery } from '../delivery/resume.js';
import { turnId } from '../ids.js';
import type { SessionState } from '../session/session.js';
import type { SessionEvents } from '../session/session-events.js';
import type { AbortReason } from '../session/session-run.js';
import type { Lease, OutboxSegment } from '../state/store.js';
import { answerTurn, type TurnOutcome } from './answer-turn.js';
import { readControls, withoutControls } from './control-messages.js';
import { failureWords } from './failure-words.js';
import { sessionWithout } from './session-without.js';
import { type Batch, lastTurnOf, nextBatch } from './turn-batch.js';
import { seekerEntries, spokenEntries } from './turn-entries.js';
import type { TurnInput } from './turn-input.js';
import type { TurnServices } from './turn-services.js';

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
export class TurnRunner {
  readonly #options: TurnRunnerOptions;

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /**
   * @returns `idle` when nothing waits, `done` after a commit, `aborted` when shutdown or a lost lease ended it.
   * @throws RapportError RAPPORT_E_LEASE_LOST, RAPPORT_E_STORE_UNAVAILABLE, RAPPORT_E_DELIVERY_FAILED; nothing was
   * committed then, the messages wait in the inbox and what was sent stands in the outbox.
   */
  async run(lease: Lease, signal: AbortSignal): Promise<'idle' | 'done' | 'aborted'> {
    const { services, adapters, events, buckets } = this.#options;
    const { store, metrics, say, logger } = services;
    const [session, waiting, outbox] = await Promise.all([
      store.sessions.get(lease.sessionId),
      store.inbox.pending(lease),
      store.outbox.pending(lease.sessionId),
    ]);
    const turn = turnId(lease.sessionId, (session?.turnCount ?? 0) + 1);
    const unsettled = outbox.filter((segment) => segment.turnId === turn);
    const batch = nextBatch(waiting, unsettled, services.config.turn.maxCoalesced);
    if (!batch) return 'idle';
    const platform = batch[0].address.platform;
    const adapter = adapters.get(platform);
    if (!adapter)
      throw new RapportError('RAPPORT_E_DELIVERY_FAILED', {
        platform,
        reason: 'this process does not serve it',
      });
    const { stop, abandon, release } = splitSignal(signal);
    const notes: DeliveryNotes = {
      interrupted: say('delivery.interrupted'),
      stopped: say('delivery.stopped'),
      failure: (error) => failureWords(error, say),
    };
    const work: TurnWork = { services, adapter, buckets, lease, notes, stop, abandon, resume: unsettled };
    metrics.runningTurns.inc();
    events.publish(lease.sessionId, { type: 'turn', turnId: turn, state: 'started' });
    let outcome: TurnOutcome | null = null;
    try {
      outcome = (await this.#fromOutbox(work, session, batch)) ?? (await this.#answer(work, session, batch));
      await store.sessions.commit(lease, {
        turnId: turn,
        session: outcome.session,
        entries: outcome.entries,
        removeEntries: outcome.removed,
        consumed: batch.map(({ id }) => id),
      });
      events.publish(lease.sessionId, {
        type: 'entries',
        entries: outcome.entries,
        removed: outcome.removed,
      });
      if (outcome.error) {
        metrics.errors.inc({ code: outcome.error.code });
        logger.warn(
          { session: lease.sessionId, code: outcome.error.code, reason: outcome.error.message },
          'a turn ended with an error; the person was told',
        );
      }
      metrics.turns.inc({ platform, outcome: outcome.kind });
      return 'done';
    } catch (error) {
      if (abandon.aborted) return 'aborted';
      throw error;
    } finally {
      release();
      metrics.runningTurns.dec();
      if (outcome) events.publish(lease.sessionId, { type: 'session', session: outcome.session });
      events.publish(lease.sessionId, {
        type: 'turn',
        turnId: turn,
        state: 'finished',
        ...(outcome?.error && { error: outcome.error }),
      });
    }
  }

  /** A turn whose text was whole when its process died is sent from the outbox; no model is asked again. */
  async #fromOutbox(work: TurnWork, session: SessionState | null, batch: Batch): Promise<TurnOutcome | null> {
    const { services, resume } = work;
    if (resume.length === 0) return null;
    const { clock, say, bank, buckets, logger, store } = { ...services, ...work };
    const before = sessionWithout({ session, messages: batch }, clock.now(), say);
    const character = bank.get(before.characterId);
    const name = character?.shortName ?? character?.name ?? '';
    const { lease, adapter, notes, abandon } = work;
    const speaker = { name, ...(character && { avatar: character.avatar }) };
    const resumed = await resumeDelivery({
      segments: resume,
      notes: { interrupted: notes.interrupted, stopped: notes.stopped },
      adapter,
      speaker,
      lease,
      store,
      clock,
      buckets,
      logger,
      abandon,
    });
    if (resumed.outcome !== 'delivered' || !before.characterId) return null;
    const { steering } = await readControls(batch, session, services, { effects: false });
    const turn = turnId(lease.sessionId, before.turnCount + 1);
    const notice = resume.some(({ kind }) => kind === 'notice');
    const shown = resume
      .map(({ text }) => text)
      .filter(Boolean)
      .join('\n\n');
    const regenerated =
      batch[0].kind === 'regenerate'
        ? lastTurnOf(
            (await store.transcript.page(lease.sessionId, { limit: services.config.turn.historyTurns }))
              .entries,
          )
        : null;
    const said = notice ? { before: [shown] } : { reply: { text: resumed.text, status: resumed.status } };
    return {
      kind: 'resumed',
      session: {
        ...before,
        steering,
        turnCount: before.turnCount + 1,
        updatedAt: clock.now(),
        disclosed: true,
      },
      entries: [
        ...seekerEntries(batch, turn),
        ...spokenEntries({ turnId: turn, speakerName: name, at: clock.now(), ...said }),
      ],
      removed: regenerated?.replaced.map(({ id }) => id) ?? [],
    };
  }

  async #answer(work: TurnWork, session: SessionState | null, batch: Batch): Promise<TurnOutcome> {
    const { services } = work;
    const { store, config } = services;
    const [first] = batch;
    const [page, profile, userMemories] = await Promise.all([
      session ? store.transcript.page(first.sessionId, { limit: config.turn.historyTurns }) : { entries: [] },
      first.shared ? null : store.people.profile(first.personId),
      first.shared ? [] : store.people.memories(first.personId),
    ]);
    const again = first.kind === 'regenerate' ? lastTurnOf(page.entries) : null;
    const controls = await readControls(batch, session, services, { effects: true });
    const input: TurnInput = {
      turnId: turnId(first.sessionId, (session?.turnCount ?? 0) + 1),
      session,
      transcript: again?.before ?? page.entries,
      messages: batch,
      text: again ? withoutControls(again.text, services.steering) : controls.text,
      replaced: again?.replaced ?? [],
      profile,
      userMemories,
    };
    return answerTurn(input, controls, work);
  }
}

/** One signal with reasons as two: `stop` (the person) and `abandon` (everything else). */
function splitSignal(signal: AbortSignal): {
  readonly stop: AbortSignal;
  readonly abandon: AbortSignal;
  readonly release: () => void;
} {
  const stop = new AbortController();
  const abandon = new AbortController();
  const pass = (): void => {
    const reason = signal.reason as AbortReason;
    if (reason === 'stopped') stop.abort(reason);
    else abandon.abort(new Error(reasonOf(reason)));
  };
  if (signal.aborted) pass();
  signal.addEventListener('abort', pass);
  return {
    stop: stop.signal,
    abandon: abandon.signal,
    release: () => signal.removeEventListener('abort', pass),
  };
}
