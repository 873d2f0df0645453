import { createHash } from 'node:crypto';
import type { PersonId, SessionId } from '../ids.js';
import type { EarlierLine } from '../memory/earlier-talk.js';
import type { RecalledFact } from '../memory/known-facts.js';
import { userAspect } from '../prompting/prompt-input.js';
import type { SessionState } from '../state/session.js';
import type { Store } from '../state/store.js';
import type { Json, TurnTrace } from '../state/trace.js';

/**
 * A trace keeps where a person's facts and earlier lines stand, not their words: what is forgotten, erased or too old is told by no trace.
 * The words are put in when it is looked at; a summary as it is by then.
 */

/** UTF-16 units of a quoted text. */
const quotedUnits = 240;

/** How a trace notes a fact about the person. */
export function factNote({ text, score, id }: RecalledFact): { readonly [key: string]: Json } {
  return { aspect: userAspect, fact: id === undefined ? ofForm(text) : `id:${id}`, score: rounded(score) };
}

/** How a trace notes a line that came back. */
export function lineNote({ by, at, talk, entry }: EarlierLine): { readonly [key: string]: Json } {
  return { by, at, talk, entry };
}

/** To a thousandth. */
export function rounded(score: number): number {
  return Math.round(score * 1_000) / 1_000;
}

function ofForm(text: string): string {
  return `form:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** A trace with the words that are still there; facts and lines that are gone are left out of it. */
export async function traceWithWords(
  trace: TurnTrace,
  { ownerId: owner, summary: held }: Pick<SessionState, 'ownerId' | 'summary'>,
  store: Pick<Store, 'people' | 'transcript' | 'sessions'>,
): Promise<TurnTrace> {
  const stages = await Promise.all(
    trace.stages.map(async (one) => {
      if (one.stage !== 'memory') return one;
      const { chosen, considered, earlier, summary } = one.decision;
      const facts = await factsOf(owner, [...recordsIn(chosen), ...recordsIn(considered)], store);
      const memories = (list: Json | undefined): Json =>
        recordsIn(list).flatMap((memory) => {
          if (memory.aspect !== userAspect) return [memory];
          const text = facts.get(String(memory.fact));
          return text === undefined ? [] : [{ aspect: userAspect, text, score: memory.score ?? 0 }];
        });
      const lines = await Promise.all(recordsIn(earlier).map((line) => lineOf(line, owner, store)));
      return {
        ...one,
        decision: {
          ...one.decision,
          ...(chosen !== undefined && { chosen: memories(chosen) }),
          ...(considered !== undefined && { considered: memories(considered) }),
          ...(earlier !== undefined && { earlier: lines.flat() }),
          ...(summary !== undefined && { summary: held ? { by: held.by, text: held.text } : undefined }),
        },
      };
    }),
  );
  return { ...trace, stages };
}

type Record = { readonly [key: string]: Json | undefined };

function recordsIn(list: Json | undefined): readonly Record[] {
  return Array.isArray(list)
    ? (list as readonly Json[]).filter(
        (item): item is Record => typeof item === 'object' && item !== null && !Array.isArray(item),
      )
    : [];
}

async function factsOf(
  owner: PersonId,
  noted: readonly Record[],
  { people }: Pick<Store, 'people'>,
): Promise<ReadonlyMap<string, string>> {
  if (!noted.some(({ aspect }) => aspect === userAspect)) return new Map();
  const [memories, profile] = await Promise.all([people.memories(owner), people.profile(owner)]);
  return new Map([
    ...memories.map(({ id, text }): [string, string] => [`id:${id}`, shortened(text)]),
    ...(profile?.persona.facts ?? []).map((text): [string, string] => [ofForm(text), shortened(text)]),
  ]);
}

/** The line where it is still there, in a private conversation of the same person. */
async function lineOf(
  { by, at, talk, entry }: Record,
  owner: PersonId,
  { sessions, transcript }: Pick<Store, 'sessions' | 'transcript'>,
): Promise<Json[]> {
  if (typeof talk !== 'string' || typeof entry !== 'string') return [];
  const id = talk as SessionId;
  const session = await sessions.get(id);
  if (!session || session.ownerId !== owner || session.shared) return [];
  const [line] = await transcript.find(id, [entry]);
  return line ? [{ by: by ?? '', at: at ?? line.at, text: shortened(line.text) }] : [];
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > quotedUnits ? `${line.slice(0, quotedUnits - 1).toWellFormed()}…` : line;
}
