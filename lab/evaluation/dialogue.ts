import { z } from 'zod';
import type { HistoryLine } from '../../src/memory/memory-selector.js';
import { invalidRows, type Row } from './read-rows.js';

const turnSchema = z.looseObject({
  speaker: z.string().min(1),
  text: z.string(),
  memory: z.looseObject({ aspect: z.string().min(1), content: z.string() }).nullish(),
  strategy_magic: z.string().min(1).nullish(),
});

/** One dialogue a line; keys that no task uses are let be. */
export const dialogueSchema = z.looseObject({
  split: z.string().nullish(),
  /** By speaker: what they are and remember. */
  persona: z.record(z.string(), z.array(z.string())).nullish(),
  turns: z.array(turnSchema).min(1),
});

export type Dialogue = z.infer<typeof dialogueSchema>;
export type DialogueTurn = z.infer<typeof turnSchema>;

/**
 * The dialogues of one split.
 * @throws RapportError RAPPORT_E_INPUT_INVALID where there is none.
 */
export function ofSplit<T extends { readonly split?: string | null | undefined }>(
  rows: readonly Row<T>[],
  split: string | undefined,
): Row<T>[] {
  const kept = rows.filter(({ value }) => split === undefined || value.split === split);
  if (kept.length > 0) return kept;
  const known = [...new Set(rows.map(({ value }) => value.split ?? 'none'))].join(', ');
  throw invalidRows([`no row has the split "${split}"; there are: ${known}`]);
}

/** The line of a turn; null for speakers other than a seeker and a supporter. */
export function lineOf({ speaker, text }: DialogueTurn): HistoryLine | null {
  return speaker === 'seeker' || speaker === 'supporter' ? { role: speaker, text } : null;
}

/** A supporter's turn that answers a seeker's, as every turn of the bot does. */
export interface AnsweredTurn {
  /** Oldest first, neighbouring lines of one speaker joined; the last one is the seeker's. */
  readonly history: readonly HistoryLine[];
  readonly turn: DialogueTurn;
  /** The supporter's turns before, oldest first, also those that answer nobody. */
  readonly earlier: readonly DialogueTurn[];
}

/** Every supporter turn that follows a seeker's; what the supporter adds before the seeker writes again is not one. */
export function answeredTurns({ turns }: Dialogue): AnsweredTurn[] {
  const history: HistoryLine[] = [];
  const answered: AnsweredTurn[] = [];
  const earlier: DialogueTurn[] = [];
  for (const turn of turns) {
    const line = lineOf(turn);
    if (!line) continue;
    const last = history.at(-1);
    if (line.role === 'supporter' && last?.role === 'seeker')
      answered.push({ history: [...history], turn, earlier: [...earlier] });
    if (line.role === 'supporter') earlier.push(turn);
    if (last?.role === line.role)
      history.splice(-1, 1, { role: line.role, text: `${last.text}\n${line.text}` });
    else history.push(line);
  }
  return answered;
}
