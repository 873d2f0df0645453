import { z } from 'zod';
import type { TurnTrace } from '../state/trace.js';

const memory = z.object({ aspect: z.string(), text: z.string(), score: z.number() });
const feeling = z.object({ label: z.string().min(1), probability: z.number() });
const reason = z.object({ facet: z.string(), score: z.number(), text: z.string() });

/** What each stage writes into its trace. A trace is stored as plain data and may be of an older version: what does not fit is left out. */
const stageSchemas = {
  match: z.object({
    by: z.string(),
    characterId: z.string(),
    kind: z.string(),
    reasons: z.array(reason),
    offered: z.string().nullish(),
  }),
  emotion: feeling.extend({ ranked: z.array(feeling).default([]) }),
  memory: z.object({ kind: z.string(), chosen: z.array(memory), considered: z.array(memory) }),
  strategy: z.object({
    kind: z.string(),
    label: z.string(),
    motivation: z.string(),
    probability: z.number(),
  }),
  steer: z.object({ goal: z.string().nullable(), source: z.string().nullable(), left: z.number() }),
  style: z.object({
    attributes: z.record(z.string(), z.string()),
    asked: z.record(z.string(), z.string()).default({}),
  }),
  delivery: z.object({ messages: z.number(), status: z.string() }),
} as const;

/** The decisions of a turn's stages; undefined for a stage that did not run. */
export type TraceDecisions = {
  readonly [Stage in keyof typeof stageSchemas]?: z.infer<(typeof stageSchemas)[Stage]> | undefined;
};

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
    match: read('match'),
    emotion: read('emotion'),
    memory: read('memory'),
    strategy: read('strategy'),
    steer: read('steer'),
    style: read('style'),
    delivery: read('delivery'),
  };
}
