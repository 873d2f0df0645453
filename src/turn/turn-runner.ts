import { type ErrorCode, RapportError } from '../../config/errors.js';
import type { Say } from '../../config/locale.js';
import { type CareEvent, countCare, turnEvents } from '../care/counts.js';
import { offenceKinds } from '../care/said/offence.js';
import type { PlatformAdapter } from '../delivery/adapter.js';
import type { DeliveryNotes } from '../delivery/delivery-options.js';
import type { RateBuckets } from '../delivery/rate-bucket.js';
import { isHopeless } from '../delivery/refusal.js';
import { type MessageId, type SessionId, type TurnId, turnId } from '../ids.js';
import { observeTurn } from '../session/observe-match.js';
import type { SessionEvents } from '../session/session-events.js';
import type { Turns } from '../session/session-manager.js';
import { type TurnSignals, withdrawn } from '../session/session-run.js';
import type { PlatformName } from '../state/address.js';
import type { InboundMessage, SessionState } from '../state/session.js';
import type { Lease } from '../state/store.js';
import { answerTurn } from './answer-turn.js';
import { paced, sayAtOnce } from './at-once.js';
import { beginTurn, nextBatch } from './begin-turn.js';
import { noteForReading } from './fact-reading.js';
import { resumedOutcome, undeliveredOutcome } from './from-outbox.js';
import { noteTokens } from './token-use.js';
import { decisionsOf } from './trace.js';
import type { Batch, TurnOutcome, TurnWork } from './turn.js';
import type { TurnServices } from './turn-services.js';

export interface TurnRunnerOptions {
  readonly services: TurnServices;
  readonly adapters: ReadonlyMap<PlatformName, PlatformAdapter>;
  readonly buckets: RateBuckets;
  readonly events: SessionEvents;
}

/** Runs the turns of a session, one a call, from the waiting inbox to the commit. */
export class TurnRunner implements Turns {
  readonly #options: TurnRunnerOptions;

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /** Begins what the turn that answers `text` will need. */
  prefetch(text: string): void {
    this.#options.services.selector.prefetch?.(text.trim());
  }

  /** Platforms with a pace of their own are called at once; on the others the turn itself begins at once. */
  async answerAtOnce(message: InboundMessage): Promise<void> {
    const { services, adapters } = this.#options;
    const adapter = adapters.get(message.address.platform);
    if (message.care && adapter && paced(adapter)) await sayAtOnce(adapter, message, message.care, services);
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
    const [oldest] = waiting;
    if (!oldest) return 'idle';
    const { platform } = oldest.address;
    const adapter = adapters.get(platform);
    const together = adapter?.capabilities.separateAnswers ? 1 : services.config.turn.maxCoalesced;
    const batch = nextBatch(waiting, unsettled, together);
    if (!batch) return 'idle';
    begins(turn);
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
      interrupted: adapter.capabilities.ownErrors ? '' : say('delivery.interrupted'),
      stopped: adapter.capabilities.ownErrors ? '' : say('delivery.stopped'),
      isWithdrawn: () => stop.reason === withdrawn,
      placeholder: say('delivery.placeholder'),
      failure: (error) => failureWords(error, say),
    };
    const work: TurnWork = { services, adapter, buckets, lease, notes, stop, abandon, resume: unsettled };
    metrics.runningTurns.inc();
    const answers = batch.map((message) => message.id);
    events.publish(id, { type: 'turn', turnId: turn, state: 'started', answers });
    let error: RapportError | undefined;
    try {
      const ended = withoutFailure(await this.#outcome(work, session, batch), adapter);
      const outcome = stop.reason === withdrawn ? withoutQuestion(ended) : ended;
      error = outcome.error;
      // A call that brings its own history leaves none behind: removing the session takes its message with it.
      if (session?.ephemeral) await store.sessions.remove(id);
      else await this.#commit(lease, turn, outcome, answers);
      countCare(services, [...turnEvents(session, outcome.session), ...withheldIn(outcome)]);
      await this.#tell(id, platform, outcome);
      await noteTokens(services, batch, outcome.entries);
      if (outcome.kind === 'reply') {
        await observeTurn(services, outcome.session);
        if (services.config.memory.summaries) services.summaries?.note(outcome.session);
        await noteForReading(services, outcome.session);
      }
      return session?.ephemeral ? 'idle' : 'done';
    } catch (thrown) {
      if (abandon.aborted) return 'aborted';
      throw thrown;
    } finally {
      metrics.runningTurns.dec();
      events.publish(id, { type: 'turn', turnId: turn, state: 'finished', answers, ...(error && { error }) });
    }
  }

  /** A turn that the platform refuses for good is settled all the same, so that it is not tried for ever. */
  async #outcome(work: TurnWork, session: SessionState | null, batch: Batch): Promise<TurnOutcome> {
    try {
      const resumed = await resumedOutcome(work, session, batch);
      return resumed ?? (await answerTurn(await beginTurn(batch, session, work.lease, work.services), work));
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
}

/** What a turn leaves behind: nothing where it failed and the platform tells of that in a way of its own. */
function withoutFailure(outcome: TurnOutcome, { capabilities }: PlatformAdapter): TurnOutcome {
  return outcome.kind === 'failed' && capabilities.ownErrors
    ? { ...outcome, entries: [], removed: [] }
    : outcome;
}

/** Nothing was said to what was deleted meanwhile: it is not kept either. */
function withoutQuestion(outcome: TurnOutcome): TurnOutcome {
  const isAnswered = outcome.entries.some(({ role }) => role !== 'seeker');
  return isAnswered ? outcome : { ...outcome, entries: [] };
}

const keys: Partial<Record<ErrorCode, string>> = {
  RAPPORT_E_MODEL_UNAVAILABLE: 'delivery.unavailable',
  RAPPORT_E_MODEL_REFUSED: 'delivery.unavailable',
  RAPPORT_E_MODEL_FILE: 'delivery.unavailable',
  RAPPORT_E_MODEL_TIMEOUT: 'delivery.slow',
  RAPPORT_E_CONTEXT_OVERFLOW: 'delivery.tooLong',
  RAPPORT_E_MODEL_EMPTY: 'delivery.empty',
  RAPPORT_E_MODEL_ONLY_THOUGHT: 'delivery.empty',
  RAPPORT_E_MODEL_FILTERED: 'delivery.filtered',
  RAPPORT_E_MODEL_BUSY: 'delivery.busy',
  RAPPORT_E_MODEL_QUOTA: 'delivery.quota',
};

/** What a person is told when no reply could be made: what happened and what they can do, without technical words. */
function failureWords(error: RapportError, say: Say): string {
  return say(keys[error.code] ?? 'delivery.failed');
}

/** What of a turn's wordings was not shown. */
function withheldIn({ entries }: TurnOutcome): readonly CareEvent[] {
  const kinds = entries.flatMap(({ trace }) => (trace && decisionsOf(trace).withheld?.kinds) ?? []);
  return offenceKinds.flatMap((kind) =>
    kinds.filter((found) => found === kind).map(() => ({ what: 'withheld' as const, kind })),
  );
}
