import { aspectQuestions, idleLines } from '../../src/memory/aspect-questions.js';
import type {
  HistoryLine,
  MemoryCandidate,
  MemorySelection,
  MemorySelector,
  ScoredMemory,
  UsedAspects,
} from '../../src/memory/memory-selector.js';
import { LexicalIndex } from '../../src/text/lexical-index.js';
import type { TextEncoder } from './sentence-encoder.js';
import { cosine } from './vector-matrix.js';

/**
 * What each part counts: the two sentences of the passage that are nearest, the passage as a whole, the three nearest questions of its aspect,
 * and shared words (BM25); fitted on the questions of `lab/data/character-memory`. `habit` is the weight of the log probability that the
 * trained selector gives: the aspect it would tell of by what was told before.
 */
const weights = { sentences: 9.3, passage: 8.1, questions: 12.8, words: 0.9, habit: 0.13 } as const;
/** Below this sum no passage answers. */
const threshold = 9.9;
/** A line this near to small talk, arithmetic and the like calls for no memory. */
const idleFrom = 0.52;
/** The aspect that was told of last is told again only where it is this much ahead: where it is asked about. */
const repeatMargin = 3;
/**
 * A longer message speaks of several things, and its meaning points nowhere in particular: there habit decides, as where two characters talk,
 * which is what it was learned from.
 */
const mostWords = 16;
/** Facts about the person have no aspect of a character. */
const userAspect = 'user';

interface Known {
  readonly questions: ReadonlyMap<string, readonly Float32Array[]>;
  readonly idle: readonly Float32Array[];
}

/**
 * Chooses by meaning first: the passage that answers what was said, by its sentences and by what people ask and tell where its aspect
 * answers; the habit of the trained selector decides between those that answer alike. None where none answers.
 */
export class MeaningFirstSelector implements MemorySelector {
  readonly kind: string;
  readonly #encoder: TextEncoder;
  readonly #habit: MemorySelector;
  #known: Promise<Known> | null = null;

  constructor(encoder: TextEncoder, habit: MemorySelector) {
    this.#encoder = encoder;
    this.#habit = habit;
    this.kind = habit.kind;
  }

  /** Reads the questions now, so that no turn waits for them; what fails is tried again with a turn. */
  warm(): void {
    this.#questions().catch(() => undefined);
  }

  prefetch(line: string): void {
    this.#habit.prefetch?.(line);
  }

  async select(
    history: readonly HistoryLine[],
    candidates: readonly MemoryCandidate[],
    k: number,
    used?: UsedAspects,
  ): Promise<MemorySelection> {
    const line = history.at(-1)?.text.replace(/\s+/g, ' ').trim();
    if (!line || used?.other || candidates.every(({ aspect }) => aspect === userAspect))
      return this.#habit.select(history, candidates, k, used);
    const last = used?.own.at(-1);
    if (line.split(' ').length > mostWords) {
      const { considered, chosen, ...by } = await this.#habit.select(
        history,
        candidates,
        candidates.length,
        used,
      );
      return { ...by, considered, chosen: chosen.filter(({ aspect }) => aspect !== last).slice(0, k) };
    }
    const sentences = candidates.map(({ text }) => sentencesOf(text));
    const [known, [asked], parts, wholes, usual] = await Promise.all([
      this.#questions(),
      this.#encoder.encode([line]),
      this.#encoder.encode(sentences.flat()),
      this.#encoder.encode(candidates.map(({ text }) => text)),
      this.#habit.select(history, candidates, k, used),
    ]);
    if (!asked) return usual;
    const words = new LexicalIndex(candidates.map(({ text }) => text)).scores(line);
    const habit = new Map(usual.considered.map(({ aspect, text, score }) => [`${aspect} ${text}`, score]));
    let from = 0;
    const scored = candidates.map((candidate, place): ScoredMemory => {
      const { aspect, text } = candidate;
      const count = sentences[place]?.length ?? 0;
      const own = parts.slice(from, from + count);
      from += count;
      const whole = wholes[place];
      const score =
        weights.sentences * nearest(asked, own, 2) +
        weights.passage * (whole ? cosine(asked, whole) : 0) +
        weights.questions * nearest(asked, known.questions.get(aspect) ?? own, 3) +
        weights.words * (words[place] ?? 0) +
        weights.habit * Math.log(1e-4 + (habit.get(`${aspect} ${text}`) ?? 0));
      return { aspect, text, score };
    });
    const considered = scored.toSorted((a, b) => b.score - a.score);
    const idle = known.idle.some((vector) => cosine(asked, vector) >= idleFrom);
    const fits = considered.filter(({ score }) => score >= threshold);
    const chosen = idle ? [] : withoutRepeat(fits, considered, last).slice(0, k);
    const share = shareOf(considered);
    return { considered: considered.map(share), chosen: chosen.map(share) };
  }

  async callsForNone(history: readonly HistoryLine[]): Promise<boolean> {
    const last = history.at(-1);
    if (!last) return true;
    const [{ idle }, [line]] = await Promise.all([this.#questions(), this.#encoder.encode([last.text])]);
    return !line || idle.some((vector) => cosine(line, vector) >= idleFrom);
  }

  #questions(): Promise<Known> {
    const loading = this.#known ?? this.#encode();
    this.#known = loading;
    loading.catch(() => {
      this.#known = null;
    });
    return loading;
  }

  /** All at once: what is asked for one after the other would start a thread again that was closed meanwhile. */
  async #encode(): Promise<Known> {
    const aspects = Object.entries(aspectQuestions);
    const texts = [...aspects.flatMap(([, lines]) => lines), ...idleLines];
    const vectors = await this.#encoder.encode(texts, { remember: false, urgent: false });
    let from = 0;
    const next = (count: number): readonly Float32Array[] => {
      from += count;
      return vectors.slice(from - count, from);
    };
    const questions = new Map(aspects.map(([aspect, lines]) => [aspect, next(lines.length)]));
    return { questions, idle: next(idleLines.length) };
  }
}

/** A memory with its share of the probability in place of the sum, for whoever reads "Why this reply?". */
function shareOf(all: readonly ScoredMemory[]): (memory: ScoredMemory) => ScoredMemory {
  const most = all[0]?.score ?? 0;
  const total = all.reduce((sum, { score }) => sum + Math.exp(score - most), 0);
  return (memory) => ({ ...memory, score: Math.exp(memory.score - most) / total });
}

/** Without the aspect that was told of last, unless it is well ahead of all others. */
function withoutRepeat(
  fits: readonly ScoredMemory[],
  considered: readonly ScoredMemory[],
  last: string | undefined,
): readonly ScoredMemory[] {
  const [best] = fits;
  if (!best || best.aspect !== last) return fits.filter(({ aspect }) => aspect !== last);
  const next = considered.find(({ aspect }) => aspect !== last);
  if (!next || best.score - next.score >= repeatMargin) return fits;
  return fits.filter(({ aspect }) => aspect !== last);
}

/** The mean of the `count` highest cosines. */
function nearest(line: Float32Array, vectors: readonly Float32Array[], count: number): number {
  const best = vectors
    .map((vector) => cosine(line, vector))
    .sort((a, b) => b - a)
    .slice(0, count);
  return best.length === 0 ? 0 : best.reduce((sum, value) => sum + value, 0) / best.length;
}

function sentencesOf(text: string): string[] {
  return text.replace(/\s+/g, ' ').match(/\S.*?(?:[.!?;:]+(?=\s|$)|$)/g) ?? [text];
}
