import { type Character, characterSchema } from '../../characters/schema.js';
import { type Clock, systemClock } from '../../src/clock.js';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';
import type { MemorySelector } from '../../src/memory/memory-selector.js';

const rounds = 15;
const worries = [
  'I lost my job last week. I do not know how to pay the rent.',
  'My best friend moved away and I feel alone in this city.',
  'I cannot sleep before exams. My parents expect too much of me.',
];

/** A bank of 1,024: the given characters again and again under new ids. */
export function multipliedBank(characters: readonly Character[], size = 1_024): Character[] {
  const matchable = characters.filter((character) => character.matchable);
  return Array.from({ length: size }, (_, index) =>
    characterSchema.parse({ ...matchable[index % matchable.length], id: `copy-${index}` }),
  );
}

/** Median ms of ranking `bank` for a worry not seen before, encoding included; the bank's vectors are ready. */
export async function match1024Ms(
  scorer: PersonaScorer,
  bank: readonly Character[],
  clock: Clock = systemClock,
): Promise<number> {
  return median(clock, (round) =>
    scorer.rank({ facts: [], worry: `${worries[round % worries.length]} Now ${round}.` }, bank, 3),
  );
}

/** Median ms of choosing among 10 memories whose vectors are cached, encoding of a new last line included. */
export async function select10Ms(
  selector: MemorySelector,
  character: Character,
  clock: Clock = systemClock,
): Promise<number> {
  const candidates = Object.entries(character.memory)
    .map(([aspect, text]) => ({ aspect, text }))
    .slice(0, 10);
  return median(clock, (round) =>
    selector.select(
      [{ role: 'seeker', text: `${worries[round % worries.length]} Then ${round}.` }],
      candidates,
      1,
    ),
  );
}

async function median(clock: Clock, run: (round: number) => Promise<unknown>): Promise<number> {
  await run(-1 + worries.length * 1_000);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = clock.elapsed();
    await run(round);
    times.push(clock.elapsed() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}
