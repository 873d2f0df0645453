import type {
  HistoryLine,
  MemoryCandidate,
  MemorySelection,
  MemorySelector,
  ScoredMemory,
} from '../../src/memory/memory-selector.js';
import type { AspectPhrases } from './aspect-phrases.js';
import type { TextEncoder } from './sentence-encoder.js';
import { cosine } from './vector-matrix.js';

/**
 * Weights of the history's lines, last first. The last line alone did best on 984 choices of the CharacterChat
 * dialogues (top-1 .343; with the line before it .290), so earlier lines count nothing by default.
 */
export const defaultRecency: readonly number[] = [1];

export interface EncoderMemorySelectorOptions {
  readonly encoder: TextEncoder;
  readonly phrases: AspectPhrases;
  readonly recency?: readonly number[];
}

interface AspectVectors {
  readonly name: Float32Array;
  readonly phrase: Float32Array;
  readonly examples: readonly Float32Array[];
}

interface PhraseVectors {
  readonly aspects: ReadonlyMap<string, AspectVectors>;
  readonly smallTalk: readonly Float32Array[];
}

/**
 * Chooses memories by the zero-shot formula of the encoder's card: the last line against the aspect's name, a phrase and
 * examples for it, and the memory's own text. Small talk calls for no memory.
 */
export class EncoderMemorySelector implements MemorySelector {
  readonly kind = 'encoder';
  readonly #encoder: TextEncoder;
  readonly #phrases: AspectPhrases;
  readonly #recency: readonly number[];
  #known: Promise<PhraseVectors> | null = null;

  constructor({ encoder, phrases, recency = defaultRecency }: EncoderMemorySelectorOptions) {
    this.#encoder = encoder;
    this.#phrases = phrases;
    this.#recency = recency;
  }

  /** The vector of the line is on its way while the message is still being recorded. */
  prefetch(line: string): void {
    this.#encoder.encode([line]).catch(() => undefined);
  }

  async select(
    history: readonly HistoryLine[],
    candidates: readonly MemoryCandidate[],
    k: number,
  ): Promise<MemorySelection> {
    const lines = history
      .slice(-this.#recency.length)
      .map(({ text }) => text)
      .reverse();
    const [{ aspects, smallTalk }, lineVectors, texts] = await Promise.all([
      this.#aspects(),
      this.#encoder.encode(lines),
      this.#encoder.encode(candidates.map(({ text }) => text)),
    ]);
    const { threshold, textThreshold, smallTalkLimit } = this.#phrases;
    const scored = candidates.map((candidate, index) => {
      const known = aspects.get(candidate.aspect);
      const text = texts[index];
      const score = text ? this.#overLines(lineVectors, (line) => this.#score(line, known, text)) : 0;
      return { ...candidate, score, needed: known ? threshold : textThreshold };
    });
    scored.sort((a, b) => b.score / b.needed - a.score / a.needed);
    const idle = isSmallTalk(lineVectors[0], smallTalk, smallTalkLimit);
    return {
      considered: scored.map(plain),
      chosen: idle
        ? []
        : scored
            .filter(({ score, needed }) => score >= needed)
            .slice(0, k)
            .map(plain),
    };
  }

  async callsForNone(history: readonly HistoryLine[]): Promise<boolean> {
    const last = history.at(-1);
    if (!last) return true;
    const [{ smallTalk }, [line]] = await Promise.all([this.#aspects(), this.#encoder.encode([last.text])]);
    return isSmallTalk(line, smallTalk, this.#phrases.smallTalkLimit);
  }

  #score(line: Float32Array, aspect: AspectVectors | undefined, text: Float32Array): number {
    if (!aspect) return cosine(line, text);
    const { weights } = this.#phrases;
    const examples = aspect.examples.reduce((sum, example) => sum + cosine(line, example), 0);
    return (
      (weights.name * cosine(line, aspect.name) +
        weights.phrase * cosine(line, aspect.phrase) +
        (weights.examples * examples) / aspect.examples.length +
        weights.text * cosine(line, text)) /
      (weights.name + weights.phrase + weights.examples + weights.text)
    );
  }

  #overLines(lines: readonly Float32Array[], score: (line: Float32Array) => number): number {
    let sum = 0;
    let total = 0;
    for (const [index, line] of lines.entries()) {
      const weight = this.#recency[index] ?? 0;
      sum += weight * score(line);
      total += weight;
    }
    return total > 0 ? sum / total : 0;
  }

  #aspects(): Promise<PhraseVectors> {
    const loading = this.#known ?? this.#encodePhrases();
    this.#known = loading;
    loading.catch(() => {
      this.#known = null;
    });
    return loading;
  }

  async #encodePhrases(): Promise<PhraseVectors> {
    const encode = (texts: readonly string[]): Promise<Float32Array[]> =>
      this.#encoder.encode(texts, { remember: false });
    const aspects = new Map<string, AspectVectors>();
    for (const [aspect, { name, phrase, examples }] of Object.entries(this.#phrases.aspects)) {
      const [nameVector, phraseVector, ...rest] = await encode([name, phrase, ...examples]);
      if (nameVector && phraseVector)
        aspects.set(aspect, { name: nameVector, phrase: phraseVector, examples: rest });
    }
    return { aspects, smallTalk: await encode(this.#phrases.smallTalk) };
  }
}

function isSmallTalk(
  line: Float32Array | undefined,
  phrases: readonly Float32Array[],
  limit: number,
): boolean {
  return !line || phrases.some((phrase) => cosine(line, phrase) >= limit);
}

function plain({ aspect, text, score }: ScoredMemory): ScoredMemory {
  return { aspect, text, score };
}
