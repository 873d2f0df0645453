import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { CharacterBank } from '../../../characters/bank.js';
import { bankFor } from '../../../characters/choice.js';
import { greetingsFor } from '../../../characters/played.js';
import { type Character, memoryAspects, worryAspect } from '../../../characters/schema.js';
import { RapportError } from '../../../config/errors.js';
import { bringCharacter, removeCharacter } from '../../../src/commands/own-characters.js';
import { pageQuery, validated } from '../bodies.js';
import { personOf } from '../protection.js';
import { characterCard } from '../views.js';
import type { WebServices } from '../web-services.js';

const query = pageQuery.extend({
  q: z.string().max(200).default(''),
  tag: z.string().max(60).default(''),
  mbti: z.string().max(4).default(''),
});

/** The gallery: list, search and one character; a person's own among them, how they come in and go. */
export function characterRoutes(services: WebServices): Hono {
  const { bank, random } = services;
  const seenBy = (context: Context): CharacterBank => bankFor(bank, personOf(context, random));
  return new Hono()
    .get('/', (context) => {
      const { q, tag, mbti, limit, offset } = validated(query, context.req.query());
      const seen = seenBy(context);
      const found = seen
        .search(q)
        .filter(
          (character) =>
            (tag === '' || character.tags.includes(tag.toLowerCase())) &&
            (mbti === '' || character.mbti === mbti.toUpperCase()),
        );
      return context.json({
        total: found.length,
        characters: found.slice(offset, offset + limit).map(characterCard),
        ...(offset === 0 && { tags: frequentTags(seen.all) }),
      });
    })
    .post('/import', async (context) => {
      const bytes = new Uint8Array(await context.req.arrayBuffer());
      const name = nameOf(context.req.header('x-file-name') ?? '');
      const bringing = { place: 'page' as const, person: personOf(context, random) };
      const { character, warnings } = await bringCharacter(services, bringing, { name, bytes });
      return context.json({ id: character.id, name: character.name, warnings }, 201);
    })
    .delete('/:id', (context) => {
      const id = context.req.param('id');
      if (!removeCharacter(services, personOf(context, random), id))
        throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id });
      return context.json({ removed: true });
    })
    .get('/:id', (context) => {
      const id = context.req.param('id');
      const character = seenBy(context).get(id);
      if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id });
      const shown: readonly string[] = memoryAspects;
      const aspects = Object.keys(character.memory).filter(
        (aspect) => aspect !== worryAspect && shown.includes(aspect),
      );
      return context.json({
        ...characterCard(character),
        aspects,
        licence: character.licence,
        profile: character.profile,
        greetings: greetingsFor(character, { user: '', seed: id }),
        notes: character.card?.notes ?? '',
        own: bank.ownerOf(id) !== null,
      });
    });
}

/** Tags to filter by, of all characters, most frequent first. */
function frequentTags(characters: readonly Character[]): string[] {
  const counts = new Map<string, number>();
  for (const { tags } of characters) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .slice(0, mostTags)
    .map(([tag]) => tag);
}

const mostTags = 100;

/** A header holds letters of ASCII alone. */
function nameOf(header: string): string {
  try {
    return decodeURIComponent(header).slice(0, 200);
  } catch {
    return '';
  }
}
