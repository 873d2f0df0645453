import { z } from 'zod';
import type {
  HistoryLine,
  MemoryCandidate,
  MemorySelection,
  MemorySelector,
  ScoredMemory,
  UsedAspects,
} from '../../src/memory/memory-selector.js';
import { ScorerHead, singleSpaced, stacked } from './scorer-head.js';
import type { ScorerEncoder } from './sentence-encoder.js';

const schema = z.looseObject({
  aspects: z.array(z.string().min(1)).min(1),
  /** What a line may tell of: the aspects and more. */
  tells: z.array(z.string().min(1)).min(1),
  askedLines: z.int().min(1),
  picks: z.int().min(1),
  /** A memory less likely than this among the candidates is not chosen. */
  threshold: z.number().min(0).max(1),
});

/** Facts about the person have no aspect of a character; the zero-shot selector compares them by their words. */
const userAspect = 'user';

/** Scores of one choice. */
export interface ChoiceScores {
  /** Logits, in the order of the candidates. */
  readonly scores: Float32Array;
  readonly probabilities: readonly number[];
}

/**
 * What the cosine of the zero-shot selector adds to a score. The dialogues that the head learned from are chosen by aspect far
 * more than by what a memory says; a bank's memories are told apart by what they say. The model's card has what it costs and gives.
 */
const closenessWeight = 5;

/**
 * Chooses memories as CharacterChat's dialogues choose them: by what the other side last said, what that tells of, and what
 * was told before. `asked` [1, 2, d], `told` [1, 2, tells], `picks` [1, 8, aspects], `speaker` [1], `memories` [1, n, d],
 * `aspects` [1, n, aspects] → `scores` [1, n]. The memories' vectors are cached by the encoder. Where no character's memory
 * is among the candidates, and to tell small talk, the zero-shot selector decides.
 */
export class TrainedMemorySelector implements MemorySelector {
  readonly kind: string;
  readonly #head: ScorerHead<typeof schema>;
  readonly #zeroShot: MemorySelector;

  /** @throws RapportError RAPPORT_E_MODEL_FILE */
  constructor(folder: string, encoders: readonly ScorerEncoder[], zeroShot: MemorySelector) {
    this.#head = new ScorerHead(folder, schema, encoders);
    this.kind = this.#head.label;
    this.#zeroShot = zeroShot;
  }

  /** The vector of the line is on its way while the message is still being recorded. */
  prefetch(line: string): void {
    this.#head.vectors([singleSpaced(line)]).catch(() => undefined);
    this.#zeroShot.prefetch?.(line);
  }

  async select(
    history: readonly HistoryLine[],
    candidates: readonly MemoryCandidate[],
    k: number,
    used?: UsedAspects,
  ): Promise<MemorySelection> {
    if (history.length === 0 || candidates.every(({ aspect }) => aspect === userAspect))
      return this.#zeroShot.select(history, candidates, k);
    const [{ scores }, near, unprompted] = await Promise.all([
      this.score(history, candidates, used),
      this.#zeroShot.select(history, candidates, k),
      this.#zeroShot.callsForNone?.(history) ?? false,
    ]);
    const closeness = new Map(near.considered.map(({ text, score }) => [text, score]));
    const probabilities = softmax(
      candidates.map(
        ({ text }, place) => (scores[place] ?? 0) + closenessWeight * (closeness.get(text) ?? 0),
      ),
    );
    const considered: ScoredMemory[] = candidates
      .map((candidate, place) => ({ ...candidate, score: probabilities[place] ?? 0 }))
      .sort((a, b) => b.score - a.score);
    const { threshold } = this.#head.manifest;
    return {
      considered,
      chosen: unprompted ? [] : considered.filter(({ score }) => score >= threshold).slice(0, k),
    };
  }

  /** Scores of all candidates, whatever the threshold. */
  async score(
    history: readonly HistoryLine[],
    candidates: readonly MemoryCandidate[],
    used?: UsedAspects,
  ): Promise<ChoiceScores> {
    const { aspects, tells, askedLines, picks } = this.#head.manifest;
    const { dimension } = this.#head;
    const other = history.at(-1)?.role ?? 'seeker';
    const asked = history
      .filter(({ role }) => role === other)
      .slice(-askedLines)
      .map(({ text }) => singleSpaced(text))
      .reverse();
    const [lines, memories] = await Promise.all([
      this.#head.vectors(asked),
      this.#head.vectors(candidates.map(({ text }) => singleSpaced(text))),
    ]);
    const heard = used?.other ?? [];
    const own = (used?.own ?? []).filter((aspect) => aspects.includes(aspect));
    const { scores } = await this.#head.run(
      {
        asked: { data: padded(lines, askedLines, dimension), shape: [1, askedLines, dimension] },
        told: {
          data: oneHot(
            Array.from({ length: askedLines }, (_, back) => heard.at(-1 - back)),
            tells,
          ),
          shape: [1, askedLines, tells.length],
        },
        picks: {
          data: oneHot(
            Array.from({ length: picks }, (_, back) => own.at(-1 - back)),
            aspects,
          ),
          shape: [1, picks, aspects.length],
        },
        speaker: { data: Float32Array.of(other === 'supporter' ? 1 : 0), shape: [1] },
        memories: { data: stacked(memories, dimension), shape: [1, candidates.length, dimension] },
        aspects: {
          data: oneHot(
            candidates.map(({ aspect }) => aspect),
            aspects,
          ),
          shape: [1, candidates.length, aspects.length],
        },
      },
      ['scores'],
    );
    return { scores, probabilities: softmax(scores) };
  }

  /** Loads the graph now, so that a broken file is found at start. @throws RapportError RAPPORT_E_MODEL_FILE */
  async warm(): Promise<void> {
    await this.score(
      [{ role: 'seeker', text: 'I am here.' }],
      [{ aspect: 'hobby', text: 'You like chess.' }],
    );
  }
}

/** A row a name; zeros where the name is unknown or missing. */
function oneHot(names: readonly (string | undefined)[], known: readonly string[]): Float32Array {
  const rows = new Float32Array(names.length * known.length);
  for (const [row, name] of names.entries()) {
    const place = name === undefined ? -1 : known.indexOf(name);
    if (place >= 0) rows[row * known.length + place] = 1;
  }
  return rows;
}

function padded(vectors: readonly Float32Array[], rows: number, width: number): Float32Array {
  const all = new Float32Array(rows * width);
  all.set(stacked(vectors, width));
  return all;
}

function softmax(logits: Float32Array | readonly number[]): number[] {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
