import { eligibleMemories } from '../../memory/eligible-memories.js';
import type { Asked } from '../../memory/fact-chooser.js';
import { knownFacts, type RecalledFact, withinBudget } from '../../memory/known-facts.js';
import { LexicalFactChooser } from '../../memory/lexical-fact-chooser.js';
import type { HistoryLine, ScoredMemory } from '../../memory/memory-selector.js';
import { toldBack } from '../../memory/told-back.js';
import { userAspect } from '../../prompting/prompt-input.js';
import type { Json } from '../../state/trace.js';
import type { TurnInput } from '../turn.js';
import type { Stage } from './stage.js';

export interface Recalled {
  /** Memories of the character, best first. */
  readonly character: readonly ScoredMemory[];
  /** What is known of the person and goes into the prompt, in the order it was told; nothing in shared sessions. */
  readonly known: readonly RecalledFact[];
  /** The answer where they ask back what they told; null where they do not. */
  readonly toldBack: string | null;
}

const lexicalFacts = new LexicalFactChooser();

/** Which memories serve this turn: the character's by aspect, and what is known of the person. */
export const memory: Stage<'memory'> = {
  name: 'memory',
  phase: 'plan',
  run: async (draft, { selector, facts = lexicalFacts, router, config }) => {
    const { input } = draft;
    const { character } = draft.of('match');
    const history = recentLines(input, config.memory.historyLines);
    const rules = { window: config.memory.repeatWindow, max: config.memory.repeatMax };
    const candidates = eligibleMemories(character, input.session?.recentAspects ?? [], rules);
    const told = knownFacts(
      input.profile?.persona.facts ?? [],
      input.userMemories.map(({ text }) => text),
    );
    const question = asked(history);
    const texts = told.map(({ text }) => text);
    const [own, choice, back] = await Promise.all([
      selector.select(history, candidates, config.memory.perTurn, {
        own: input.session?.recentAspects ?? [],
      }),
      facts.choose(question, texts),
      toldBack(question, texts, ownLines(input), input.profile?.persona.name ?? '', facts),
    ]);
    const { factsPerTurn, factUnits, factsForSmallModels } = config.memory;
    const known = withinBudget(told, choice.ranked, choice.fitting, {
      count: router.routeFor(character).demo ? factsForSmallModels : factsPerTurn,
      units: factUnits,
    });
    const fitting = known.filter(({ fits }) => fits).sort((a, b) => b.score - a.score);
    return [
      { character: own.chosen, known, toldBack: back },
      {
        kind: own.by ?? selector.kind,
        facts: facts.kind,
        chosen: [...own.chosen, ...fitting.map(asMemory)].map(show),
        considered: [...own.considered, ...known.map(asMemory)].slice(0, 12).map(show),
        heldBack: Object.keys(character.memory).length - candidates.length,
      },
    ];
  },
};

function asked(history: readonly HistoryLine[]): Asked {
  const lines = history.filter(({ role }) => role === 'seeker').map(({ text }) => text);
  return { text: lines.at(-1) ?? '', before: lines.at(-2) };
}

/** What the person wrote before, what troubles them first; nothing where others read along. */
function ownLines({ transcript, profile, messages: [{ shared }] }: TurnInput): string[] {
  const written = transcript.flatMap(({ role, text }) => (role === 'seeker' ? [text] : []));
  return shared ? [] : [profile?.persona.worry ?? '', ...written];
}

function asMemory({ text, score }: RecalledFact): ScoredMemory {
  return { aspect: userAspect, text, score };
}

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
