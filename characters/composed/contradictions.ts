import { type Character, memoryAspects, worryAspect } from '../schema.js';
import type { Chosen } from './compose.js';
import { halves, lifeOf } from './compose.js';
import { article } from './grammar.js';
import { oldestAge, saidOfLife } from './mentions.js';
import { type Life, lifeKeys, type Pool } from './part-schema.js';

/**
 * What in a composed character does not agree: circumstances, ages, years and jobs that its texts tell differently, places that
 * were left open, and articles. Empty where all is well.
 */
export function contradictions(character: Character, chosen: Chosen): string[] {
  const life = lifeOf(chosen.parts);
  const found: string[] = [];
  const age = Number(character.persona.age);
  for (const aspect of [...memoryAspects, worryAspect]) {
    const text = character.memory[aspect] ?? '';
    if (text === '') found.push(`${aspect}: empty`);
    found.push(
      ...against(text, life, halves[aspect as keyof typeof halves][1]).map((what) => `${aspect}: ${what}`),
    );
    if (oldestAge(text) > age) found.push(`${aspect}: tells of an age above ${age}`);
    for (const [year] of text.matchAll(/\b(?:19|20)\d\d\b/g))
      if (Number(year) < chosen.year - age || Number(year) > chosen.year)
        found.push(`${aspect}: ${year} is not in this life`);
  }
  for (const [question, answers] of Object.entries(character.selfAnswers))
    found.push(
      ...answers.flatMap((answer) =>
        against(answer, life, 'growth').map((what) => `says ${question}: ${what}`),
      ),
    );
  found.push(...partsAgainst(chosen, life), ...writing(character));
  return found;
}

function against(text: string, life: Life, pool: Pool): string[] {
  const said = saidOfLife(text, pool);
  return lifeKeys.flatMap((key) => {
    const values: readonly string[] | undefined = said[key];
    const value = life[key];
    return values && value !== undefined && !values.includes(value)
      ? [`${key} is ${value}, not ${values.join(' or ')}`]
      : [];
  });
}

/** What the heads of the parts declare, one against the other. */
function partsAgainst({ parts, age, gender, place }: Chosen, life: Life): string[] {
  const found: string[] = [];
  for (const part of parts) {
    for (const key of lifeKeys) {
      const value = key === 'gender' ? gender : life[key];
      const open = key === 'children' && part.children === 'yes' && value !== 'none';
      if (part[key] !== undefined && value !== undefined && part[key] !== value && !open)
        found.push(`[${part.pool} ${part.id}] ${key}=${part[key]} beside ${value}`);
    }
    if (part.age && (age < part.age[0] || age > part.age[1]))
      found.push(`[${part.pool} ${part.id}] is not for ${age}`);
    if (part.regions && !part.regions.includes('any') && !part.regions.includes(place.area))
      found.push(`[${part.pool} ${part.id}] is not for ${place.area}`);
  }
  if (life.work === 'student' && age > 30) found.push(`a student of ${age}`);
  if (life.work === 'retired' && age < 60) found.push(`retired at ${age}`);
  if (life.children === 'grown' && age < 40) found.push(`grown children at ${age}`);
  if (life.children === 'small' && age > 55) found.push(`small children at ${age}`);
  return found;
}

/** Letters, numbers and words after "a" and "an" whose sound `article` knows. */
const articles = /\b([Aa]n?) ([\p{L}\d][\p{L}\d-]*)/gu;
/** "Vitamin A deficiency", "an" quoted: what follows is no noun. */
const notArticles = /^(?:and|of|in|is|or|as|to|a)$/;

function writing(character: Character): string[] {
  const texts = [
    ...Object.values(character.memory),
    ...Object.values(character.selfAnswers).flat(),
    character.supporterStatement,
    character.seekerStatement ?? '',
    character.greeting,
    character.helpsWith,
    ...Object.values(character.persona).map(String),
  ];
  return texts.flatMap((text) => [
    ...(/[{}]/.test(text) ? [`a slot is open: ${text}`] : []),
    ...(/ {2}|\.\.(?!\.)|,,| ,| \./.test(text) ? [`spacing: ${text}`] : []),
    ...[...text.matchAll(articles)]
      .filter(([, word = '', next = '']) => !notArticles.test(next) && word.toLowerCase() !== article(next))
      .map(([phrase]) => `article: ${phrase}`),
  ]);
}
