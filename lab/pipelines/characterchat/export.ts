import { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import { readRows } from '../../evaluation/read-rows.js';
import { seededRandom } from '../engine/item.js';
import type { StepOptions } from '../steps.js';
import { evaluatedSchema, questions } from './evaluate.js';
import {
  base,
  characterSchema,
  type DialogueRecord,
  dialogueSchema,
  type Role,
  roles,
  worry,
} from './records.js';

/** Pairs for dialogues: each character with ten others, drawn by the seed (`dial_input` rows). */
export async function pairs({ in: file, seed }: StepOptions): Promise<object[]> {
  const all = (await readRows(file, characterSchema)).map(({ value }) => value);
  return all.flatMap((seeker) => {
    const random = seededRandom(`${seed}:pairs:${seeker.index}`);
    return all
      .filter((other) => other.index !== seeker.index)
      .map((other) => ({ other, at: random() }))
      .sort((a, b) => a.at - b.at)
      .slice(0, 10)
      .map(({ other }) => [seeker, other]);
  });
}

/** Rows to train on, each `{conversations}` as released. In: `dial_output`; `base`: dialogues of people. */
export async function exportSet(options: StepOptions): Promise<object[]> {
  const { set } = options;
  if (set === 'base') return baseRows(options.in);
  if (set !== 'supporter' && set !== 'seeker' && set !== 'info_selecter' && set !== 'persona_score')
    throw misuse('--set is one of: base, supporter, seeker, info_selecter, persona_score.');
  const dialogues = (await readRows(options.in, dialogueSchema)).map(({ value }) => value);
  if (set === 'persona_score') return scoreRows(dialogues, options);
  const rows =
    set === 'info_selecter' ? dialogues.flatMap(selecterRows) : dialogues.flatMap((d) => talkerRows(d, set));
  return rows.map((conversations) => ({ conversations }));
}

const personSchema = z.union([
  z.looseObject({ turns: z.array(z.looseObject({ speaker: z.string(), text: z.string() })) }),
  z.looseObject({ dialog: z.array(z.looseObject({ speaker: z.string(), content: z.string() })) }),
]);

/** ESConv's own files and rows with `turns`. */
async function baseRows(file: string): Promise<object[]> {
  const rows = await readRows(file, personSchema);
  return rows.map(({ value, place }) => {
    const turns =
      'turns' in value
        ? (value.turns as { speaker: string; text: string }[])
        : (value.dialog as { speaker: string; content: string }[]).map(({ speaker, content }) => ({
            speaker,
            text: content,
          }));
    const conversations = turns.map(({ speaker, text }) => {
      if (!roles.some((role) => role === speaker))
        throw new RapportError('RAPPORT_E_INPUT_INVALID', {
          problems: `${place}: a speaker is neither seeker nor supporter`,
        });
      return { from: speaker, value: text };
    });
    return { conversations };
  });
}

/** One row for each utterance of the role: without the first "Hello", and for the seeker without the supporter's opening. */
function talkerRows({ dial, seeker_info: a, supporter_info: b }: DialogueRecord, role: Role): object[] {
  const first = role === 'seeker' ? 2 : 1;
  const system = { seeker: a.seeker_statement, supporter: b.supporter_statement };
  return dial.flatMap(({ speaker, utterance, choose_info }, at) =>
    at < first || speaker !== role
      ? []
      : [
          {
            system,
            history: dial.slice(first, at).map((turn) => ({ from: turn.speaker, value: turn.utterance })),
            info: choose_info.content,
            utterance,
          },
        ],
  );
}

/** The chosen memory first with label 1, then the speaker's others with 0; turns without a memory have no rows. */
function selecterRows({ dial, seeker_info: a, supporter_info: b }: DialogueRecord): object[] {
  return dial.flatMap(({ speaker, choose_info: { aspect, content } }, at) => {
    if (content === '') return [];
    const history = dial
      .slice(1, at)
      .map((turn) => `${turn.speaker}: ${turn.utterance} `)
      .join('');
    const memories = speaker === 'seeker' ? a.seeker_profile_trans : b.supporter_profile_trans;
    const others = Object.keys(memories).filter(
      (key) =>
        key !== aspect && !base.some((other) => other === key) && !(speaker === 'supporter' && key === worry),
    );
    return [
      { history, info: content, label: 1 },
      ...others.map((key) => ({ history, info: memories[key], label: 0 })),
    ];
  });
}

/** The mean of the three ratings, joined by index. */
async function scoreRows(dialogues: readonly DialogueRecord[], options: StepOptions): Promise<object[]> {
  if (options.with === undefined) throw misuse('--set persona_score needs --with: what evaluate wrote.');
  const rated = new Map(
    (await readRows(options.with, evaluatedSchema)).map(({ value }) => [value.index, value.rating]),
  );
  return dialogues.flatMap(({ index, seeker_info: a, supporter_info: b }) => {
    const rating = rated.get(index);
    if (!rating) return [];
    const sum = questions.reduce((total, key) => total + Number(rating[key]), 0);
    return [
      {
        conversations: {
          seeker_statement: a.seeker_statement,
          supporter_statement: b.supporter_statement,
          rating: sum / questions.length,
        },
      },
    ];
  });
}

function misuse(reason: string): RapportError {
  return new RapportError('RAPPORT_E_USAGE', { reason, command: 'pipeline' });
}
