import { memoryAspects } from '../../characters/schema.js';
import type { HistoryLine, MemoryCandidate, UsedAspects } from '../../src/memory/memory-selector.js';
import { type Dialogue, lineOf } from './dialogue.js';
import type { Row } from './read-rows.js';

/** One choice to be made again. */
export interface MemoryChoice {
  /** Where it stands in the file; of rows with one history the first. */
  readonly line: number;
  /** Oldest first. */
  readonly history: readonly HistoryLine[];
  readonly candidates: readonly MemoryCandidate[];
  /** Places of the right ones among the candidates. */
  readonly chosen: ReadonlySet<number>;
  /** Who is about to speak. */
  readonly speaker: HistoryLine['role'];
  /** What both sides told of before, where the data say so. */
  readonly used: UsedAspects | null;
}

export interface MemoryChoices {
  readonly choices: readonly MemoryChoice[];
  /** Choices that cannot be made again: the memory is not among the speaker's, or nothing had been said. */
  readonly skipped: number;
}

/** A row of CharacterChat's info selector: one candidate and whether it was the one. */
export interface InfoRow {
  /** `speaker: words speaker: words …` */
  readonly history: string;
  readonly info: string;
  readonly label: number;
}

/** The entry of a line that tells of no memory. */
const untold = 'none';

/** Every turn with a memory, of either side; the candidates are what the persona lists for the speaker. */
export function dialogueChoices(rows: readonly Row<Dialogue>[]): MemoryChoices {
  const aspects = namedAspects(rows.map(({ value }) => value));
  const choices: MemoryChoice[] = [];
  let skipped = 0;
  for (const { line: place, value } of rows) {
    const { turns, persona } = value;
    const history: HistoryLine[] = [];
    const told: Record<HistoryLine['role'], string[]> = { seeker: [], supporter: [] };
    for (const turn of turns) {
      const line = lineOf(turn);
      if (!line) continue;
      const other = line.role === 'seeker' ? 'supporter' : 'seeker';
      if (turn.memory) {
        const content = plain(turn.memory.content);
        const candidates = candidatesOf(persona?.[turn.speaker] ?? [], aspects);
        const chosen = candidates.findIndex(({ text }) => text === content);
        if (chosen < 0 || history.length === 0) skipped += 1;
        else
          choices.push({
            line: place,
            history: [...history],
            candidates,
            chosen: new Set([chosen]),
            speaker: line.role,
            used: {
              own: told[line.role].filter((aspect) => aspect !== untold),
              other: [...told[other]],
            },
          });
      }
      told[line.role].push(turn.memory?.aspect ?? untold);
      history.push(line);
    }
  }
  return { choices, skipped };
}

/** Rows with the same history are the candidates of one choice. Their aspects are not in the file. */
export function infoChoices(rows: readonly Row<InfoRow>[]): MemoryChoices {
  const groups = new Map<string, Row<InfoRow>[]>();
  for (const row of rows) {
    const group = groups.get(row.value.history);
    if (group) group.push(row);
    else groups.set(row.value.history, [row]);
  }
  const choices: MemoryChoice[] = [];
  for (const [text, group] of groups) {
    const history = parseHistory(text);
    const candidates = group.map(({ value }) => ({ aspect: '', text: plain(value.info) }));
    const chosen = new Set(
      [...group.entries()].filter(([, { value }]) => value.label > 0).map(([place]) => place),
    );
    const speaker = history.at(-1)?.role === 'seeker' ? ('supporter' as const) : ('seeker' as const);
    if (history.length > 0 && chosen.size > 0)
      choices.push({ line: group[0]?.line ?? 0, history, candidates, chosen, speaker, used: null });
  }
  return { choices, skipped: groups.size - choices.length };
}

/** Splits `seeker: … supporter: …` at the speakers' names. */
export function parseHistory(text: string): HistoryLine[] {
  return [...text.matchAll(/(?:^|\s)(seeker|supporter):\s*(.*?)(?=\s(?:seeker|supporter):|\s*$)/gs)].map(
    ([, role, words = '']) => ({
      role: role === 'seeker' ? ('seeker' as const) : ('supporter' as const),
      text: words.trim(),
    }),
  );
}

/** Which aspect a memory tells of, as the turns of the whole file name it. */
function namedAspects(dialogues: readonly Dialogue[]): ReadonlyMap<string, string> {
  const aspects = new Map<string, string>();
  for (const { turns } of dialogues)
    for (const { memory } of turns) if (memory) aspects.set(plain(memory.content), memory.aspect);
  return aspects;
}

/** A persona of nine lists the aspects in CharacterChat's order; in a shorter one an aspect nobody named stays unknown. */
function candidatesOf(
  persona: readonly string[],
  aspects: ReadonlyMap<string, string>,
): readonly MemoryCandidate[] {
  const whole = persona.length === memoryAspects.length;
  return persona.map((text, place) => ({
    text: plain(text),
    aspect: aspects.get(plain(text)) ?? (whole ? memoryAspects[place] : undefined) ?? '',
  }));
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
