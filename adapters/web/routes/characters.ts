import { Hono } from 'hono';
import { z } from 'zod';
import { memoryAspects, worryAspect } from '../../../characters/schema.js';
import { RapportError } from '../../../config/errors.js';
import { pageQuery, validated } from '../bodies.js';
import { characterCard } from '../views.js';
import type { WebServices } from '../web-services.js';

const query = pageQuery.extend({
  q: z.string().max(200).default(''),
  tag: z.string().max(60).default(''),
  mbti: z.string().max(4).default(''),
});

/** The gallery: list, search and one character. */
export function characterRoutes({ bank }: WebServices): Hono {
  return new Hono()
    .get('/', (context) => {
      const { q, tag, mbti, limit, offset } = validated(query, context.req.query());
      const found = bank
        .search(q)
        .filter(
          (character) =>
            (tag === '' || character.tags.includes(tag.toLowerCase())) &&
            (mbti === '' || character.mbti === mbti.toUpperCase()),
        );
      return context.json({
        total: found.length,
        characters: found.slice(offset, offset + limit).map(characterCard),
      });
    })
    .get('/:id', (context) => {
      const id = context.req.param('id');
      const character = bank.get(id);
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
      });
    });
}
