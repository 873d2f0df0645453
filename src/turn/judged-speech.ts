import type { OffenceKind } from '../care/said/offence.js';
import type { Clock } from '../clock.js';
import { late, within } from '../within.js';
import { type JudgeSentence, type LeavesOut, SpeechWindow } from './speech-window.js';

/** A piece of what a model says or thinks. */
export interface SpokenPiece {
  readonly action: 'speaking' | 'thinking';
  readonly text: string;
}

/** The model was about to say what must not be said. It carries no word of it. */
export class SpeechWithheld extends Error {
  override readonly name = 'SpeechWithheld';

  constructor(
    readonly kind: OffenceKind,
    /** A part of the sentence is shown. */
    readonly begun: boolean,
  ) {
    super(`a sentence was withheld: ${kind}`);
  }
}

/** A sentence that does not end is looked at after so long, ms: longer nobody's first words are kept back. */
const holdMs = 250;

/**
 * What a model says, a judged sentence at a time; thoughts pass.
 * @param shown what an earlier wording of the reply has shown: it is not said again.
 * @param leavesOut asked of every sentence that must not be said and of which nothing is shown.
 * @throws SpeechWithheld at the first sentence that must not be said and is not left out; the model is stopped then. And what `pieces` throws, once
 * what had come before is judged and yielded.
 */
export async function* judgedSpeech(
  pieces: AsyncIterable<SpokenPiece>,
  judge: JudgeSentence,
  clock: Clock,
  shown: string,
  leavesOut: LeavesOut = () => false,
): AsyncGenerator<SpokenPiece> {
  const window = new SpeechWindow(judge, shown, leavesOut);
  const iterator = pieces[Symbol.asyncIterator]();
  let since = clock.elapsed();
  let last = since;
  let ended = false;
  let failed: { readonly error: unknown } | null = null;
  let next: Promise<IteratorResult<SpokenPiece>> | null = null;
  try {
    while (!ended) {
      next ??= iterator.next();
      next.catch(() => undefined);
      const come = await until(next, window.isEmpty ? null : since + holdMs, clock);
      const now = clock.elapsed();
      let released = { text: '', offence: null as OffenceKind | null };
      if (come === late) {
        released = window.advance(now - last >= holdMs);
        since = now;
      } else if ('error' in come) {
        failed = come;
        ended = true;
        released = window.finish();
      } else if (come.done) {
        ended = true;
        released = window.finish();
      } else {
        next = null;
        last = now;
        if (come.value.action === 'thinking') {
          yield come.value;
          continue;
        }
        if (window.isEmpty) since = now;
        released = window.push(come.value.text);
        if (released.offence === null && released.text === '' && window.isOpen)
          released = window.advance(false);
        if (released.text !== '') since = now;
      }
      const begun = window.isOpen;
      if (released.text !== '') yield { action: 'speaking', text: released.text };
      if (released.offence !== null) throw new SpeechWithheld(released.offence, begun);
    }
    if (failed) throw failed.error;
  } finally {
    // What the model still says nobody will read. It may not answer before its stream is aborted, so nobody waits for it.
    if (!ended) void iterator.return?.().catch(() => undefined);
  }
}

type Come = IteratorResult<SpokenPiece> | { readonly error: unknown } | typeof late;

async function until(
  next: Promise<IteratorResult<SpokenPiece>>,
  at: number | null,
  clock: Clock,
): Promise<Come> {
  try {
    if (at === null) return await next;
    return await within(clock, Math.max(0, at - clock.elapsed()), next);
  } catch (error) {
    return { error };
  }
}
