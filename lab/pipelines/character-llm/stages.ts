import { z } from 'zod';
import { loadPrompt } from '../engine/prompt.js';
import { type Stage, Unreadable } from '../engine/stage.js';
import { type Scene, type ScriptedScene, scenesIn, scriptIn } from './read.js';

const prompts = {
  scene: loadPrompt('character-llm', 'scene'),
  experience: loadPrompt('character-llm', 'experience'),
  protective: loadPrompt('character-llm', 'protective'),
};
const long = { maxTokens: 4000, temperature: 0.7 };

const paragraphSchema = z.looseObject({
  gen_answer_id: z.int().min(0),
  character: z.string(),
  name: z.string(),
  profile: z.string(),
});
type Paragraph = z.infer<typeof paragraphSchema>;
type SceneAnswers = Pick<Paragraph, 'gen_answer_id' | 'character' | 'name' | 'profile'> & {
  readonly completions: string;
  readonly check_result: true;
};

/** Scenes of a paragraph (Character-LLM): the answer as it came, in the released runner's fields. */
export const scenes: Stage<Paragraph, SceneAnswers> = {
  name: 'character-llm/scenes',
  input: paragraphSchema,
  idOf: ({ gen_answer_id }) => String(gen_answer_id),
  idOfResult: ({ gen_answer_id }) => String(gen_answer_id),
  usual: { calls: 1, tokensIn: 350, tokensOut: 1500 },
  version: prompts.scene.version,
  run: async ({ gen_answer_id, character, name, profile }, scope) => ({
    gen_answer_id,
    character,
    name,
    profile,
    completions: await scope.askFor(
      [{ role: 'user', content: prompts.scene.fill({ name, profile }) }],
      long,
      (answer) =>
        scenesIn(answer).length > 0
          ? answer
          : new Unreadable('there is no block with Type, Location and Background'),
    ),
    check_result: true,
  }),
};

const sceneSchema = z.looseObject({
  source: z.string(),
  character: z.string(),
  name: z.string(),
  profile: z.string(),
  type: z.string(),
  location: z.string(),
  background: z.string(),
});
type SceneRow = z.infer<typeof sceneSchema>;

export interface Experience extends ScriptedScene, Omit<Scene, 'type'> {
  readonly source: string;
}

/** What was said and thought in a scene. */
export const experiences: Stage<SceneRow, Experience> = {
  name: 'character-llm/experiences',
  input: sceneSchema,
  idOf: ({ source }) => source.replace(/^seed_scene_/, 'seed_dialogue_'),
  idOfResult: ({ source }) => source,
  usual: { calls: 1, tokensIn: 500, tokensOut: 1800 },
  version: prompts.experience.version,
  run: async ({ source, character, name, profile, type, location, background }, scope) => {
    const content = prompts.experience.fill({ character, name, profile, type, location, background });
    const script = await scope.askFor([{ role: 'user', content }], long, reading(character));
    return { ...script, location, background, source: source.replace(/^seed_scene_/, 'seed_dialogue_') };
  },
};

const strangers = ['Lily', 'Miles', 'Noor', 'Tomas', 'Aiko', 'Ben', 'Zuri', 'Ines', 'Ravi', 'Freya'];

/** Scenes in which somebody tries to make the character say what it cannot know. */
export const protective: Stage<Paragraph, Experience> = {
  name: 'character-llm/protective',
  input: paragraphSchema,
  idOf: ({ gen_answer_id }) => `seed_hallucination_${gen_answer_id}`,
  idOfResult: ({ source }) => source,
  usual: { calls: 1, tokensIn: 400, tokensOut: 1800 },
  version: prompts.protective.version,
  run: async ({ gen_answer_id, character, name, profile }, scope) => {
    const stranger = strangers[Math.floor(scope.random() * strangers.length)] ?? 'Lily';
    const content = prompts.protective.fill({ character, name, profile, stranger });
    const script = await scope.askFor([{ role: 'user', content }], long, reading(character));
    const source = `seed_hallucination_${gen_answer_id}`;
    return { ...script, location: 'A room', background: script.setting[0] ?? '', source };
  },
};

function reading(main: string): (answer: string) => ScriptedScene | Unreadable {
  return (answer) => {
    const script = scriptIn(answer, main);
    return typeof script === 'string' ? new Unreadable(script) : script;
  };
}
