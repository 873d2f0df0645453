import { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import { metaPrompt } from '../../../src/prompting/character-llm.js';
import { seededRandom } from '../engine/item.js';
import type { StepOptions } from '../steps.js';
import { readObjects, readProfile, type SpokenTurn, scenesIn } from './read.js';

/** Prompts for scenes that a profile is repeated to (Character-LLM). */
const scenePrompts = 100;

/** Paragraphs of a profile; with `--set scenes` repeated to a hundred, the rest drawn by their length. */
export async function paragraphs(options: StepOptions): Promise<object[]> {
  const character = needed(options, 'character');
  const { name, paragraphs: found } = readProfile(options.in);
  if (found.length === 0)
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', {
      file: options.in,
      reason: 'there is no paragraph below the name',
    });
  const texts = [...found];
  if (options.set === 'scenes') {
    for (let n = Math.floor(scenePrompts / found.length); n > 1; n -= 1) texts.push(...found);
    const random = seededRandom(`${options.seed}:paragraphs:${character}`);
    const all = found.reduce((sum, { length }) => sum + length, 0);
    while (texts.length < scenePrompts) {
      let left = random() * all;
      let at = 0;
      while (at < found.length - 1 && left >= (found[at]?.length ?? 0)) {
        left -= found[at]?.length ?? 0;
        at += 1;
      }
      texts.push(found[at] ?? '');
    }
  }
  return texts.map((profile, gen_answer_id) => ({ gen_answer_id, character, name, profile }));
}

const answersSchema = z.array(
  z.looseObject({
    gen_answer_id: z.number(),
    completions: z.string(),
    check_result: z.boolean(),
    profile: z.string().default(''),
    character: z.string().optional(),
    name: z.string().optional(),
  }),
);

/** A row for each scene of what `scenes` wrote, or of the released runner's file; failed records are left out. */
export async function sceneList(options: StepOptions): Promise<object[]> {
  const answers = checked(answersSchema, options.in);
  return answers
    .filter(({ check_result }) => check_result)
    .flatMap(({ gen_answer_id, completions, profile, ...row }) => {
      const character = row.character ?? needed(options, 'character');
      const name = row.name ?? needed(options, 'name');
      return scenesIn(completions).map((scene, at) => ({
        ...scene,
        source: `seed_scene_${gen_answer_id}_c${at + 1}`,
        profile,
        character,
        name,
      }));
    });
}

const experiencesSchema = z.array(
  z.looseObject({
    setting: z.array(z.string()).min(1),
    dialogue: z.array(z.looseObject({ role: z.string(), action: z.string(), content: z.string() })).min(1),
    location: z.string(),
    source: z.string(),
  }),
);

/** Training text of Character-LLM, `{prompt, output, source}`: scenes, then the protective ones of `--with`. */
export async function exportText(options: StepOptions): Promise<object[]> {
  const character = needed(options, 'character');
  const name = needed(options, 'name');
  const prompt = (loc_time: string, status: string): string => {
    const values: Readonly<Record<string, string>> = { character: name, loc_time, status };
    return `${metaPrompt.replace(/\{(\w+)\}/g, (place, key: string) => values[key] ?? place)}\n\n`;
  };
  const lived = checked(experiencesSchema, options.in).map(({ setting, dialogue, location, source }) => ({
    prompt: prompt(location, setting[0] ?? ''),
    output: serialised(
      dialogue.map(({ role, action, content }) => ({
        role,
        content,
        action: action === '(thinking)' ? action : '(speaking)',
      })),
    ),
    source,
  }));
  if (options.with === undefined) return lived;
  const guarded = checked(experiencesSchema, options.with).map(({ dialogue, source }) => ({
    prompt: prompt('A room', `${character} is chatting with a person.`),
    output: serialised(dialogue.map(({ role, content }) => ({ role, content, action: '(speaking)' }))),
    source,
  }));
  return [...lived, ...guarded];
}

/** Turns of one speaker and action in a row are one; each ends with the mark that is text, not a token. */
function serialised(turns: readonly SpokenTurn[]): string {
  const joined: SpokenTurn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last && last.role === turn.role && last.action === turn.action)
      joined[joined.length - 1] = { ...last, content: `${last.content}\n${turn.content}` };
    else joined.push(turn);
  }
  return joined.map(({ role, action, content }) => `${role} ${action}: ${content}<|eot|>`).join('\n');
}

function checked<T>(schema: z.ZodType<T>, file: string): T {
  const read = schema.safeParse(readObjects(file));
  if (read.success) return read.data;
  const problems = read.error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`);
  throw new RapportError('RAPPORT_E_INPUT_INVALID', { problems: problems.join('\n') });
}

function needed(options: StepOptions, name: 'character' | 'name'): string {
  const value = options[name];
  if (value !== undefined) return value;
  const which = name === 'character' ? 'short' : 'full';
  throw new RapportError('RAPPORT_E_USAGE', {
    reason: `This step needs --${name}: the character's ${which} name.`,
    command: 'pipeline',
  });
}
