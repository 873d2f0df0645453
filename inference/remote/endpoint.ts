import type { Clock } from '../../src/clock.js';
import type { ModelDelta, ModelRequest } from '../../src/prompting/chat-model.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { completionStream, type StreamTimeouts } from './completion-stream.js';
import { EndpointFailure, endpointFailure } from './endpoint-failure.js';
import { type BreakerSettings, EndpointHealth, type EndpointState } from './endpoint-health.js';
import { RequestDialect } from './request-dialect.js';
import { type ServedModel, type ServerClient, windowOf } from './server-client.js';
import { overflowSizes } from './server-error.js';
import { anyModel, type ServerFacts } from './server-facts.js';
import { Slots } from './slots.js';

export interface EndpointSettings {
  readonly timeouts: StreamTimeouts;
  readonly breaker: BreakerSettings;
  /** Requests served at once; 0 for no bound. */
  readonly maxConcurrent: number;
  /** Requests that may wait for a slot. */
  readonly maxQueued: number;
  readonly strictOpenAi: boolean;
}

/** The condition of one endpoint, for doctor and metrics. */
export interface EndpointReport {
  /** Base URL without credentials. */
  readonly url: string;
  readonly state: EndpointState;
  /** Moving average of the time to first token, ms; null before the first. */
  readonly ttftMs: number | null;
  readonly active: number;
  readonly queued: number;
  /** Requests that reached their first token, and failures, since the start. */
  readonly served: number;
  readonly failed: number;
  /** The last failure, with its wall clock in ms since the epoch. */
  readonly lastError: { readonly reason: string; readonly at: number } | null;
}

/** What `GET /models` said. */
export interface ProbeReport {
  readonly url: string;
  readonly ok: boolean;
  /** Model and LoRA names served. */
  readonly models: readonly string[];
  /** The window the server names for a model, tokens; null where it names none. */
  readonly windowOf: (model: string) => number | null;
  readonly ms: number;
  /** Why not, where not ok. */
  readonly reason: string | null;
}

/** A completion whose first delta has arrived: from here on no other endpoint can take over. */
export interface OpenedStream {
  readonly endpoint: Endpoint;
  readonly first: ModelDelta;
  readonly rest: AsyncGenerator<ModelDelta, void>;
  /** Gives the endpoint's slot back. */
  readonly release: () => void;
}

/** How long a light request may take, ms. */
const probeMs = 5_000;
/** Least time between two looks at an endpoint that is down, ms. */
const lookMs = 1_000;

/** One base URL of a pool. */
export class Endpoint {
  readonly client: ServerClient;
  readonly health: EndpointHealth;
  readonly slots: Slots;
  readonly #settings: EndpointSettings;
  readonly #clock: Clock;
  /** By model name: an address may serve several models of different taste. */
  readonly #dialects = new Map<string, RequestDialect>();
  #recovery: Promise<void> | null = null;
  /** When it was last looked at before its time, on the monotonic clock. */
  #lookedAt = Number.NEGATIVE_INFINITY;

  readonly #facts: ServerFacts;

  /** @param facts what the pool knows of its models, added to by what this server shows. */
  constructor(
    client: ServerClient,
    settings: EndpointSettings,
    facts: ServerFacts,
    clock: Clock,
    logger: Logger,
  ) {
    this.client = client;
    this.#facts = facts;
    this.#settings = settings;
    this.#clock = clock;
    this.slots = new Slots(settings.maxConcurrent, settings.maxQueued);
    this.health = new EndpointHealth(client.url, settings.breaker, clock, logger);
  }

  get id(): string {
    return this.client.url;
  }

  /**
   * Sends a request and waits for its first delta.
   * @throws EndpointFailure; the signal's reason when aborted.
   */
  async open(request: ModelRequest, signal: AbortSignal): Promise<OpenedStream> {
    const { timeouts } = this.#settings;
    const release = await this.slots.acquire(timeouts.queueMs ?? timeouts.firstTokenMs, signal);
    try {
      const rest = completionStream(this.client, request, {
        dialect: this.#dialect(request.body.model),
        timeouts,
        signal,
        facts: this.#facts,
        clock: this.#clock,
      });
      const result = await this.health.watch(() => rest.next());
      if (result.done) throw new EndpointFailure('protocol', 'the stream was empty');
      return { endpoint: this, first: result.value, rest, release };
    } catch (thrown) {
      release();
      if (thrown instanceof EndpointFailure && thrown.kind === 'overflow') {
        const { window } = overflowSizes(thrown.serverError ?? thrown);
        if (window !== null) this.#facts.learnWindow(request.body.model, window);
      }
      throw this.#hinted(thrown);
    }
  }

  /**
   * Finds out, once at a time, whether an endpoint that was down is back; null while there is nothing to find out.
   * @param wanted there is no other: one that nobody listened on, or that was loading, is looked at before its time, for it
   * is back as soon as it has been started again.
   */
  recovery(wanted: boolean): Promise<void> | null {
    const now = this.#clock.elapsed();
    if (wanted && !this.#recovery && this.health.mayHaveRestarted && now - this.#lookedAt >= lookMs) {
      this.#lookedAt = now;
      this.#recovery = this.#models()
        .then(
          () => this.health.reset(),
          () => undefined,
        )
        .finally(() => {
          this.#recovery = null;
        });
    }
    if (this.health.state !== 'trial') return this.#recovery;
    this.#recovery ??= this.health
      .tryAgain(() => this.#models())
      .finally(() => {
        this.#recovery = null;
      });
    return this.#recovery;
  }

  /** What it serves; the windows it names are learnt. */
  async probe(): Promise<ProbeReport> {
    const started = this.#clock.elapsed();
    const report = (served: readonly ServedModel[] | null, reason: string | null): ProbeReport => ({
      url: this.id,
      ok: served !== null,
      models: (served ?? []).map(({ id }) => id),
      windowOf: (model) => windowOf(served ?? [], model),
      ms: this.#clock.elapsed() - started,
      reason,
    });
    try {
      const listed = await this.#models();
      const served = listed.some(({ window }) => window !== null) ? listed : await this.#ofOneWindow(listed);
      for (const { id, window } of served)
        if (window !== null) this.#facts.learnWindow(served.length === 1 ? anyModel : id, window);
      return report(served, null);
    } catch (thrown) {
      return report(null, this.#hinted(endpointFailure(thrown, this.client.apiKey)).message);
    }
  }

  report(): EndpointReport {
    const { state, ttftMs, served, failed, lastFailure, lastFailureAt } = this.health;
    const { active, queued } = this.slots;
    const lastError =
      lastFailure && lastFailureAt !== null ? { reason: lastFailure.message, at: lastFailureAt } : null;
    return { url: this.id, state, ttftMs, active, queued, served, failed, lastError };
  }

  /** llama.cpp has one model and one window, which it names in a place of its own. */
  async #ofOneWindow(served: readonly ServedModel[]): Promise<readonly ServedModel[]> {
    const window = await this.client.windowOfProps(probeMs);
    return served.map((model) => ({ ...model, window }));
  }

  async #models(): Promise<readonly ServedModel[]> {
    try {
      return await this.client.models(probeMs);
    } catch (thrown) {
      throw endpointFailure(thrown, this.client.apiKey);
    }
  }

  #dialect(model: string): RequestDialect {
    const known = this.#dialects.get(model);
    if (known) return known;
    const dialect = new RequestDialect(this.#settings.strictOpenAi);
    this.#dialects.set(model, dialect);
    return dialect;
  }

  /** The commonest mistake in the configuration, said where it shows. */
  #hinted<T>(thrown: T): T | EndpointFailure {
    if (!(thrown instanceof EndpointFailure) || thrown.status !== 404 || /\/v\d+$/.test(this.id))
      return thrown;
    const message = `${thrown.message} (the address ${this.id} does not end in /v1)`;
    return new EndpointFailure(thrown.kind, message, {
      status: 404,
      serverError: thrown.serverError,
      cause: thrown,
    });
  }
}
