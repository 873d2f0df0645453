import { framesOf, kindOf, RapportError, reasonOf } from '../../config/errors.js';
import type { Config } from '../../config/schema.js';
import type { Clock, Random } from '../clock.js';
import type { SessionId, TurnId } from '../ids.js';
import { RecentMap } from '../recent-map.js';
import type { PlatformName } from '../state/address.js';
import type { InboundMessage } from '../state/session.js';
import type { Lease, Store } from '../state/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { stripControls } from '../text/strip-controls.js';
import { late, within } from '../within.js';
import { keepAlive } from './heartbeat.js';
import { SessionRun, type TurnSignals, withdrawn } from './session-run.js';

/** Answers what waits in a session, a turn a call. */
export interface Turns {
  /** Begins what the turn that answers `text` will need. */
  prefetch(text: string): void;
  /**
   * Says what care has to say to the writer of a message, past every queue. It never rejects: what could not be said, the
   * turn of the message says.
   */
  answerAtOnce(message: InboundMessage): Promise<void>;
  /** @returns `idle` when nothing waits, `done` after a commit, `aborted` when shutdown or a lost lease ended it. */
  run(lease: Lease, signals: TurnSignals): Promise<'idle' | 'done' | 'aborted'>;
}

export interface SessionManagerOptions {
  readonly store: Store;
  readonly turns: Turns;
  /** The platforms this process serves; sessions of others are left to the processes that do. */
  readonly platforms: { has(platform: PlatformName): boolean };
  readonly config: Pick<Config, 'state' | 'server'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** How long somebody in danger waits for the record of their message, ms. */
const recordMs = 100;

/** A turn that keeps failing is tried once in so many ms. */
const longestBackOffMs = 60_000;

interface ActiveRun {
  readonly run: SessionRun;
  readonly done: Promise<void>;
}

/**
 * From a recorded message to a committed turn: inbox → lease → turns → release-if-inbox-empty. One turn at a time a
 * session, sessions in parallel. What a crashed process left is found by the sweeper once its lease has expired.
 */
export class SessionManager {
  readonly #options: SessionManagerOptions;
  readonly #holder: string;
  readonly #runs = new Map<SessionId, ActiveRun>();
  /** Sessions whose turn failed: not before this time (monotonic ms), and after how many failures. */
  readonly #backOff = new Map<SessionId, { readonly until: number; readonly failures: number }>();
  /** Messages of people in danger that this process has answered. */
  readonly #answered = new RecentMap<string, true>(1_000);
  #sweeper: NodeJS.Timeout | null = null;
  #sweeping: Promise<void> = Promise.resolve();
  #closing = false;

  constructor(options: SessionManagerOptions) {
    this.#options = options;
    this.#holder = options.random.id();
  }

  /**
   * Records a message durably and wakes its session; acknowledge the platform once this resolves.
   * @throws RapportError RAPPORT_E_INPUT_TOO_LARGE, RAPPORT_E_SHUTTING_DOWN, RAPPORT_E_STORE_UNAVAILABLE; nothing was recorded then.
   */
  async receive(message: InboundMessage): Promise<'recorded' | 'duplicate' | 'paused'> {
    const { store, config, turns } = this.#options;
    if (this.#closing) throw new RapportError('RAPPORT_E_SHUTTING_DOWN');
    const limit = config.server.maxMessageChars;
    if (message.text.length > limit)
      throw new RapportError('RAPPORT_E_INPUT_TOO_LARGE', { size: message.text.length, limit });
    if (message.care) return this.#receiveInDanger(message, message.care);
    if ((await store.people.profile(message.personId))?.paused) return 'paused';
    const text = stripControls(message.text);
    if (!this.#runs.has(message.sessionId)) turns.prefetch(text);
    const outcome = await store.inbox.record({ ...message, text });
    // A duplicate wakes too: its first record may have been cut off before the wake.
    this.wake(message.sessionId);
    return outcome;
  }

  /**
   * A message of somebody in danger: the reply that is being written stops, and care answers without waiting for it. Once
   * only: what is on record already was answered, and while the store is slow this process remembers.
   */
  async #receiveInDanger(
    message: InboundMessage,
    care: NonNullable<InboundMessage['care']>,
  ): Promise<'recorded' | 'duplicate'> {
    const { store, turns, clock } = this.#options;
    this.stop(message.sessionId);
    const key = `${message.sessionId}/${message.id}`;
    const known = this.#answered.get(key) !== undefined;
    this.#answered.set(key, true);
    const recording = store.inbox.record({ ...message, text: stripControls(message.text), care });
    const soon = known ? 'duplicate' : await within(clock, recordMs, recording).catch(() => late);
    if (soon !== 'duplicate') await turns.answerAtOnce(message);
    const outcome = await recording;
    this.wake(message.sessionId);
    return outcome;
  }

  /** Runs what waits in a session, unless it is running here already. */
  wake(session: SessionId): void {
    if (this.#closing) return;
    const active = this.#runs.get(session);
    if (active) {
      active.run.again = true;
      return;
    }
    const run = new SessionRun();
    const done = this.#drive(session, run).finally(() => {
      this.#runs.delete(session);
      if (run.again) this.wake(session);
    });
    this.#runs.set(session, { run, done });
  }

  /** Stops the reply that is being written, or that of `turn` only; what has arrived stays. False if it is not written here. */
  stop(session: SessionId, turn?: TurnId): boolean {
    const active = this.#runs.get(session);
    if (turn !== undefined) return active?.run.stopTurn(turn) ?? false;
    active?.run.stop();
    return active !== undefined;
  }

  /** What the reply that is being written answers was deleted: it stops, and where nothing of it is shown yet, nothing is. */
  withdraw(session: SessionId): void {
    this.#runs.get(session)?.run.stop(withdrawn);
  }

  isAnswering(session: SessionId): boolean {
    return this.#runs.has(session);
  }

  /** Resolves when no turn of the session runs here any more. */
  async settled(session: SessionId): Promise<void> {
    for (let active = this.#runs.get(session); active; active = this.#runs.get(session)) await active.done;
  }

  /** Takes up what an earlier process left and keeps looking for what crashed ones leave. */
  async start(): Promise<void> {
    await this.#sweep();
    this.#sweeper = setInterval(() => {
      this.#sweeping = this.#sweeping.then(() => this.#sweep());
    }, this.#options.config.state.sweepMs);
    this.#sweeper.unref();
  }

  /** Takes nothing new, lets running turns finish for `graceMs`, then hands the rest to the next process. */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    if (this.#sweeper) clearInterval(this.#sweeper);
    const all = Promise.all([...this.#runs.values()].map(({ done }) => done));
    await within(this.#options.clock, graceMs, all);
    for (const { run } of this.#runs.values()) run.end('shutdown');
    await all;
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { store, platforms, logger } = this.#options;
    if (this.#closing) return;
    this.#forgetOldFailures();
    try {
      for (const session of await store.recoverable())
        if (platforms.has(session.split(':', 1)[0] ?? '') && !this.#runs.has(session)) this.wake(session);
    } catch (error) {
      logger.warn({ reason: reasonOf(error) }, 'looking for waiting sessions failed; trying again');
    }
  }

  async #drive(session: SessionId, run: SessionRun): Promise<void> {
    const { store, config, clock, logger, metrics } = this.#options;
    if ((this.#backOff.get(session)?.until ?? 0) > clock.elapsed()) return;
    let lease: Lease | null = null;
    let stopHeartbeat = (): void => undefined;
    try {
      lease = await store.lease.acquire(session, this.#holder, config.state.leaseMs);
      if (!lease) return;
      stopHeartbeat = keepAlive(store, lease, config.state.leaseMs, () => run.end('lease-lost'));
      await this.#runTurns(lease, run);
      this.#backOff.delete(session);
    } catch (error) {
      this.#noteFailure(session, error);
      metrics.errors.inc({ code: error instanceof RapportError ? error.code : 'RAPPORT_E_INTERNAL' });
      if (lease)
        await store.lease
          .release(lease)
          .catch((reason: unknown) =>
            logger.warn({ session, reason: reasonOf(reason) }, 'the lease runs out by itself'),
          );
    } finally {
      stopHeartbeat();
    }
  }

  async #runTurns(lease: Lease, run: SessionRun): Promise<void> {
    const { store, turns } = this.#options;
    for (;;) {
      const outcome = run.ending ? 'aborted' : await turns.run(lease, run.nextSignals());
      if (outcome === 'aborted') {
        await store.lease.release(lease);
        return;
      }
      if (outcome === 'idle' && (await store.lease.releaseIfInboxEmpty(lease)) !== 'kept') return;
    }
  }

  /** What has not failed again for long is forgotten: the session may be gone. */
  #forgetOldFailures(): void {
    const now = this.#options.clock.elapsed();
    for (const [session, { until }] of this.#backOff)
      if (until + 10 * longestBackOffMs < now) this.#backOff.delete(session);
  }

  #noteFailure(session: SessionId, error: unknown): void {
    const { clock, logger } = this.#options;
    if (error instanceof RapportError && error.code === 'RAPPORT_E_LEASE_LOST') {
      logger.info({ session }, 'another process took the session over');
      return;
    }
    const failures = (this.#backOff.get(session)?.failures ?? 0) + 1;
    this.#backOff.set(session, {
      failures,
      until: clock.elapsed() + Math.min(longestBackOffMs, 500 * 2 ** failures),
    });
    logger.error(
      { session, failures, error: kindOf(error), stack: framesOf(error) },
      'the turn could not be finished; it is tried again',
    );
  }
}
