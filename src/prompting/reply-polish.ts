/** What a reply may show beside its words. */
export interface PolishRules {
  /** Emoji in one reply at most. */
  readonly maxEmoji: number;
  /** Whether `*smiles warmly*` stays. */
  readonly stageDirections: boolean;
}

/** A pictograph, and what may stand behind one and belong to it. */
const pictograph = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const belongs = /[\u200d\ufe0f\u20e3\u{e0020}-\u{e007f}]|\p{Emoji_Modifier}/u;
/** Half a flag: two of them are one picture. */
const halfFlag = /\p{Regional_Indicator}/u;
const joiner = '\u200d';
/** Digits and signs that Unicode counts among the pictographs, and marks that are text to people. */
const plain = /[\d#*©®™↔-↪]/u;
/** Longest stage direction, UTF-16 units; what is longer between two stars is emphasis, or none at all. */
const longestDirection = 120;

/**
 * The last hand on a reply as it streams: emoji beyond a bound go, and stage directions where they are not wanted.
 * What it yields never depends on how the text was cut, but for when.
 */
export class ReplyPolish {
  readonly #rules: PolishRules;
  #emoji = 0;
  /** The last pictograph was left out: what belongs to it goes with it. */
  #dropping = false;
  #joins = false;
  /** The last sign was the first half of a flag. */
  #flag = false;
  /** From a star on, which may begin a stage direction. */
  #held = '';
  /** The end of what was shown. */
  #lastShown = '';

  constructor(rules: PolishRules) {
    this.#rules = rules;
  }

  push(text: string): string {
    const clean = this.#withFewEmoji(text);
    return this.#rules.stageDirections ? clean : this.#withoutDirections(clean, false);
  }

  finish(): string {
    return this.#rules.stageDirections ? '' : this.#withoutDirections('', true);
  }

  #withFewEmoji(text: string): string {
    let kept = '';
    for (const char of text) {
      if (belongs.test(char)) {
        if (!this.#dropping) kept += char;
        this.#joins = char === joiner;
        this.#flag = false;
        continue;
      }
      if (pictograph.test(char) && !plain.test(char)) {
        const ends = this.#flag && halfFlag.test(char);
        this.#flag = !ends && halfFlag.test(char);
        if (!this.#joins && !ends) {
          this.#emoji += 1;
          this.#dropping = this.#emoji > this.#rules.maxEmoji;
        }
        if (!this.#dropping) kept += char;
        this.#joins = false;
        continue;
      }
      this.#dropping = false;
      this.#joins = false;
      this.#flag = false;
      kept += char;
    }
    return kept;
  }

  #withoutDirections(text: string, final: boolean): string {
    this.#held += text;
    let shown = '';
    for (;;) {
      const at = this.#held.search(/(?<!\*)\*(?![*\s])/);
      if (at < 0) {
        // What stars at the end mean is known once something follows them.
        const end = final ? this.#held.length : this.#held.replace(/\*+$/, '').length;
        return this.#show(shown + this.#take(end));
      }
      const before = this.#held.slice(0, at);
      const rest = this.#held.slice(at + 1);
      const close = rest.search(/[*\n]/);
      if (close < 0 && rest.length <= longestDirection && !final) {
        shown += this.#take(at);
        return this.#show(shown);
      }
      const isDirection =
        close > 0 &&
        close <= longestDirection &&
        rest[close] === '*' &&
        rest[close + 1] !== '*' &&
        standsAlone(this.#lastShown + shown + before);
      shown += this.#take(at);
      if (isDirection) this.#take(close + 2);
      else shown += this.#take(1);
    }
  }

  #take(length: number): string {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return text;
  }

  #show(text: string): string {
    if (text !== '') this.#lastShown = (this.#lastShown + text).slice(-40);
    return text;
  }
}

/** Emphasis of a word in a sentence stays; a direction stands at the beginning, behind a sentence, or on a line of its own. */
function standsAlone(before: string): boolean {
  const trimmed = before.replace(/[ \t]+$/, '');
  return trimmed === '' || /[\n.!?…"”’')*]$/.test(trimmed);
}
