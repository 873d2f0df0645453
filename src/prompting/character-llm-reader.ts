import type { Action } from './prompt-input.js';
import { type CleaningRules, type StreamCleaner, TextCleaner } from './stream-cleaner.js';

/** How long a word in the header may be before the text counts as headless. */
const headerUnits = 40;

interface Header {
  readonly action: Action;
  readonly text: string;
}

/**
 * Reads what a Character-LLM checkpoint writes after `Name (`: `speaking): …` or `thinking): …`. Nothing is yielded
 * until the header is read; only the FIRST `: ` separates. Extra or missing brackets and a missing header are borne:
 * text without a header is speech.
 */
export class CharacterLlmReader implements StreamCleaner {
  readonly #cleaner: TextCleaner;
  #head: string | null = '';
  #read: Action | null = null;

  constructor(rules: CleaningRules) {
    this.#cleaner = new TextCleaner(rules);
  }

  get action(): Action | null {
    return this.#read;
  }

  get ended(): boolean {
    return this.#cleaner.ended;
  }

  push(delta: string): string {
    if (this.#head === null) return this.#cleaner.push(delta);
    this.#head += delta;
    return this.#open(false);
  }

  finish(): string {
    return (this.#head === null ? '' : this.#open(true)) + this.#cleaner.finish();
  }

  #open(final: boolean): string {
    const header = readHeader(this.#head ?? '', final);
    if (header === null) return '';
    this.#head = null;
    this.#read = header.action;
    return this.#cleaner.push(header.text);
  }
}

/** Splits header and text; null while more is needed to tell. */
function readHeader(raw: string, final: boolean): Header | null {
  const text = raw.replace(/^[\s(]+/, '');
  const word = /^[a-z]*/i.exec(text)?.[0] ?? '';
  if (/^(?:speaking|thinking)$/i.test(word)) {
    const after = text.slice(word.length);
    const brackets = /^[\s)]*/.exec(after)?.[0] ?? '';
    if (brackets.length === after.length && !final) return null;
    const colon = after[brackets.length] === ':';
    if (colon || brackets.includes(')'))
      return { action: actionOf(word), text: after.slice(brackets.length + (colon ? 1 : 0)) };
    return { action: 'speaking', text: raw };
  }
  const other = /^([^():\n]{1,40})\)\s*/.exec(text);
  if (other) {
    if (other[0].length === text.length && !final) return null;
    return { action: actionOf(other[1] ?? ''), text: text.slice(other[0].length).replace(/^:/, '') };
  }
  const undecided = text.length <= headerUnits && /^[^():\n]*$/.test(text);
  return undecided && !final ? null : { action: 'speaking', text: raw };
}

function actionOf(word: string): Action {
  return /think/i.test(word) ? 'thinking' : 'speaking';
}
