import { z } from 'zod';
import { readRows } from '../../evaluation/read-rows.js';
import { loadPrompt } from '../engine/prompt.js';
import { type Stage, Unreadable } from '../engine/stage.js';
import type { StepOptions, Steps } from '../steps.js';
import { motivationIn, type Strategy, strategies, strategyOf } from './strategies.js';

const hindsight = loadPrompt('magic', 'motivation');
const instruction = loadPrompt('magic', 'instruction');
const form = 'The motivation of the supporter in choosing the strategy [';
const mostWords = 40;

const dialogueSchema = z.looseObject({
  id: z.string(),
  turns: z.array(
    z.looseObject({
      speaker: z.enum(['seeker', 'supporter']),
      text: z.string(),
      strategy: z.string().optional(),
    }),
  ),
});
type Dialogue = z.infer<typeof dialogueSchema>;

const motivatedSchema = dialogueSchema.extend({
  motivations: z.array(
    z.object({ turn: z.int().min(0), strategy: z.enum(strategies), motivation: z.string() }),
  ),
});
type Motivated = z.infer<typeof motivatedSchema>;

/** Why each reply was given, told in hindsight (MAGIC): by the turn's number, so that a missing one shifts nothing. */
const motivations: Stage<Dialogue, Motivated> = {
  name: 'magic/motivations',
  input: dialogueSchema,
  idOf: ({ id }) => id,
  idOfResult: ({ id }) => id,
  usual: { calls: 11, tokensIn: 600, tokensOut: 45 },
  version: hindsight.version,
  run: async (row, scope) => {
    const found: Motivated['motivations'] = [];
    for (const [turn, { speaker, strategy: name = '' }] of row.turns.entries()) {
      const strategy = speaker === 'supporter' ? strategyOf(name) : null;
      if (!strategy) continue;
      const content = hindsight.fill({
        strategies: listed(),
        strategy,
        dialogue: numbered(row.turns.slice(0, turn + 1), { marked: true }),
      });
      const options = { maxTokens: 150, temperature: 0.7 };
      const motivation = await scope.askFor([{ role: 'user', content }], options, (answer) =>
        fitting(answer, strategy),
      );
      found.push({ turn, strategy, motivation });
    }
    return { ...row, motivations: found };
  },
};

function fitting(answer: string, strategy: Strategy): string | Unreadable {
  const read = motivationIn(answer);
  if (read instanceof Unreadable) return read;
  if (read.strategy !== strategy) return new Unreadable(`the strategy is [${strategy}]`);
  if (!read.motivation.startsWith(form))
    return new Unreadable(`it does not begin with "Motivation: ${form}${strategy}] is to"`);
  const reason = read.motivation.slice(read.motivation.indexOf(']')).split(/\s+/).length;
  return reason > mostWords
    ? new Unreadable(`the reason is longer than ${mostWords} words`)
    : read.motivation;
}

/** Rows to train on, `{instruction, output}`: the context without the reply, and the motivation that names the strategy. */
async function exportRows({ in: file }: StepOptions): Promise<object[]> {
  const rows = await readRows(file, motivatedSchema);
  return rows.flatMap(({ value: { turns, motivations: found } }) =>
    found
      .filter(({ turn }) => turn > 0)
      .map(({ turn, motivation }) => ({
        instruction: instruction.fill({
          strategies: listed(),
          dialogue: numbered(turns.slice(0, turn), { marked: false }),
        }),
        output: motivation,
      })),
  );
}

function listed(): string {
  return strategies.map((name) => `[${name}]`).join(', ');
}

/** `(n) Seeker: …`, `(n) Supporter: … [Strategy]`; the last reply's strategy stands between stars where it is asked about. */
function numbered(turns: Dialogue['turns'], { marked }: { readonly marked: boolean }): string {
  return turns
    .map(({ speaker, text, strategy = '' }, at) => {
      const name = strategyOf(strategy);
      const star = marked && at === turns.length - 1 ? '***' : '';
      const label = speaker === 'supporter' && name ? ` ${star}[${name}]${star}` : '';
      return `(${at + 1}) ${speaker === 'seeker' ? 'Seeker' : 'Supporter'}: ${text}${label}`;
    })
    .join('\n');
}

export const magic: Steps = { motivations: { stage: motivations }, export: { rows: exportRows } };
