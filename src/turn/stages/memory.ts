import { eligibleMemories } from '../../memory/eligible-memories.js';
import type { HistoryLine, MemoryCandidate, ScoredMemory } from '../../memory/memory-selector.js';
import type { Json } from '../../state/trace.js';
import type { TurnInput } from '../turn.js';
import type { Stage } from './stage.js';

export interface Recalled {
  /** Memories of the character, best first. */
  readonly character: readonly ScoredMemory[];
  /** Facts the person asked to be remembered; none in shared sessions. */
  readonly user: readonly ScoredMemory[];
}

/** Which memories serve this turn: the character's by aspect, and what the person asked to be remembered. */
export const memory: Stage<'memory'> = {
  name: 'memory',
  phase: 'plan',
  run: async (draft, { selector, config }) => {
    const { input } = draft;
    const { character } = draft.of('match');
    const history = recentLines(input, config.memory.historyLines);
    const rules = { window: config.memory.repeatWindow, max: config.memory.repeatMax };
    const candidates = eligibleMemories(character, input.session?.recentAspects ?? [], rules);
    const facts: MemoryCandidate[] = input.userMemories.map(({ text }) => ({ aspect: 'user', text }));
    const [own, user] = await Promise.all([
      selector.select(history, candidates, config.memory.perTurn, {
        own: input.session?.recentAspects ?? [],
      }),
      selector.select(history, facts, config.memory.userFactsPerTurn),
    ]);
    return [
      { character: own.chosen, user: user.chosen },
      {
        kind: own.by ?? user.by ?? selector.kind,
        chosen: [...own.chosen, ...user.chosen].map(show),
        considered: [...own.considered, ...user.considered].slice(0, 12).map(show),
        heldBack: Object.keys(character.memory).length - candidates.length,
      },
    ];
  },
};

/** The last lines of the conversation with the new message at the end. */
export function recentLines(input: TurnInput, lines: number): HistoryLine[] {
  const past = input.transcript.flatMap(({ role, text, undelivered }): HistoryLine[] =>
    role === 'notice' || undelivered ? [] : [{ role, text }],
  );
  return [...past, { role: 'seeker' as const, text: input.text }].slice(-lines);
}

function show({ aspect, text, score }: ScoredMemory): Json {
  return {
    aspect,
    text: text.length > 240 ? `${text.slice(0, 239)}…` : text,
    score: Math.round(score * 1_000) / 1_000,
  };
}
