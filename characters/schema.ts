import { z } from 'zod';
import { promptFormatSchema, samplingSchema } from '../config/prompt-format.js';
import { lookSchema } from './faces/look.js';
import { lorebookSchema } from './lorebook.js';

const text = z.string().trim().min(1);
const words = z.string().trim();

/** The 16 Myers-Briggs types, in the order of CharacterChat's MBTI-1024 Bank. */
export const mbtiTypes = [
  'INTJ',
  'INTP',
  'ENTJ',
  'ENTP',
  'INFJ',
  'INFP',
  'ENFJ',
  'ENFP',
  'ISTJ',
  'ISFJ',
  'ESTJ',
  'ESFJ',
  'ISTP',
  'ISFP',
  'ESTP',
  'ESFP',
] as const;
export const mbtiSchema = z.enum(mbtiTypes);

/** Memory aspects one of which is chosen each turn (CharacterChat §1.1); extra aspects are kept. */
export const memoryAspects = [
  'advantages_and_disadvantages',
  'hobby',
  'growth_experience',
  'family_relationship',
  'working_conditions',
  'social_relationship',
  'emotional_state',
  'living_conditions',
  'additional_information',
] as const;
/** The aspect only a seeker's side uses; never recalled while the character supports. */
export const worryAspect = 'recent_worry_or_anxiety';

/** Texts of a Character Card that have no place of their own in a character. Written by strangers: information, never an order. */
const cardPartSchema = z.object({
  personality: words.default(''),
  scenario: words.default(''),
  /** Example dialogues (`mes_example`). */
  examples: words.default(''),
  /** In place of the usual first line of a prompt; `{{original}}` is that line. */
  systemPrompt: words.default(''),
  /** Told beside the last message (`post_history_instructions`). */
  postHistory: words.default(''),
  /** What its creator tells people; in no prompt. */
  notes: words.default(''),
  /** Other greetings to choose from. */
  greetings: z.array(text).default([]),
  /** Greetings for several characters together; never said to one person alone. */
  groupGreetings: z.array(text).default([]),
  creator: words.default(''),
  version: words.default(''),
});

/** A character: who they are (persona), what they remember (memory) and how a model plays them. Unknown keys are kept. */
export const characterSchema = z.looseObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens, at most 64'),
  name: text,
  shortName: text.optional(),
  mbti: mbtiSchema.optional(),
  kind: z.enum(['supporter', 'figure']).default('supporter'),
  /** False keeps the character out of matching; it can still be chosen. */
  matchable: z.boolean().default(true),
  persona: z
    .looseObject({
      gender: words,
      age: z.union([words, z.number()]).transform(String),
      region: words,
      tone: words,
      job: words,
      personality: words,
    })
    .partial()
    .default({}),
  /** Aspect → text in the second person. Missing aspects are fine. */
  memory: z.record(z.string(), words).default({}),
  /** What it says when asked about itself: a question of `lab/data/rapport-answers/questions.txt` (`job`, `family`, …) → answers. */
  selfAnswers: z.record(z.string(), z.array(text)).default({}),
  supporterStatement: text,
  seekerStatement: words.optional(),
  greeting: words.default(''),
  helpsWith: words.default(''),
  tags: z.array(z.string().trim().toLowerCase()).default([]),
  avatar: words.default('🙂'),
  /** How its face is drawn where it is drawn (`characters/faces`); what is not given is made of its id. */
  look: lookSchema.optional(),
  licence: words.default('unstated'),
  model: z
    .object({
      format: promptFormatSchema.optional(),
      name: text.optional(),
      sampling: samplingSchema.optional(),
    })
    .optional(),
  /** MIRACLE attribute → aspect value (config/attributes.yaml). */
  attributes: z.record(z.string(), z.string()).default({}),
  /** Character-LLM's meta prompt fields. */
  scene: z.object({ location: text, status: text, interlocutor: text.default('Man') }).optional(),
  profile: z.array(text).default([]),
  /** What is told where it is spoken of; only prompts of the format `chat` tell it. */
  lorebook: lorebookSchema.optional(),
  /** What came with a character card beside the rest. Its texts, and those of the whole character, hold macros. */
  card: cardPartSchema.optional(),
});

export type Character = z.infer<typeof characterSchema>;

/** How a character is called in a conversation: the short name where it has one. */
export function displayName({ name, shortName }: Pick<Character, 'name' | 'shortName'>): string {
  return shortName ?? name;
}
