/** What encloses the thoughts of one family or another. Compared without regard to case. */
const families: readonly (readonly [open: string, close: string])[] = [
  ['<think>', '</think>'],
  ['<thinking>', '</thinking>'],
  ['<thought>', '</thought>'],
  ['<thoughts>', '</thoughts>'],
  ['<reasoning>', '</reasoning>'],
  ['<seed:think>', '</seed:think>'],
  ['<mm:think>', '</mm:think>'],
  ['[think]', '[/think]'],
  ['◁think▷', '◁/think▷'],
  ['<|begin_of_thought|>', '<|end_of_thought|>'],
  ['<|start_thinking|>', '<|end_thinking|>'],
  ['<unused94>', '<unused95>'],
  ['<|channel>thought', '<channel|>'],
  // Harmony: whatever is said in other channels than the last is not for people.
  ['<|channel|>analysis', '<|channel|>final<|message|>'],
  ['<|channel|>commentary', '<|channel|>final<|message|>'],
];
/** Marks around the answer that go with thoughts. */
const frames = ['<|start|>assistant', '<|start_response|>', '<|end_response|>', '<|return|>'];

type Effect = { readonly kind: 'open'; readonly close: string } | { readonly kind: 'close' | 'frame' };
const marks: readonly (readonly [text: string, effect: Effect])[] = [
  ...families.map(([open, close]) => [open, { kind: 'open', close }] as const),
  ...[...new Set(families.map(([, close]) => close))].map((close) => [close, { kind: 'close' }] as const),
  ...frames.map((frame) => [frame, { kind: 'frame' }] as const),
];
const markStart = /[<[◁]/;
const longestMark = Math.max(...marks.map(([mark]) => mark.length));

/** How a thought begins whose opening mark stood in the template: nobody is answered in these words. */
const thoughtStarts = ['', 'okay, ', 'ok, ', 'alright, ', 'hmm, ', 'so, ', 'well, ']
  .flatMap((before) => [before, `${before}so `])
  .flatMap((before) =>
    ['the user ', "the user's ", 'we need to ', "let's analyze"].map((word) => before + word),
  );
/** Blanks before it included. */
const startLength = 64;
const aboutTheUser = /\bthe user\b/i;

/**
 * Takes the thoughts out of what a reasoning model streams, whichever marks it puts around them and however the text is cut
 * into chunks. Where the template has already opened the thought (vLLM without a reasoning parser), only the closing mark
 * comes: with `holds`, and where the text begins as no answer does, nothing passes before it is clear what it is.
 */
export class ThoughtFilter {
  #pending = '';
  /** So much of what is pending is known to begin no mark. */
  #clean = 0;
  #until: string | null = null;
  /** Text is kept back: it may turn out to be a thought. */
  #holding: boolean;
  #sure: boolean;
  #begun = false;
  #thought = false;
  #unopened = false;

  /** @param holds the model is known, or likely, to begin inside a thought. */
  constructor(holds: boolean) {
    this.#holding = true;
    this.#sure = holds;
  }

  /** A thought was met. */
  get thought(): boolean {
    return this.#thought;
  }
  /** A thought ended that nobody had opened. */
  get unopened(): boolean {
    return this.#unopened;
  }

  /** The server itself keeps thoughts apart from the text: none of it need be held. */
  partedByServer(): void {
    this.#thought = true;
    this.#sure = false;
  }

  /** Takes the next piece and gives back what is meant for people. */
  push(piece: string): string {
    this.#pending += piece;
    let passed = '';
    for (;;) {
      if (this.#until !== null) {
        if (!this.#leave(this.#until)) return passed;
        continue;
      }
      const mark = this.#firstMark();
      if (mark === null) return passed + this.#pass(this.#pending.length - this.#undecided());
      const before = this.#pending.slice(0, mark.index);
      this.#take(mark.index + mark.length);
      if (mark.effect.kind === 'close') {
        if (before.trim() !== '' || this.#begun) {
          this.#thought = true;
          this.#unopened = true;
        }
        this.#holding = false;
      } else {
        if (mark.effect.kind === 'open') {
          this.#thought = true;
          this.#until = mark.effect.close;
        }
        if (before.trim() !== '') passed += this.#released(before);
        else if (this.#begun) passed += before;
        // The model opens its thoughts itself; what follows the first is the answer.
        if (mark.effect.kind === 'open') this.#holding = false;
      }
    }
  }

  /** What was held, once the text is over; `cut` by the length limit it was a thought, if anything says so. */
  finish(cut: boolean): string {
    const rest = this.#take(this.#pending.length);
    if (this.#until !== null) return '';
    if (cut && this.#holding && (this.#sure || aboutTheUser.test(rest))) {
      this.#thought ||= rest !== '';
      return '';
    }
    return rest;
  }

  #pass(length: number): string {
    if (this.#holding && this.#mayBeThought()) return '';
    const text = this.#take(length);
    return text === '' ? '' : this.#released(text);
  }

  #take(length: number): string {
    const text = this.#pending.slice(0, length);
    this.#pending = this.#pending.slice(length);
    this.#clean = 0;
    return text;
  }

  #released(text: string): string {
    this.#holding = false;
    this.#begun = true;
    return text;
  }

  #mayBeThought(): boolean {
    if (this.#sure) return true;
    const start = this.#pending.slice(0, startLength).trimStart().toLowerCase();
    return start === '' || thoughtStarts.some((known) => start.startsWith(known) || known.startsWith(start));
  }

  #leave(close: string): boolean {
    const at = this.#pending.toLowerCase().indexOf(close);
    if (at < 0) {
      this.#take(Math.max(0, this.#pending.length - close.length + 1));
      return false;
    }
    this.#take(at + close.length);
    this.#until = null;
    return true;
  }

  #firstMark(): { readonly index: number; readonly length: number; readonly effect: Effect } | null {
    const from = this.#clean;
    const text = this.#pending.slice(from).toLowerCase();
    let first: { index: number; length: number; effect: Effect } | null = null;
    if (markStart.test(text))
      for (const [mark, effect] of marks) {
        const index = text.indexOf(mark);
        if (index >= 0 && (first === null || from + index < first.index))
          first = { index: from + index, length: mark.length, effect };
      }
    if (first === null) this.#clean = Math.max(0, this.#pending.length - longestMark);
    return first;
  }

  /** Length of the longest tail that a mark begins with. */
  #undecided(): number {
    const text = this.#pending.slice(-longestMark).toLowerCase();
    for (let start = Math.max(0, text.length - longestMark); start < text.length; start += 1) {
      const tail = text.slice(start);
      if (markStart.test(tail[0] ?? '') && marks.some(([mark]) => mark.startsWith(tail))) return tail.length;
    }
    return 0;
  }
}
