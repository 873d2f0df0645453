import { Hono } from 'hono';
import { z } from 'zod';
import {
  exportLorebook,
  lorebookUnits,
  removeLorebook,
  saveLorebook,
} from '../../../src/commands/lorebook.js';
import {
  addMemory,
  forgetMemory,
  listMemories,
  memoryUnits,
  pinMemory,
} from '../../../src/commands/memory.js';
import { exportFacts, factFileUnits, importFacts } from '../../../src/commands/memory-file.js';
import { cleanPersona, personaSchema, savePersona } from '../../../src/commands/persona.js';
import { erasePerson, exportPerson, pausePerson } from '../../../src/commands/privacy.js';
import type { ListedFact } from '../../../src/memory/fact-list.js';
import {
  decideProposals,
  rememberingModes,
  rememberingOf,
  setRemembering,
  waitingFacts,
} from '../../../src/turn/remembering.js';
import { bodyOf } from '../bodies.js';
import { personOf } from '../protection.js';
import type { WebServices } from '../web-services.js';

const factBody = z.strictObject({ text: z.string().trim().min(1).max(memoryUnits) });

/** A person's own data: persona, remembered facts, pause, export, erase. */
export function meRoutes(services: WebServices): Hono {
  const { store, random } = services;
  return new Hono()
    .get('/', async (context) => {
      const profile = await store.people.profile(personOf(context, random));
      return context.json({ persona: profile?.persona ?? { facts: [] }, paused: profile?.paused ?? false });
    })
    .put('/', async (context) => {
      const { persona } = await bodyOf(context, z.strictObject({ persona: personaSchema }));
      const profile = await savePersona(services, personOf(context, random), cleanPersona(persona));
      return context.json({ persona: profile.persona, paused: profile.paused });
    })
    .put('/paused', async (context) => {
      const { paused } = await bodyOf(context, z.strictObject({ paused: z.boolean() }));
      await pausePerson(services, personOf(context, random), paused);
      return context.json({ paused });
    })
    .get('/memories', async (context) =>
      context.json({ memories: (await listMemories(services, personOf(context, random))).map(factView) }),
    )
    .post('/memories', async (context) => {
      const { text } = await bodyOf(context, factBody);
      return context.json(factView(await addMemory(services, personOf(context, random), text)), 201);
    })
    .get('/memories/export', async (context) => {
      const { name, text, contentType } = await exportFacts(services, personOf(context, random));
      context.header('Content-Disposition', `attachment; filename="${name}"`);
      return context.body(text, 200, { 'Content-Type': contentType });
    })
    .post('/memories/import', async (context) => {
      const { facts } = await bodyOf(context, z.strictObject({ facts: z.string().max(factFileUnits) }));
      return context.json({ added: await importFacts(services, personOf(context, random), facts) });
    })
    .put('/memories/:id/pinned', async (context) => {
      const { pinned } = await bodyOf(context, z.strictObject({ pinned: z.boolean() }));
      const fact = await pinMemory(services, personOf(context, random), context.req.param('id'), pinned);
      return context.json({ pinned: fact?.pinned ?? false }, fact ? 200 : 404);
    })
    .delete('/memories/:id', async (context) => {
      const removed = await forgetMemory(services, personOf(context, random), context.req.param('id'));
      return context.json({ removed: removed !== null });
    })
    .get('/remembering', async (context) =>
      context.json(await rememberingView(services, personOf(context, random))),
    )
    .put('/remembering', async (context) => {
      const { mode } = await bodyOf(context, z.strictObject({ mode: z.enum(rememberingModes) }));
      const person = personOf(context, random);
      await setRemembering(services, person, mode);
      return context.json(await rememberingView(services, person));
    })
    .post('/remembering/:decision{keep|drop}', async (context) => {
      const { ids } = await bodyOf(context, z.strictObject({ ids: z.array(z.string().max(300)).max(100) }));
      const person = personOf(context, random);
      await decideProposals(services, person, ids, context.req.param('decision') === 'keep');
      return context.json(await rememberingView(services, person));
    })
    .get('/lorebook', async (context) => {
      const file = await exportLorebook(services, personOf(context, random));
      if (!file) return context.json({ entries: [] });
      context.header('Content-Disposition', `attachment; filename="${file.name}"`);
      return context.body(file.text, 200, { 'Content-Type': file.contentType });
    })
    .put('/lorebook', async (context) => {
      const { lorebook } = await bodyOf(context, z.strictObject({ lorebook: z.string().max(lorebookUnits) }));
      return context.json({ entries: await saveLorebook(services, personOf(context, random), lorebook) });
    })
    .delete('/lorebook', async (context) =>
      context.json({ removed: await removeLorebook(services, personOf(context, random)) }),
    )
    .get('/export', async (context) => {
      const { page, json } = await exportPerson(services, personOf(context, random));
      const { name, text, contentType } = context.req.query('format') === 'html' ? page : json;
      context.header('Content-Disposition', `attachment; filename="${name}"`);
      return context.body(text, 200, { 'Content-Type': contentType });
    })
    .delete('/', async (context) =>
      context.json({ erased: await erasePerson(services, personOf(context, random)) }),
    );
}

/** Whether facts are read out of what the person tells, and which wait for their word. */
async function rememberingView(
  services: WebServices,
  person: ReturnType<typeof personOf>,
): Promise<Record<string, unknown>> {
  const waiting = await waitingFacts(services, person);
  return {
    offered: services.config.memory.automatic.offered,
    mode: await rememberingOf(services, person),
    waiting: waiting.map((fact) => ({ ...factView(fact), ...(fact.line && { line: fact.line }) })),
  };
}

function factView({ id, text, at, pinned, earlier, source }: ListedFact): Record<string, unknown> {
  return {
    ...{ id, text, at },
    ...(pinned && { pinned }),
    ...(earlier && { earlier }),
    ...(source && { read: true }),
  };
}
