import { reasonOf } from '../../config/errors.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../telemetry/logger.js';
import { late, within } from '../within.js';
import { combine, fromOdds, odds } from './combine.js';
import { partsOf } from './reading/quoted.js';
import { withoutMarkup } from './reading/without-markup.js';
import {
  type ContextTurn,
  graver,
  harmless,
  isDanger,
  type Judgement,
  type JudgeOptions,
  type Reading,
  type RiskJudge,
  type RiskReader,
} from './risk-judge.js';
import { answersAQuestion } from './rules/answers.js';
import { readRules } from './rules/read-rules.js';

/** As many turns before a message are read. */
export const contextTurns = 4;

/** How long the trained reader may take, ms. */
const readerMs = 200;

/** From what probability on the turns before may make a message grave that is not grave alone. */
const contextDecides = 0.65;

/** How much of the word a message alone has where the talk before it makes it milder. */
const graversWord = 0.25;

/** Second readings at once; beyond them the first reader's word stands. */
const mostSeconding = 4;

/** The least probability of danger in one of the turns, read alone, that a reading of them together needs. */
const trace = 0.03;

/** A second reader, where the first is unsure. */
export interface Seconded {
  readonly judge: RiskJudge;
  /** From what probability on it is asked, below the threshold. */
  readonly from: number;
  /** How long it may take, ms. */
  readonly timeLimitMs: number;
}

export interface LayeredJudgeOptions {
  /** Null: rules alone. */
  readonly reader: RiskReader | null;
  /** The configured chat model as a judge: asked where the first finds no risk and is unsure of that, and it can only raise. */
  readonly secondReader: Seconded | null;
  /** From what probability on something counts as a risk. */
  readonly threshold: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Asking {
  readonly signal: AbortSignal | undefined;
  readonly mayAskModel: JudgeOptions['mayAskModel'];
}

/** Rules, then the trained reader, then, where it is in doubt, a second one; whatever fails or is late is left out. */
export class LayeredJudge implements RiskJudge {
  readonly #options: LayeredJudgeOptions;
  #failing = false;
  #seconding = 0;

  constructor(options: LayeredJudgeOptions) {
    this.#options = options;
  }

  async judge(said: string, options: JudgeOptions = {}): Promise<Judgement> {
    const message = withoutMarkup(said);
    const { own, others } = partsOf(message);
    if (others === '') return this.#judge(message, options);
    const [whole, mine] = await Promise.all([
      this.#judge(message, options),
      /\p{L}/u.test(own) ? this.#judge(own, options) : harmless,
    ]);
    return isDanger(mine) || !isDanger(whole) ? mine : ofSomebodyElse(whole, others);
  }

  async #judge(
    message: string,
    { context = [], signal, timeLimit = readerMs, mayAskModel }: JudgeOptions,
  ): Promise<Judgement> {
    const { threshold } = this.#options;
    const near = context.slice(-contextTurns).map((turn) => ({ ...turn, text: withoutMarkup(turn.text) }));
    const last = near.at(-1);
    const earlier = near.findLast(({ by }) => by === 'person')?.text ?? '';
    const found = readRules(message, earlier);
    const rules =
      found.statement || last?.by !== 'character'
        ? found
        : (answersAQuestion(last.text, message, near) ?? found);
    const reading = await this.#read(message, near, timeLimit, signal);
    const judged = combine(rules, reading, threshold);
    return reading === null ? judged : this.#seconded(judged, message, near, { signal, mayAskModel });
  }

  /** Nobody whose danger is seen waits for it. */
  async #seconded(
    first: Judgement,
    message: string,
    context: readonly ContextTurn[],
    { signal, mayAskModel = async () => true }: Asking,
  ): Promise<Judgement> {
    const { secondReader, clock } = this.#options;
    if (!secondReader || first.grade !== 'none' || first.probability < secondReader.from) return first;
    if (this.#seconding >= mostSeconding) return first;
    this.#seconding += 1;
    const { judge, timeLimitMs: timeLimit } = secondReader;
    const asked = mayAskModel().then((may) =>
      may ? judge.judge(message, { context, timeLimit, ...(signal && { signal }) }) : first,
    );
    const done = (): void => {
      this.#seconding -= 1;
    };
    asked.then(done, done);
    const second = await within(clock, timeLimit, asked).catch((): typeof late => late);
    return second === late ? first : graver(first, second);
  }

  async #read(
    message: string,
    context: readonly ContextTurn[],
    timeLimit: number,
    signal: AbortSignal | undefined,
  ): Promise<Reading | null> {
    const { reader, clock, logger } = this.#options;
    if (!reader) return null;
    try {
      const reading = await within(clock, timeLimit, readTwice(reader, message, context, signal));
      if (reading === late) return null;
      this.#failing = false;
      return reading;
    } catch (error) {
      if (!this.#failing && !signal?.aborted)
        logger.error(
          { reason: reasonOf(error) },
          'the care reader failed; explicit statements are still found by rules',
        );
      this.#failing = true;
      return null;
    }
  }
}

/** What is a risk only with the words of others in it is theirs, unless it tells of what is done to the writer. */
function ofSomebodyElse(judgement: Judgement, others: string): Judgement {
  const { kind } = judgement;
  if (kind === 'abuse' || kind === 'other') return judgement;
  return { ...judgement, kind: kind === 'violence' && /\byou\b/i.test(others) ? 'abuse' : 'other' };
}

/**
 * Reads a message alone and with the turns before it. What those make of it counts where the reader finds it likelier than not
 * that they tell of danger; a risk that is seen only with them and less surely is left out, for talk about hard things must not
 * turn every "hm" into an alarm. Where they make a message milder they have most of the word, never all; what only the character
 * said before, its greeting, takes nothing from "I want to kill myself".
 */
async function readTwice(
  reader: RiskReader,
  message: string,
  context: readonly ContextTurn[],
  signal: AbortSignal | undefined,
): Promise<Reading> {
  if (context.length === 0) return reader.read(message, context, signal);
  const [alone, inTalk] = await Promise.all([
    reader.read(message, [], signal),
    reader.read(message, context, signal),
  ]);
  if (riskOf(inTalk) <= riskOf(alone) && !context.some(({ by }) => by === 'person')) return alone;
  if (riskOf(inTalk) <= riskOf(alone))
    return riskOf(inTalk) >= contextDecides ? inTalk : between(alone, inTalk);
  if (riskOf(inTalk) < contextDecides) return alone;
  // What is grave only together has a trace of it somewhere: lines alike in a row have none.
  const parts = await Promise.all(context.map(({ text }) => reader.read(text, [], signal)));
  return Math.max(riskOf(alone), ...parts.map(riskOf)) >= trace ? inTalk : alone;
}

/** The graver reading with its risk between both, in log-odds. */
function between(graver: Reading, milder: Reading): Reading {
  const risk = fromOdds(graversWord * odds(riskOf(graver)) + (1 - graversWord) * odds(riskOf(milder)));
  const share = risk / riskOf(graver);
  const [, ...risks] = graver.grades;
  return { ...graver, grades: [1 - risk, ...risks.map((grade) => grade * share)] };
}

function riskOf({ grades: [harmless = 1] }: Reading): number {
  return 1 - harmless;
}
