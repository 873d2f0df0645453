import { z } from 'zod';
import { inlineCharacter, shown } from '../../characters/inline-character.js';
import type { Character } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { type PromptFormatName, promptFormatSchema } from '../../config/prompt-format.js';
import type { StrategyTable } from '../../config/strategies.js';
import type { PromptInput } from './prompt-input.js';

const words = z.string('a text');
const memory = z.strictObject({ aspect: words.min(1), text: words });

/** What a session file may name. */
export interface SessionFileNames {
  /** A character of the bank, by its id. */
  readonly lookup: (id: string) => Character | undefined;
  readonly strategies: StrategyTable['strategies'];
}

/** A conversation in a file, for `rapport prompt`; docs/session-file.md describes it. */
export const sessionFileSchema = z.strictObject({
  character: z.union(
    [words.min(1), z.record(z.string(), z.unknown())],
    'a character id or a character object',
  ),
  format: promptFormatSchema.nullish(),
  /** The side the model plays. */
  role: z.enum(['supporter', 'seeker']).nullish(),
  shared: z.boolean().nullish(),
  seeker: z
    .strictObject({ name: words.nullish(), statement: words.nullish(), facts: z.array(words).nullish() })
    .nullish(),
  turns: z.array(
    z.strictObject({
      speaker: z.enum(['seeker', 'supporter']),
      text: words,
      action: z.enum(['speaking', 'thinking']).nullish(),
      name: words.nullish(),
    }),
  ),
  memory: z.union([memory, z.array(memory)], 'an object {aspect, text} or a list of them').nullish(),
  /** What day it is, and how long ago the person last wrote; only `chat` tells it. */
  today: words.nullish(),
  lastWrote: words.nullish(),
  lore: z
    .array(z.union([words, z.strictObject({ text: words, place: z.enum(['before', 'after', 'near']) })]))
    .nullish(),
  /** What was said before the turns, in short; only `chat` tells it. */
  summary: words.nullish(),
  /** What was said before the turns and comes back; only `chat` tells it. */
  earlier: z
    .array(
      z.strictObject({
        speaker: z.enum(['seeker', 'supporter']),
        text: words,
        after: words.nullish(),
        when: words.min(1),
      }),
    )
    .nullish(),
  goal: words.nullish(),
  strategy: z
    .union(
      [words.min(1), z.strictObject({ label: words.min(1), motivation: words.nullish() })],
      'a strategy label or {label, motivation}',
    )
    .nullish(),
  attributes: z.record(z.string(), words).nullish(),
});

export type SessionFile = z.infer<typeof sessionFileSchema>;

export interface ReadSession {
  readonly input: PromptInput;
  /** As the file says; null where it leaves the choice to the character's route. */
  readonly format: PromptFormatName | null;
}

/**
 * Checks the content of a session file and turns it into what a prompt is made of.
 * @throws RapportError RAPPORT_E_INPUT_INVALID naming every problem with its path, what is allowed and what was found;
 *   RAPPORT_E_CHARACTER_UNKNOWN for an id that the bank does not have.
 */
export function readSession(value: unknown, { lookup, strategies }: SessionFileNames): ReadSession {
  const parsed = sessionFileSchema.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => describe(issue, value)));
  const file = parsed.data;
  const input: PromptInput = {
    character: characterOf(file.character, lookup),
    role: file.role ?? undefined,
    seeker: {
      name: file.seeker?.name ?? undefined,
      statement: file.seeker?.statement ?? undefined,
      facts: file.seeker?.facts ?? [],
    },
    turns: file.turns.map(({ speaker, text, action, name }) => ({
      speaker,
      text,
      action: action ?? undefined,
      name: name ?? undefined,
    })),
    memories: file.memory ? [file.memory].flat() : [],
    today: file.today?.trim() || undefined,
    lastWrote: file.lastWrote?.trim() || undefined,
    lore: file.lore ?? undefined,
    summary: file.summary?.trim() || undefined,
    earlier: file.earlier?.map(({ after, ...said }) => ({ ...said, after: after ?? undefined })),
    goal: file.goal?.trim() || undefined,
    strategy: strategyOf(file.strategy, strategies),
    attributes: file.attributes ?? undefined,
    shared: file.shared ?? false,
  };
  return { input, format: file.format ?? null };
}

function characterOf(
  given: SessionFile['character'],
  lookup: (id: string) => Character | undefined,
): Character {
  if (typeof given === 'string') {
    const known = lookup(given);
    if (!known) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: given });
    return known;
  }
  const { character, problems } = inlineCharacter(given);
  if (!character) throw invalid(problems);
  return character;
}

/** A known strategy by any of its names, with its usual motivation; other labels stay as they are. */
function strategyOf(
  given: SessionFile['strategy'],
  strategies: SessionFileNames['strategies'],
): PromptInput['strategy'] {
  if (!given) return undefined;
  const { label, motivation } = typeof given === 'string' ? { label: given, motivation: undefined } : given;
  const plain = label.replace(/^\[|\]$/g, '').trim();
  const known = strategies.find((row) =>
    [row.label, ...row.aliases].some((name) => name.toLowerCase() === plain.toLowerCase()),
  );
  return { label: known?.label ?? plain, motivation: motivation ?? known?.motivation ?? '' };
}

function describe(issue: z.core.$ZodIssue, value: unknown): string {
  const at = issue.path.map(String);
  const found = at.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[key] : undefined,
    value,
  );
  const allowed =
    issue.code === 'unrecognized_keys'
      ? `unknown key ${issue.keys.map((key) => `"${key}"`).join(', ')}; docs/session-file.md lists the known ones`
      : issue.message;
  return `${at.join('.') || '(top level)'}: ${allowed}; found ${shown(found)}`;
}

function invalid(problems: readonly string[]): RapportError {
  return new RapportError('RAPPORT_E_INPUT_INVALID', { problems: problems.join('\n  ') });
}
