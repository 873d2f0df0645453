import { idFrom } from './id.js';
import { interviewScene } from './interview-scene.js';
import { type Character, characterSchema, memoryAspects, worryAspect } from './schema.js';

type Fields = Readonly<Record<string, unknown>>;

export type InlineCharacter =
  | { readonly character: Character; readonly problems?: undefined }
  | { readonly character?: undefined; readonly problems: readonly string[] };

const personaKeys = ['gender', 'age', 'region', 'tone', 'job', 'personality'] as const;
const aspects: readonly string[] = [...memoryAspects, worryAspect];

/**
 * A character written into a session file or an imported one. Beside our own schema it takes what the files of the research projects hold:
 * CharacterChat's records (`mbti`, `profile`, `profile_trans`, `supporter_statement`), Character-LLM's fields
 * (`short_name`, `loc_time`, `status`) and PersonaGPT's `facts`; snake_case or camelCase. A missing id is made from the
 * name, a missing statement from what else is known. Problems are returned as `path: reason; found value`.
 */
export function inlineCharacter(record: Fields): InlineCharacter {
  const profile = fieldsOf(record.profile);
  const name = first(record, ['name', 'full_name', 'fullName', 'character']) ?? profile.name;
  const persona = personaOf(record, profile);
  const facts = factsOf(record);
  const shortName = first(record, ['shortName', 'short_name', 'short']);
  const own = typeof name === 'string' ? name : '';
  const candidate = {
    ...record,
    id: idFrom(typeof record.id === 'string' || typeof record.id === 'number' ? String(record.id) : own),
    name,
    shortName,
    mbti: upper(first(record, ['mbti', 'MBTI']) ?? profile.mbti),
    persona,
    memory: memoryOf(record, profile),
    supporterStatement:
      first(record, [
        'supporterStatement',
        'supporter_statement',
        'statement',
        'description',
        'persona_statement',
      ]) ?? (typeof record.persona === 'string' ? record.persona : statementFrom(own, persona, facts)),
    seekerStatement: first(record, ['seekerStatement', 'seeker_statement']),
    greeting: record.greeting ?? undefined,
    profile: paragraphsOf(record.profile),
    scene: sceneOf(record, typeof shortName === 'string' ? shortName : (own.split(/\s+/)[0] ?? '')),
    ...(facts.length > 0 && { facts }),
  };
  const parsed = characterSchema.safeParse(candidate);
  if (parsed.success) return { character: parsed.data };
  return {
    problems: parsed.error.issues.map(({ path, message }) => {
      const found = path.reduce<unknown>((node, key) => fieldsOf(node)[String(key)], candidate);
      return `character.${path.map(String).join('.')}: ${message}; found ${shown(found)}`;
    }),
  };
}

/** A value in one short line, for messages about what was found. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function first(record: Fields, keys: readonly string[]): unknown {
  return keys.map((key) => record[key]).find((value) => value !== undefined && value !== null);
}

function upper(value: unknown): unknown {
  return typeof value === 'string' ? value.toUpperCase() : (value ?? undefined);
}

function personaOf(record: Fields, profile: Fields): Record<string, unknown> {
  const given = Array.isArray(record.persona) ? {} : fieldsOf(record.persona);
  const persona: Record<string, unknown> = { ...given };
  for (const key of personaKeys) {
    const value = given[key] ?? record[key] ?? plainText(profile[key]);
    if (value !== undefined && value !== null) persona[key] = value;
  }
  return persona;
}

/** Generated profiles hold lists and objects where texts should be; those are passed over. */
function plainText(value: unknown): string | number | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** The second-person texts of `profile_trans` win over the plain ones. */
function memoryOf(record: Fields, profile: Fields): unknown {
  const given = record.memory ?? record.memories;
  if (given !== undefined && given !== null && !Array.isArray(given)) return given;
  const memory: Record<string, unknown> = {};
  const transformed = fieldsOf(record.profile_trans ?? record.profileTrans);
  for (const aspect of aspects) {
    const value = transformed[aspect] || profile[aspect] || record[aspect];
    if (typeof value === 'string' && value.trim() !== '') memory[aspect] = value;
  }
  for (const item of Array.isArray(given) ? given : []) {
    const { aspect, text } = fieldsOf(item);
    if (typeof aspect === 'string') memory[aspect] = text;
  }
  return memory;
}

function factsOf(record: Fields): string[] {
  const given = [record.facts, record.persona_facts, record.persona].find(Array.isArray);
  return (given ?? []).filter((fact): fact is string => typeof fact === 'string' && fact.trim() !== '');
}

function paragraphsOf(profile: unknown): unknown {
  if (typeof profile === 'string')
    return profile.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '');
  return Array.isArray(profile) ? profile : undefined;
}

function sceneOf(record: Fields, short: string): unknown {
  const scene = fieldsOf(record.scene);
  const location = first({ ...record, ...scene }, ['location', 'loc_time', 'locTime']);
  const status = first({ ...record, ...scene }, ['status', 'setting']);
  const interlocutor = first({ ...record, ...scene }, ['interlocutor']);
  if (location === undefined && status === undefined && interlocutor === undefined) return undefined;
  return {
    location: location ?? interviewScene.location,
    status: status ?? interviewScene.status.replaceAll('{Short}', short),
    interlocutor,
  };
}

function statementFrom(name: string, persona: Fields, facts: readonly string[]): string | undefined {
  if (name === '') return undefined;
  const about =
    facts.length > 0 ? facts : [persona.personality, persona.tone].filter((text) => typeof text === 'string');
  return [`You are ${name}.`, ...about].join(' ');
}
