import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics of one process. */
export interface Metrics {
  readonly registry: Registry;
  /** Turns by platform and outcome (`reply`, `notice`, `failed`, `stopped`, `interrupted`, `resumed`). */
  readonly turns: Counter<'platform' | 'outcome'>;
  /** Seconds from the drain of the inbox to the first text of the model. */
  readonly timeToFirstToken: Histogram<'route'>;
  /** Seconds a stage took. */
  readonly stage: Histogram<'stage'>;
  readonly runningTurns: Gauge;
  /** Crisis answers by kind; no text and no person is kept. */
  readonly careAnswers: Counter<'kind'>;
  /** Sentences of models that were withheld, by what was wrong with them and what came of it; no text is kept. */
  readonly withheld: Counter<'kind' | 'outcome'>;
  readonly errors: Counter<'code'>;
  /** Events of a platform in a form that is not known. */
  readonly unreadEvents: Counter<'platform'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'rapport_' });
  const registers = [registry];
  return {
    registry,
    turns: new Counter({
      name: 'rapport_turns_total',
      help: 'Turns by platform and outcome',
      labelNames: ['platform', 'outcome'],
      registers,
    }),
    timeToFirstToken: new Histogram({
      name: 'rapport_time_to_first_token_seconds',
      help: 'From the start of the turn to the first text of the model',
      labelNames: ['route'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60],
      registers,
    }),
    stage: new Histogram({
      name: 'rapport_stage_seconds',
      help: 'Time a stage of a turn took',
      labelNames: ['stage'],
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1],
      registers,
    }),
    runningTurns: new Gauge({ name: 'rapport_running_turns', help: 'Turns being answered now', registers }),
    careAnswers: new Counter({
      name: 'rapport_care_answers_total',
      help: 'Crisis answers by kind',
      labelNames: ['kind'],
      registers,
    }),
    withheld: new Counter({
      name: 'rapport_care_withheld_total',
      help: 'Sentences of models that were not shown, by kind and what came of it',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    errors: new Counter({
      name: 'rapport_errors_total',
      help: 'Coded errors',
      labelNames: ['code'],
      registers,
    }),
    unreadEvents: new Counter({
      name: 'rapport_unread_events_total',
      help: 'Events of a platform in a form that is not known',
      labelNames: ['platform'],
      registers,
    }),
  };
}
