import { Hono } from 'hono';
import { z } from 'zod';
import { mbtiSchema } from '../../../characters/schema.js';
import { RapportError } from '../../../config/errors.js';
import type { PersonId } from '../../../src/ids.js';
import type { Profile, SeekerPersona } from '../../../src/memory/profile.js';
import { personOf } from '../identity.js';
import { bodyOf } from '../request-body.js';
import type { WebServices } from '../web-services.js';

export const personaSchema = z.strictObject({
  name: z.string().trim().max(80).optional(),
  facts: z.array(z.string().trim().max(300)).max(20).default([]),
  mbti: z.union([mbtiSchema, z.literal('')]).optional(),
  worry: z.string().trim().max(2_000).optional(),
});

/** Empty fields of a form are no fields. */
export function cleanPersona({ name, facts, mbti, worry }: z.infer<typeof personaSchema>): SeekerPersona {
  return {
    facts: facts.filter(Boolean),
    ...(name && { name }),
    ...(mbti && { mbti }),
    ...(worry && { worry }),
  };
}

/** Saves who a person is and keeps the rest of their profile. */
export async function savePersona(
  person: PersonId,
  persona: SeekerPersona,
  { store, clock }: WebServices,
): Promise<Profile> {
  const now = clock.now();
  const known = await store.people.profile(person);
  const profile: Profile = {
    personId: person,
    paused: known?.paused ?? false,
    createdAt: known?.createdAt ?? now,
    updatedAt: now,
    persona,
  };
  await store.people.saveProfile(profile);
  return profile;
}

/** A person's own data: persona, remembered facts, pause, export, erase. */
export function meRoutes(services: WebServices): Hono {
  const { store, clock, random, config, sessions, locale } = services;
  return new Hono()
    .get('/', async (context) => {
      const profile = await store.people.profile(personOf(context, random));
      return context.json({ persona: profile?.persona ?? { facts: [] }, paused: profile?.paused ?? false });
    })
    .put('/', async (context) => {
      const { persona } = await bodyOf(context, z.strictObject({ persona: personaSchema }));
      const profile = await savePersona(personOf(context, random), cleanPersona(persona), services);
      return context.json({ persona: profile.persona, paused: profile.paused });
    })
    .put('/paused', async (context) => {
      const { paused } = await bodyOf(context, z.strictObject({ paused: z.boolean() }));
      const person = personOf(context, random);
      const now = clock.now();
      const known = await store.people.profile(person);
      await store.people.saveProfile({
        personId: person,
        persona: known?.persona ?? { facts: [] },
        createdAt: known?.createdAt ?? now,
        updatedAt: now,
        paused,
      });
      return context.json({ paused });
    })
    .get('/memories', async (context) =>
      context.json({
        memories: (await store.people.memories(personOf(context, random))).map(({ id, text, at }) => ({
          id,
          text,
          at,
        })),
      }),
    )
    .post('/memories', async (context) => {
      const { text } = await bodyOf(context, z.strictObject({ text: z.string().trim().min(1).max(500) }));
      const person = personOf(context, random);
      const limit = config.memory.maxFacts;
      if ((await store.people.memories(person)).length >= limit)
        throw new RapportError('RAPPORT_E_INPUT_INVALID', { problems: locale.say('memory.full', { limit }) });
      const memory = { id: random.id(), personId: person, text, at: clock.now() };
      await store.people.addMemory(memory);
      return context.json({ id: memory.id, text, at: memory.at }, 201);
    })
    .delete('/memories/:id', async (context) =>
      context.json({
        removed: await store.people.removeMemory(personOf(context, random), context.req.param('id')),
      }),
    )
    .get('/export', async (context) => {
      context.header('Content-Disposition', 'attachment; filename="rapport-export.json"');
      return context.json(await store.people.export(personOf(context, random), clock.now()));
    })
    .delete('/', async (context) => {
      const person = personOf(context, random);
      for (const { id } of await store.sessions.list(person, { limit: 1_000, offset: 0 })) sessions.stop(id);
      return context.json({ erased: await store.people.erase(person) });
    });
}
