import type { OffenceKind } from '../care/said/offence.js';
import { maybeOffence } from '../care/said/read-said.js';
import { endedSentences } from '../care/said/sentences.js';

/** What is wrong with a sentence that follows `before`; null where nothing is. */
export type JudgeSentence = (sentence: string, before: string) => OffenceKind | null;

/** Whether a sentence in which this is wrong is left out, and the reply goes on behind it. */
export type LeavesOut = (offence: OffenceKind) => boolean;

/** What may be shown now, and why nothing that follows may. */
export interface Released {
  readonly text: string;
  readonly offence: OffenceKind | null;
}

/** Units of what was said that the next sentence is read with. */
const beforeUnits = 200;
const closed = /[.!?…。！？]["'”’»)\]*_~」』）]*\s*$/;

/**
 * A growing reply of which each sentence is let through once it is judged. A sentence that lets itself be waited for is shown
 * as far as it goes, where nothing in it could become an offence.
 */
export class SpeechWindow {
  readonly #judge: JudgeSentence;
  readonly #leavesOut: LeavesOut;
  /** Sentences that were shown already, by an earlier wording of the reply. */
  readonly #known: readonly string[];
  #before = '';
  /** What of the open sentence is shown. */
  #begun = '';
  #held = '';
  /** Blanks that are shown only if something follows. */
  #blanks = '';

  constructor(judge: JudgeSentence, shown = '', leavesOut: LeavesOut = () => false) {
    const { ended, rest } = endedSentences(shown);
    this.#judge = judge;
    this.#leavesOut = leavesOut;
    this.#known = [...ended, rest].map((sentence) => sentence.trim()).filter(Boolean);
  }

  get isEmpty(): boolean {
    return this.#held === '';
  }

  /** The open sentence is shown in part, so that words without any sign of an offence need not wait. */
  get isOpen(): boolean {
    return this.#begun !== '';
  }

  push(delta: string): Released {
    this.#held += delta;
    return this.#pass(endedSentences(this.#begun + this.#held));
  }

  /** What may be shown of a sentence that is slow to end. @param stalled nothing more is coming for now. */
  advance(stalled: boolean): Released {
    const open = this.#begun + this.#held;
    if (stalled && closed.test(open)) return this.finish();
    if (maybeOffence(open) || this.#known.some((sentence) => sentence.startsWith(open.trim())))
      return { text: '', offence: null };
    const end = stalled ? this.#held.length : this.#held.search(/\s\S*$/) + 1;
    const text = this.#held.slice(0, end);
    this.#begun += text;
    this.#held = this.#held.slice(end);
    return { text: this.#withoutEnd(text), offence: null };
  }

  finish(): Released {
    const open = this.#begun + this.#held;
    return open === '' ? { text: '', offence: null } : this.#pass({ ended: [open], rest: '' });
  }

  #pass({ ended, rest }: { readonly ended: readonly string[]; readonly rest: string }): Released {
    let text = '';
    for (const sentence of ended) {
      const offence = this.#judge(sentence, this.#before);
      if (offence !== null && this.#begun === '' && this.#leavesOut(offence)) continue;
      if (offence !== null) {
        this.#held = '';
        return { text: this.#withoutEnd(text), offence };
      }
      const fresh = sentence.slice(this.#begun.length);
      if (this.#begun !== '' || !this.#known.includes(sentence.trim())) text += fresh;
      this.#before = `${this.#before}${sentence}`.slice(-beforeUnits);
      this.#begun = '';
    }
    this.#held = rest.slice(this.#begun.length);
    return { text: this.#withoutEnd(text), offence: null };
  }

  #withoutEnd(text: string): string {
    const whole = this.#blanks + text;
    const shown = whole.trimEnd();
    this.#blanks = whole.slice(shown.length);
    return shown;
  }
}
