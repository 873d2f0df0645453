import { createHash } from 'node:crypto';
import { handleWhen, retry } from 'cockatiel';
import { RapportError } from '../../config/errors.js';
import type { Clock, Random } from '../../src/clock.js';
import type { ModelDelta, ModelRequest } from '../../src/prompting/chat-model.js';
import type { Endpoint, EndpointReport, OpenedStream, ProbeReport } from './endpoint.js';
import { EndpointFailure } from './endpoint-failure.js';
import { isFiltered, overflowSizes } from './server-error.js';

export interface RetrySettings {
  /** How often the whole pool is tried for one request. */
  readonly rounds: number;
  /** The longest pause between two rounds, ms; a server that asks for more is not waited for. */
  readonly maxWaitMs: number;
}

const firstPauseMs = 100;

/** Every endpoint failed, or none may be asked. */
class RoundFailed extends Error {
  readonly outcomes: readonly { readonly endpoint: Endpoint; readonly failure: EndpointFailure }[];

  constructor(outcomes: RoundFailed['outcomes']) {
    super('every endpoint failed');
    this.outcomes = outcomes;
  }

  /** Not after a time-out, which was long enough, and not where our own queue or an account is the trouble. */
  get worthAnother(): boolean {
    return this.outcomes.every(({ failure }) => !['timeout', 'busy', 'spent'].includes(failure.kind));
  }
  /** When the first of them may be asked again, ms. */
  get readyInMs(): number {
    return Math.min(...this.outcomes.map(({ endpoint }) => endpoint.health.readyInMs));
  }
}

/**
 * Several endpoints that serve the same models. A key (the character) keeps to one endpoint, for its prefix cache, as
 * long as that endpoint is ready and has a free slot; another takes over only before the first token.
 */
export class EndpointPool {
  readonly #route: string;
  readonly #endpoints: readonly Endpoint[];
  readonly #settings: RetrySettings;
  readonly #clock: Clock;
  readonly #random: Random;

  /** @param route name for errors */
  constructor(
    route: string,
    endpoints: readonly Endpoint[],
    settings: RetrySettings,
    clock: Clock,
    random: Random,
  ) {
    this.#route = route;
    this.#endpoints = endpoints;
    this.#settings = settings;
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Streams one completion.
   * @throws RapportError as {@link ChatModel.stream} says; the signal's reason when aborted.
   */
  async *stream(
    request: ModelRequest,
    affinity: string,
    signal: AbortSignal,
  ): AsyncGenerator<ModelDelta, void> {
    const { endpoint, first, rest, release } = await this.#open(request, affinity, signal);
    try {
      yield first;
      yield* rest;
    } catch (thrown) {
      if (!(thrown instanceof EndpointFailure)) throw thrown;
      await endpoint.health.brokeLater(thrown);
      throw this.#interrupted(thrown);
    } finally {
      await rest.return();
      release();
    }
  }

  /** The addresses in the order in which a key would try them, all being well. */
  order(affinity: string): string[] {
    return rendezvousOrder(affinity, this.#endpoints).map(({ id }) => id);
  }

  /** The condition of every endpoint, as far as requests have shown it. */
  health(): EndpointReport[] {
    return this.#endpoints.map((endpoint) => endpoint.report());
  }

  /** Asks every endpoint which models it serves. */
  async probe(): Promise<ProbeReport[]> {
    return Promise.all(this.#endpoints.map((endpoint) => endpoint.probe()));
  }

  /** The endpoint to ask things that do not depend on a character. */
  get representative(): Endpoint | undefined {
    return this.#endpoints.find((endpoint) => endpoint.health.state === 'ready') ?? this.#endpoints[0];
  }

  async #open(request: ModelRequest, affinity: string, signal: AbortSignal): Promise<OpenedStream> {
    const { rounds, maxWaitMs } = this.#settings;
    let pauseMs = 0;
    const again = handleWhen((error) => {
      if (!(error instanceof RoundFailed) || !error.worthAnother) return false;
      pauseMs = Math.max(pauseMs, error.readyInMs);
      return error.readyInMs <= maxWaitMs;
    });
    const policy = retry(again, { maxAttempts: rounds - 1 });
    try {
      return await policy.execute(async ({ attempt }) => {
        // The pause is taken here and not by the policy, so that an abort ends it.
        if (attempt > 0) await this.#clock.sleep(Math.min(pauseMs, maxWaitMs), signal);
        pauseMs = firstPauseMs * 2 ** attempt * (0.5 + this.#random.next());
        return this.#round(request, affinity, signal);
      });
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      if (thrown instanceof RoundFailed) throw this.#unavailable(thrown);
      if (thrown instanceof EndpointFailure) throw this.#refused(thrown);
      throw thrown;
    }
  }

  /** Tries each endpoint that may be asked, once: in the key's order, but one with a free slot before one without. */
  async #round(request: ModelRequest, affinity: string, signal: AbortSignal): Promise<OpenedStream> {
    const order = rendezvousOrder(affinity, this.#endpoints);
    // Endpoints that may be back are looked at aside, or waited for if there is no other.
    const isReady = order.some((endpoint) => endpoint.health.state === 'ready');
    const recoveries = order.map((endpoint) => endpoint.recovery(!isReady));
    if (!isReady) await unlessAborted(Promise.all(recoveries), signal);
    const outcomes = new Map<Endpoint, EndpointFailure>();
    for (;;) {
      // Chosen and taken without a pause between, so that two requests cannot choose the same free slot.
      const left = order.filter((endpoint) => endpoint.health.state === 'ready' && !outcomes.has(endpoint));
      const endpoint = left.find(({ slots }) => slots.free) ?? left[0];
      if (endpoint === undefined) break;
      try {
        return await endpoint.open(request, signal);
      } catch (thrown) {
        if (!(thrown instanceof EndpointFailure) || !thrown.movesOn) throw thrown;
        outcomes.set(endpoint, thrown);
      }
    }
    throw new RoundFailed(
      order.map((endpoint) => ({ endpoint, failure: outcomes.get(endpoint) ?? endpoint.health.blocked() })),
    );
  }

  #refused(failure: EndpointFailure): RapportError {
    if (failure.kind === 'overflow') {
      const { tokens, window } = overflowSizes(failure.serverError ?? failure);
      const details = { tokens: tokens ?? '?', window: window ?? '?', route: this.#route };
      return new RapportError('RAPPORT_E_CONTEXT_OVERFLOW', details, failure);
    }
    // Azure refuses what its filter does not let through.
    if (isFiltered(failure.serverError)) return new RapportError('RAPPORT_E_MODEL_FILTERED', {}, failure);
    const details = { status: failure.status ?? '-', reason: failure.message };
    return new RapportError('RAPPORT_E_MODEL_REFUSED', details, failure);
  }

  #unavailable(round: RoundFailed): RapportError {
    const [first] = round.outcomes;
    if (first && round.outcomes.every(({ failure }) => failure.kind === 'busy'))
      return new RapportError('RAPPORT_E_MODEL_BUSY', { reason: first.failure.message }, round);
    const spent = round.outcomes.find(({ failure }) => failure.kind === 'spent');
    if (
      spent &&
      round.outcomes.every(({ failure }) => failure.kind === 'spent' || failure.kind === 'network')
    )
      return new RapportError('RAPPORT_E_MODEL_QUOTA', { reason: spent.failure.message }, round);
    const waits = round.outcomes.map(({ failure }) => (failure.kind === 'timeout' ? failure.wait : null));
    const [wait] = waits;
    if (wait && !waits.includes(null)) {
      return new RapportError('RAPPORT_E_MODEL_TIMEOUT', { ms: wait.ms, phase: wait.phase }, round);
    }
    const reasons = round.outcomes.map(({ endpoint, failure }) => `${endpoint.id}: ${failure.message}`);
    const reason = reasons.join('; ') || 'no address is configured';
    return new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: this.#route, reason }, round);
  }

  #interrupted(failure: EndpointFailure): RapportError {
    if (failure.wait) {
      const { ms, phase } = failure.wait;
      return new RapportError('RAPPORT_E_MODEL_TIMEOUT', { ms, phase }, failure);
    }
    return new RapportError('RAPPORT_E_MODEL_INTERRUPTED', { reason: failure.message }, failure);
  }
}

/** Waits for what others wait for too, but not beyond an abort. */
function unlessAborted(work: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/**
 * Orders places for a key by rendezvous (highest random weight) hashing: every key has its own fixed order, and a place
 * that goes away moves only the keys it was first for (Thaler and Ravishankar, 1998).
 */
export function rendezvousOrder<Place extends { readonly id: string }>(
  key: string,
  places: readonly Place[],
): Place[] {
  return places
    .map((place) => ({ place, weight: createHash('sha1').update(`${place.id}\n${key}`).digest('hex') }))
    .sort((a, b) => (a.weight < b.weight ? 1 : -1))
    .map(({ place }) => place);
}
