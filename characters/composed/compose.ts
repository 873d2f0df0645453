import { idFrom } from '../id.js';
import { type Character, worryAspect } from '../schema.js';
import { type Choice, columns } from './choices.js';
import { emblemOf } from './emblems.js';
import { article, capital, fill, secondPerson, sentence, small } from './grammar.js';
import { greetingOf } from './greetings.js';
import type { Life, Part, Pool } from './part-schema.js';
import type { Parts } from './read-parts.js';
import type { Region } from './regions.js';
import { hashOf, seeded, shuffled } from './seeded.js';
import { selfAnswersOf } from './self-answers.js';

/** Each aspect of a memory, made of two parts. */
export const halves = {
  advantages_and_disadvantages: ['strength', 'weakness'],
  hobby: ['hobby', 'hobby2'],
  growth_experience: ['origin', 'growth'],
  family_relationship: ['family', 'family2'],
  working_conditions: ['job', 'job2'],
  social_relationship: ['circle', 'friend2'],
  emotional_state: ['state', 'habit'],
  living_conditions: ['home', 'place'],
  additional_information: ['quirk', 'quirk'],
  [worryAspect]: ['worry', 'worry2'],
} as const satisfies Readonly<Record<string, readonly [Pool, Pool]>>;

/** Themes on a match card. */
const mostTags = 7;

/** A character's choice with the parts it names. */
export interface Chosen extends Omit<Choice, 'parts'> {
  readonly region: string;
  readonly place: Region;
  /** In the order of `columns`. */
  readonly parts: readonly Part[];
  readonly year: number;
}

/** Looks parts up by pool and id. @throws Error naming a part that is missing. */
export function partFinder(parts: Parts): (pool: Pool, id: string) => Part {
  const byKey = new Map(
    Object.values(parts).flatMap((all) => all.map((part) => [`${part.pool} ${part.id}`, part])),
  );
  return (pool, id) => {
    const part = byKey.get(`${pool} ${id}`);
    if (!part) throw new Error(`there is no part [${pool} ${id}]`);
    return part;
  };
}

/** All that the parts tell of a life. */
export function lifeOf(parts: readonly Part[]): Life {
  const life: Record<string, string> = {};
  const settled = ['partner', 'children', 'siblings', 'parents', 'pet', 'income', 'lives', 'work'] as const;
  // The family comes first: where it leaves the age of children open, another part may not close it.
  for (const part of parts)
    for (const key of settled) {
      const value = part[key];
      if (value !== undefined) life[key] ??= value;
    }
  return life;
}

export function nameOf({ given, surname, place }: Pick<Chosen, 'given' | 'surname' | 'place'>): string {
  return place.familyFirst ? `${surname} ${given}` : `${given} ${surname}`;
}

/**
 * The character of a choice. What is long (memories, answers, statements) is put together when it is read, so that a bank of
 * 1,024 is loaded quickly and holds little more than its parts.
 */
export function compose(chosen: Chosen): Character {
  const { mbti, gender, age, place, given, town, parts } = chosen;
  const name = nameOf(chosen);
  const id = idFrom(name);
  const of = (pool: Pool): Part => parts[columns.indexOf(pool)] as Part;
  const told = memoryTexts(chosen);
  const growth = of('growth');
  const tags = [
    ...new Set([growth, of('job'), of('family'), of('state')].flatMap((part) => part.tags)),
  ].slice(0, mostTags);
  const person = { name, given, age, town, country: place.in };
  const whose = `a ${age}-year-old`.replace(/^a/, article(String(age)));
  const opening = `You are ${name}, ${whose} ${gender === 'f' ? 'woman' : 'man'} from ${town}, ${capitalised(place.in)}.`;
  const work = `You are ${of('job').sum}`;
  const voice = `Your way of talking: ${small(told(of('tone')))}`;
  const emblem = emblemOf(id, [of('hobby'), of('hobby2'), of('job')]);
  const life = lifeOf(parts);
  let memory: Character['memory'] | null = null;
  return {
    id,
    name,
    shortName: given,
    mbti,
    kind: 'supporter',
    matchable: true,
    persona: {
      gender: gender === 'f' ? 'female' : 'male',
      age: String(age),
      region: `${town}, ${capitalised(place.in)}`,
      tone: `${told(of('tone'))} ${told(of('saying'))}`,
      job: capital(of('job').title ?? ''),
      personality: pairOf(parts, 'personality')
        .map((part) => told(part))
        .join(' '),
    },
    get memory() {
      memory ??= Object.fromEntries(
        Object.entries(halves).map(([aspect, [first, second]]) => [
          aspect,
          (first === second ? pairOf(parts, first) : [of(first), of(second)])
            .map((part) => told(part))
            .join(' '),
        ]),
      );
      return memory;
    },
    get selfAnswers() {
      return selfAnswersOf(person, life, parts, told, emblem);
    },
    get supporterStatement() {
      return `${opening} ${work} who ${of('hobby').sum} and who has ${growth.sum}. You ${secondPerson(sentence(growth.helps))} ${voice}`;
    },
    get seekerStatement() {
      return `${opening} ${work} who ${of('hobby').sum}. ${told(of('worry'))} ${voice}`;
    },
    get greeting() {
      return greetingOf(id, person, of('job').sum);
    },
    helpsWith: `Has ${growth.sum}; ${sentence(growth.helps)}`,
    tags,
    avatar: emblem,
    licence: 'CC-BY-4.0',
    attributes: {},
    profile: [],
  };
}

/** Both parts of a pool that comes twice. */
function pairOf(parts: readonly Part[], pool: Pool): readonly Part[] {
  return parts.filter((_, column) => columns[column] === pool);
}

const capitalised = (country: string): string => country.replace(/^the /, '');

/**
 * The texts of a person's parts with their slots filled. Whoever is named in them is another person each time: first names of
 * the region in an order that belongs to this character, the same each time it is composed.
 */
function memoryTexts({
  parts,
  place,
  given,
  surname,
  town,
  year,
}: Chosen): (part: Part, text?: string) => string {
  let names: Map<string, string> | null = null;
  const named = (): Map<string, string> => {
    const next = seeded(hashOf(`${given} ${surname} ${town}`));
    const free = (all: readonly string[]): string[] =>
      shuffled(
        all.filter((name) => name !== given),
        next,
      );
    const left = { m: free(place.male), w: free(place.female.filter((name) => !place.male.includes(name))) };
    const found = new Map<string, string>();
    for (const part of parts)
      for (const [, slot = ''] of [part.text, ...part.say.map(([, text]) => text)]
        .join(' ')
        .matchAll(/\{((?:wo)?man2?)\}/g)) {
        const key = `${part.pool} ${part.id} ${slot}`;
        const kind = slot.startsWith('w') ? left.w : left.m;
        if (!found.has(key)) found.set(key, kind.shift() ?? given);
      }
    return found;
  };
  return (part, text = part.text) =>
    fill(text, (slot) => {
      if (slot === 'town') return town;
      if (slot === 'region') return place.in;
      if (slot.startsWith('year:')) return String(year + Number(slot.slice('year:'.length)));
      names ??= named();
      return names.get(`${part.pool} ${part.id} ${slot}`) ?? given;
    });
}
