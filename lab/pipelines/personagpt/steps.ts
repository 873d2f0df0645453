import { readFileSync } from 'node:fs';
import { RapportError, reasonOf } from '../../../config/errors.js';
import type { StepOptions, Steps } from '../steps.js';

const end = '<|endoftext|>';
/** Utterances of a dialogue that become items (PersonaGPT). */
const mostTurns = 20;

interface PersonaDialogue {
  readonly your: string[];
  readonly partner: string[];
  readonly lines: string[];
}

/**
 * Dialogues of a Persona-Chat text file (`*_both_original_no_cands.txt`); numbers that begin again begin a dialogue, and the end of the
 * file ends the last. Candidates behind the two lines are passed over.
 */
export function personaDialogues(text: string): PersonaDialogue[] {
  const found: PersonaDialogue[] = [];
  let before = Infinity;
  for (const line of text.split(/\r?\n/)) {
    const [, digits, rest = ''] = /^(\d+) (.*)$/.exec(line) ?? [];
    if (digits === undefined) continue;
    if (Number(digits) <= before) found.push({ your: [], partner: [], lines: [] });
    before = Number(digits);
    const dialogue = found.at(-1);
    const fact = /^(your persona|partner's persona): (.*)$/.exec(rest);
    if (fact) (fact[1] === 'your persona' ? dialogue?.your : dialogue?.partner)?.push((fact[2] ?? '').trim());
    else
      dialogue?.lines.push(
        ...rest
          .split('\t')
          .slice(0, 2)
          .map((words) => words.trim())
          .filter((words) => words !== ''),
      );
  }
  return found;
}

/** One item for each utterance: the persona of who speaks and what was said, then the utterance with one end. */
export function itemsOf({ your, partner, lines }: PersonaDialogue): { x: string; y: string }[] {
  const silent = lines[0] === '__SILENCE__';
  const said = (silent ? lines.slice(1) : lines).slice(0, mostTurns);
  const [first, second] = silent ? [your, partner] : [partner, your];
  return said.map((utterance, turn) => {
    const facts = (turn % 2 === 0 ? first : second).map((fact) => `${fact}${end}`).join('');
    const persona = `<|p${(turn % 2) + 1}|>${facts}<|sep|>`;
    const history = said
      .slice(0, turn)
      .map((words) => `${words}${end}`)
      .join('');
    return turn === 0
      ? { x: persona, y: `<|start|>${utterance}${end}` }
      : { x: `${persona}<|start|>${history}`, y: `${utterance}${end}` };
  });
}

/** Persona-Chat text to items to train on, `{dialogue, turn, x, y}`. @throws RapportError RAPPORT_E_FILE_UNREADABLE */
async function preprocess({ in: file }: StepOptions): Promise<object[]> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(thrown) });
  }
  const found = personaDialogues(text);
  if (found.length === 0)
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', {
      file,
      reason: 'there are no numbered lines of Persona-Chat in it',
    });
  return found.flatMap((dialogue, at) =>
    itemsOf(dialogue).map((item, turn) => ({ dialogue: at, turn, ...item })),
  );
}

export const personagpt: Steps = { preprocess: { rows: preprocess } };
