import { z } from 'zod';
import type { Clock } from '../clock.js';
import type { DeliveryResult } from '../delivery/delivery-options.js';
import { sentParts } from '../prompting/sent-parts.js';
import type { StageTrace, TurnTrace } from '../state/trace.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { ReplyStream } from './reply-stream.js';
import type { Decision } from './stages/stage.js';
import type { ReplyPlan } from './turn.js';

/** Times the stages of one turn and keeps what each decided: from the clock to {@link TurnTrace}, and back by {@link decisionsOf}. */
export class Tracer {
  readonly #stages: StageTrace[] = [];
  readonly #clock: Clock;
  readonly #metrics: Metrics;
  readonly #startedAt: number;

  constructor(clock: Clock, metrics: Metrics) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#startedAt = clock.elapsed();
  }

  get stages(): readonly StageTrace[] {
    return this.#stages;
  }

  /** Milliseconds since the turn began. */
  get elapsedMs(): number {
    return round(this.#clock.elapsed() - this.#startedAt);
  }

  /** Runs a stage; it returns its result and what to say about it in the trace, null for nothing. */
  async run<T>(
    stage: string,
    work: () => Promise<readonly [T, Decision]> | readonly [T, Decision],
  ): Promise<T> {
    const startedAt = this.#clock.elapsed();
    const [result, decision] = await work();
    if (decision === null) return result;
    const ms = this.#clock.elapsed() - startedAt;
    this.#metrics.stage.observe({ stage }, ms / 1_000);
    this.#stages.push({ stage, ms: round(ms), decision });
    return result;
  }
}

/** To a hundredth of a millisecond. */
export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Under this name a trace keeps what was wrong with wordings that were not shown: a kind, never a word. It is the operator's to see. */
const withheldStage = 'withheld';

/** A trace for the person who was answered. */
export function traceForPerson(trace: TurnTrace): TurnTrace {
  return { ...trace, stages: trace.stages.filter(({ stage }) => stage !== withheldStage) };
}

/** The trace of a reply, once it is delivered. @param order the stages as they are told. */
export function traceOf(
  { route, format }: ReplyPlan,
  { fitted, ttftMs, attempts, finishReason, usage, withheld, written }: ReplyStream['report'],
  { segments, status }: DeliveryResult,
  tracer: Tracer,
  { order, deliveryMs }: { readonly order: readonly string[]; readonly deliveryMs: number },
): TurnTrace {
  return {
    stages: [
      ...tracer.stages.toSorted((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage)),
      {
        stage: 'prompt',
        ms: 0,
        decision: {
          format: route.format,
          tokens: fitted?.promptTokens ?? 0,
          exact: fitted?.exact ?? false,
          droppedTurns: fitted?.droppedTurns ?? 0,
          floor: fitted?.floor ?? false,
        },
      },
      {
        stage: 'model',
        ms: ttftMs,
        decision: {
          route: route.id,
          name: route.modelName,
          demo: route.demo,
          attempts,
          finishReason,
          completionTokens: usage?.completionTokens ?? null,
          ...(written !== null && { written }),
        },
      },
      ...(withheld.length > 0 ? [{ stage: withheldStage, ms: 0, decision: { kinds: withheld } }] : []),
      { stage: 'delivery', ms: round(deliveryMs), decision: { messages: segments.length, status } },
    ],
    model: {
      route: route.id,
      name: route.modelName,
      format: route.format,
      demo: route.demo,
      promptTokens: fitted?.promptTokens ?? 0,
      promptTokensExact: fitted?.exact ?? false,
      droppedTurns: fitted?.droppedTurns ?? 0,
      attempts,
      finishReason,
      ...(written !== null && { written }),
      sent: written !== null || !fitted ? [] : sentParts(fitted.input, (input) => format.build(input, route)),
      ttftMs,
      ...(usage && { usage }),
    },
    totalMs: tracer.elapsedMs,
  };
}

const memory = z.object({ aspect: z.string(), text: z.string(), score: z.number() });
const feeling = z.object({ label: z.string().min(1), probability: z.number() });
const reason = z.object({ facet: z.string(), score: z.number(), text: z.string() });

/** What each stage writes into its trace. A trace is stored as plain data and may be of an older version: what does not fit is left out. */
const stageSchemas = {
  care: z.object({
    crisis: z.string().nullable().default(null),
    gentle: z.boolean().default(false),
    offered: z.boolean().default(false),
  }),
  match: z.object({
    by: z.string(),
    characterId: z.string(),
    kind: z.string(),
    reasons: z.array(reason),
    offered: z.string().nullish(),
  }),
  emotion: feeling.extend({ ranked: z.array(feeling).default([]) }),
  memory: z.object({
    kind: z.string(),
    chosen: z.array(memory),
    considered: z.array(memory),
    lore: z
      .object({ told: z.array(z.string()), own: z.number().default(0), skipped: z.number() })
      .default({ told: [], own: 0, skipped: 0 }),
    earlier: z.array(z.object({ by: z.string(), text: z.string(), at: z.number() })).default([]),
    summary: z.object({ by: z.string(), text: z.string() }).optional().catch(undefined),
  }),
  strategy: z.object({
    kind: z.string(),
    label: z.string(),
    motivation: z.string(),
    probability: z.number(),
  }),
  goal: z.object({ goal: z.string().nullable(), source: z.string().nullable(), left: z.number() }),
  style: z.object({
    attributes: z.record(z.string(), z.string()),
    asked: z.record(z.string(), z.string()).default({}),
    rests: z.boolean().default(false),
  }),
  withheld: z.object({ kinds: z.array(z.string()) }),
  delivery: z.object({ messages: z.number(), status: z.string() }),
} as const;

/** The decisions of a turn's stages; undefined for a stage that did not run. */
export type TraceDecisions = {
  readonly [Stage in keyof typeof stageSchemas]?: z.infer<(typeof stageSchemas)[Stage]> | undefined;
};

/** Whether nobody was in danger or low in a turn, or had been shortly before. */
export function isCalm(trace: TurnTrace): boolean {
  const { care } = decisionsOf(trace);
  return !care || (care.crisis === null && !care.gentle);
}

/** Reads the decisions out of a trace. */
export function decisionsOf({ stages }: TurnTrace): TraceDecisions {
  const read = <Stage extends keyof typeof stageSchemas>(
    name: Stage,
  ): z.infer<(typeof stageSchemas)[Stage]> | undefined => {
    const found = stages.find(({ stage }) => stage === name);
    const parsed = found && stageSchemas[name].safeParse(found.decision);
    return parsed?.success ? (parsed.data as z.infer<(typeof stageSchemas)[Stage]>) : undefined;
  };
  return {
    care: read('care'),
    match: read('match'),
    emotion: read('emotion'),
    memory: read('memory'),
    strategy: read('strategy'),
    goal: read('goal'),
    style: read('style'),
    withheld: read('withheld'),
    delivery: read('delivery'),
  };
}
