import type { SpokenPiece } from './judged-speech.js';

/** The model says again what it said last. It carries no word of it. */
export class SpeechRepeated extends Error {
  override readonly name = 'SpeechRepeated';
}

/** What is shorter may be said twice: "I hear you. Tell me a little more." Letters and figures. */
const leastUnits = 48;

/**
 * What a model says, held back while it is what the character said last, letter by letter; as soon as it is something else, all of
 * it passes.
 * @param last what was said last; '' where nothing was.
 * @throws SpeechRepeated where it was the same to the end; and what `pieces` throws.
 */
export async function* notAgain(
  pieces: AsyncIterable<SpokenPiece>,
  last: string,
): AsyncGenerator<SpokenPiece> {
  const known = folded(last);
  let held: SpokenPiece[] = [];
  let said = '';
  let isSame = known.length >= leastUnits;
  for await (const piece of pieces) {
    if (!isSame || piece.action !== 'speaking') {
      yield piece;
      continue;
    }
    held.push(piece);
    said += piece.text;
    if (known.startsWith(folded(said))) continue;
    isSame = false;
    yield* held;
    held = [];
  }
  if (held.length === 0) return;
  if (folded(said) === known) throw new SpeechRepeated('the model repeats what it said last');
  yield* held;
}

/** Letters and figures alone, in lower case. */
function folded(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}
