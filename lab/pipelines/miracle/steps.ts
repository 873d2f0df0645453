import { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import { readRows } from '../../evaluation/read-rows.js';
import { loadPrompt } from '../engine/prompt.js';
import { type Stage, Unreadable } from '../engine/stage.js';
import type { StepOptions, Steps } from '../steps.js';

const prompt = loadPrompt('miracle', 'dialogue');

/** How somebody of a style is; every style has its words (MIRACLE's keys). */
const sketches: Readonly<Record<string, string>> = {
  plain: 'plain-spoken: short everyday words, no ornament',
  lyrical: 'lyrical: pictures, rhythm, an eye for beauty',
  optimistic: 'optimistic: sure that things turn out well',
  pessimistic: 'pessimistic: sure that things turn out badly',
  critical: 'critical: weighs reasons, doubts, looks for what is wrong',
  emotional: 'emotional: speaks from feelings, warm and easily moved',
  polite: 'polite: considerate and well-mannered',
  conscientious: 'conscientious: careful, exact and dutiful',
  careless: 'careless: sloppy, quick, not bothered',
};

/** The three attributes with their aspects 0 and 1, in the order of a test row's tag. */
const attributes = [
  ['plain', 'lyrical'],
  ['pessimistic', 'optimistic'],
  ['emotional', 'critical'],
] as const;

/** One style, or one aspect of each attribute joined by ";". */
export const styleNames: readonly string[] = [
  ...Object.keys(sketches),
  ...attributes[0].flatMap((l) => attributes[1].flatMap((a) => attributes[2].map((m) => `${l};${a};${m}`))),
];

const topicSchema = z.looseObject({ topics: z.string().min(1), style: z.enum(styleNames) });
type Topic = z.infer<typeof topicSchema>;
const conversationSchema = topicSchema.extend({ conversation: z.string() });
type Conversation = z.infer<typeof conversationSchema>;

/** A conversation in which one side keeps a style (MIRACLE). */
const dialogues: Stage<Topic, Conversation> = {
  name: 'miracle/dialogues',
  input: topicSchema,
  idOf: ({ style, topics }) => `${style} ${topics}`,
  idOfResult: ({ style, topics }) => `${style} ${topics}`,
  usual: { calls: 1, tokensIn: 200, tokensOut: 500 },
  version: prompt.version,
  run: async (row, scope) => {
    const describe = row.style
      .split(';')
      .map((name) => sketches[name] ?? name)
      .join('; ');
    const content = prompt.fill({ topic: row.topics, describe });
    const options = { maxTokens: 1500, temperature: 1 };
    const turns = await scope.askFor([{ role: 'user', content }], options, (answer) => {
      const found = exchangesIn(answer);
      if (found.length < 4) return new Unreadable('at least four questions with their answers are wanted');
      const long = found.some(({ answer }) => answer.split(/\s+/).length > 60);
      return long ? new Unreadable('an answer has more than 60 words') : found;
    });
    const conversation = turns
      .map(({ question, answer }) => `[PersonA]: ${question}\n[PersonB]: ${answer}`)
      .join('\n');
    return { ...row, conversation };
  },
};

/** Questions with their answers; lines of one person in a row are one, and whatever has no answer is left out. */
export function exchangesIn(text: string): { readonly question: string; readonly answer: string }[] {
  const said: { by: string; text: string }[] = [];
  for (const line of text.split('\n')) {
    const found = /^\W*\[?Person ?([AB])\]?\**\s*:\s*(.*)$/i.exec(line);
    const last = said.at(-1);
    const by = found?.[1]?.toUpperCase() ?? last?.by;
    const words = (found?.[2] ?? line).trim();
    if (by === undefined || words === '') continue;
    if (last?.by === by) last.text += ` ${words}`;
    else said.push({ by, text: words });
  }
  return said.flatMap(({ by, text: question }, at) => {
    const next = said[at + 1];
    return by === 'A' && next ? [{ question, answer: next.text }] : [];
  });
}

/** A row for each prefix, `{input, output, personas, tag}`: the tag is an aspect, or three for a style of three. */
async function format({ in: file }: StepOptions): Promise<object[]> {
  const rows = await readRows(file, conversationSchema);
  return rows.flatMap(({ value: { topics, style, conversation }, place }) => {
    const tag = tagOf(style);
    if (tag === null)
      throw new RapportError('RAPPORT_E_INPUT_INVALID', {
        problems: `${place}: the style "${style}" belongs to no attribute, so there is no tag for it`,
      });
    const turns = exchangesIn(conversation);
    return turns.map((_, at) => ({
      input: turns.slice(0, at + 1).map(({ question }) => question),
      output: turns.slice(0, at + 1).map(({ answer }) => answer),
      personas: topics,
      tag,
    }));
  });
}

function tagOf(style: string): number | number[] | null {
  const tags = style.split(';').map((name) => attributes.flat().indexOf(name as never));
  if (tags.some((at) => at < 0)) return null;
  const aspects = tags.map((at) => at % 2);
  return aspects.length === 1 ? (aspects[0] ?? null) : aspects;
}

export const miracle: Steps = { dialogues: { stage: dialogues }, format: { rows: format } };
