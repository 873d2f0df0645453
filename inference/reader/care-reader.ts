import type { ContextTurn, Reading, RiskReader } from '../../src/care/risk-judge.js';
import { RecentMap } from '../../src/recent-map.js';
import type { Reader } from './reader.js';

/** Turns before the message that the head was taught to read. */
const contextTurns = 4;
/** UTF-16 units read of a message, of its beginning and its end, and of each turn before it. */
const headUnits = 1_000;
const tailUnits = 3_000;
const contextUnits = 300;
/** Readings kept: a message is often judged again with its turn. */
const capacity = 512;

/**
 * The trained reader of the care judge: the head `care` (`models/care`) of the reader. It knows fifteen languages.
 * A long message is read in parts, and the gravest reading counts.
 */
export class CareReader implements RiskReader {
  readonly #reader: Reader;
  readonly #recent = new RecentMap<string, Promise<Reading>>(capacity);

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** Loads the weights now rather than at the first message. @throws RapportError RAPPORT_E_MODEL_FILE */
  async warm(): Promise<void> {
    await this.read('hello', []);
  }

  /** @throws RapportError RAPPORT_E_MODEL_FILE | RAPPORT_E_MODEL_UNAVAILABLE */
  async read(message: string, context: readonly ContextTurn[]): Promise<Reading> {
    const before = context
      .slice(-contextTurns)
      .map(({ by, text }) => `${by === 'character' ? 'B: ' : ''}${text.slice(-contextUnits)}`)
      .join(' / ');
    return this.#read(bounded(message.trim()), before);
  }

  #read(text: string, context: string): Promise<Reading> {
    const key = `${context}\u0000${text}`;
    const known = this.#recent.get(key);
    if (known) return known;
    const reading = this.#reader.read(text, context);
    this.#recent.set(key, reading);
    reading.catch(() => this.#recent.delete(key));
    return reading;
  }
}

function bounded(text: string): string {
  return text.length <= headUnits + tailUnits
    ? text
    : `${text.slice(0, headUnits)} … ${text.slice(-tailUnits)}`.toWellFormed();
}
