import { Hono } from 'hono';
import { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import { countryName } from '../../../src/care/countries.js';
import { describeSafety } from '../../../src/care/safety.js';
import { suggestMatches } from '../../../src/commands/match.js';
import { mayBring } from '../../../src/commands/own-characters.js';
import { cleanPersona, personaSchema } from '../../../src/commands/persona.js';
import { bodyOf } from '../bodies.js';
import { personOf } from '../protection.js';
import { overRate } from '../rate-limit.js';
import { characterCard } from '../views.js';
import type { WebAdapter } from '../web-adapter.js';
import type { WebServices } from '../web-services.js';
import { whereaboutsOf } from '../whereabouts.js';
import { characterRoutes } from './characters.js';
import { eventRoutes } from './events.js';
import { meRoutes } from './me.js';
import { sessionRoutes } from './sessions.js';

/** The page's JSON and SSE API; docs/api.md describes it. */
export function apiRoutes(services: WebServices, adapter: WebAdapter): Hono {
  const { bank, router, store, random, locale, steering } = services;
  return new Hono()
    .get('/hello', async (context) => {
      const any = bank.all[0];
      if (!any) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: '(any)' });
      const route = router.routeFor({ id: '', tags: [] });
      const person = personOf(context, random);
      const profile = await store.people.profile(person);
      return context.json({
        name: 'Rapport',
        version: services.version,
        model: {
          name: route.modelName,
          demo: route.demo,
          format: route.format,
          note: route.demo ? locale.say('demoModel') : '',
        },
        disclosure: services.care.disclosure('Rapport'),
        characters: bank.all.length,
        imports: mayBring(services, { place: 'page', person }),
        person: { paused: profile?.paused ?? false, persona: profile?.persona ?? { facts: [] } },
      });
    })
    .get('/words', (context) => context.json(locale.page))
    .get('/goals', (context) => context.json(steering.goals.map(({ goal, label }) => ({ goal, label }))))
    .get('/countries', (context) =>
      context.json(
        services.care.countries
          .map((code) => ({ code, name: countryName(code, locale.say('care.language')) }))
          .sort((a, b) => a.name.localeCompare(b.name, locale.code)),
      ),
    )
    .get('/safety', async (context) =>
      context.json({
        title: locale.say('safety.title'),
        sections: await describeSafety(services, {
          ...whereaboutsOf(context),
          person: personOf(context, random),
        }),
      }),
    )
    .post('/match', async (context) => {
      const { persona: given } = await bodyOf(context, z.strictObject({ persona: personaSchema }));
      const { matches, care } = await suggestMatches(
        services,
        personOf(context, random),
        cleanPersona(given),
        3,
        whereaboutsOf(context),
        overRate(context),
      );
      return context.json({
        ...(care && { notice: care.text }),
        matches: matches.map(({ character, score, reasons }) => ({
          character: characterCard(character),
          score,
          reasons,
        })),
      });
    })
    .route('/characters', characterRoutes(services))
    .route('/sessions', eventRoutes(services, adapter))
    .route('/sessions', sessionRoutes(services))
    .route('/me', meRoutes(services));
}
