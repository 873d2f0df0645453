import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { RapportError } from '../../../config/errors.js';
import { admit, refusalError } from '../../../src/commands/admit.js';
import {
  begunConversations,
  openConversation,
  resetConversation,
  takeOffer,
} from '../../../src/commands/conversation.js';
import { keepFeedback } from '../../../src/commands/feedback.js';
import { goalOf, setSteering } from '../../../src/commands/steer.js';
import { messageId, type SessionId, sessionId } from '../../../src/ids.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../../../src/state/session.js';
import { bodyOf, pageQuery, validated } from '../bodies.js';
import { personOf } from '../protection.js';
import { overRate } from '../rate-limit.js';
import { characterCard, entryViews, sessionView, traceView, waitingViews } from '../views.js';
import type { WebServices } from '../web-services.js';
import { whereaboutsOf } from '../whereabouts.js';

const reason = z.strictObject({ facet: z.string().max(60), score: z.number(), text: z.string().max(500) });
const clientId = z.string().regex(/^[\w-]{8,64}$/, 'a unique id of 8 to 64 letters, digits, _ or -');
const openBody = z.strictObject({
  characterId: z.string().max(64),
  matchReasons: z.array(reason).max(10).optional(),
  /** Which of the character's greetings begins it. */
  greeting: z.int().min(0).max(100).optional(),
});
const messageBody = z.strictObject({ id: clientId, text: z.string().trim().min(1) });
const steeringBody = z.strictObject({
  sticky: z.string().trim().min(1).max(120).nullable(),
  queue: z.array(z.string().trim().min(1).max(120)).max(20),
});

/** A person's conversations: open, list, read, write, steer, stop, regenerate, delete. */
export function sessionRoutes(services: WebServices): Hono {
  const { store, sessions, bank, clock, random } = services;

  /** The session of the path, if it is this person's; its existence is not shown to others. */
  const own = async (context: Context): Promise<SessionState> => {
    const id = context.req.param('id') ?? '';
    const session = await store.sessions.get(sessionId(id));
    if (!session || session.ownerId !== personOf(context, random))
      throw new RapportError('RAPPORT_E_SESSION_UNKNOWN', { id });
    return session;
  };
  const receive = async (
    context: Context,
    kind: InboundMessage['kind'],
    id: string,
    text: string,
  ): Promise<Response> => {
    const { id: session, address, shared } = await own(context);
    const person = personOf(context, random);
    const admission = await admit(services, {
      kind,
      id: messageId(id),
      person,
      session,
      rules: null,
      whereabouts: whereaboutsOf(context),
      overRate: overRate(context),
      typed: text,
      open: async () => ({
        sessionId: session,
        speakerName: (await store.people.profile(person))?.persona.name ?? '',
        at: clock.now(),
        address,
        shared,
      }),
    });
    if (admission.outcome === 'recorded') await showWaiting(services, session);
    if (admission.outcome !== 'refused') return context.json({ status: admission.outcome }, 202);
    const error = refusalError(admission);
    if (error) throw error;
    const { rule, care, notice } = admission;
    const status = rule.kind === 'paused' ? 'paused' : 'refused';
    return context.json({ status, ...((care || rule.kind === 'blocked') && { notice }) }, 202);
  };
  const view = (session: SessionState): { session: Record<string, unknown> } => ({
    session: sessionView(session, services),
  });
  const changed = (session: SessionState | undefined | null, id: SessionId): SessionState => {
    if (!session) throw new RapportError('RAPPORT_E_SESSION_UNKNOWN', { id });
    return session;
  };

  return new Hono()
    .get('/', async (context) => {
      const page = validated(pageQuery, context.req.query());
      const list = await begunConversations(services, personOf(context, random), page);
      return context.json({
        sessions: list.map(({ characterId, ...summary }) => {
          const character = bank.get(characterId);
          return { ...summary, character: character ? characterCard(character) : null };
        }),
      });
    })
    .post('/', async (context) => {
      const body = await bodyOf(context, openBody);
      const character = bank.get(body.characterId);
      if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: body.characterId });
      const id = sessionId(`web:${random.id()}`);
      const { session } = await openConversation(services, {
        id,
        character,
        platform: 'web',
        owner: personOf(context, random),
        address: { platform: 'web', channel: id },
        shared: false,
        whereabouts: whereaboutsOf(context),
        greeting: body.greeting,
        ...(body.matchReasons && { reasons: body.matchReasons }),
      });
      return context.json(view(session), 201);
    })
    .get('/:id', async (context) => {
      const session = await own(context);
      // Before the transcript: what is answered in between stands in both, and not in neither.
      const waiting = await store.inbox.waiting(session.id);
      const page = await store.transcript.page(session.id, { limit: 60 });
      return context.json({
        ...view(session),
        entries: entryViews(page.entries, services),
        before: page.before,
        waiting: waitingViews(waiting, session.ownerId),
        answering: sessions.isAnswering(session.id),
      });
    })
    .get('/:id/entries', async (context) => {
      const session = await own(context);
      const { before } = validated(z.object({ before: z.coerce.number().int().min(0) }), context.req.query());
      const page = await store.transcript.page(session.id, { limit: 60, before });
      return context.json({ entries: entryViews(page.entries, services), before: page.before });
    })
    .delete('/:id', async (context) => {
      const { id, ownerId: person } = await own(context);
      return context.json({ removed: (await resetConversation(services, id, { person })) === 'reset' });
    })
    .post('/:id/messages', async (context) => {
      const { id, text } = await bodyOf(context, messageBody);
      return receive(context, 'message', id, text);
    })
    .post('/:id/regenerate', async (context) => {
      const { id } = await bodyOf(context, z.strictObject({ id: clientId }));
      return receive(context, 'regenerate', id, '');
    })
    .post('/:id/stop', async (context) =>
      context.json({ stopped: sessions.stop((await own(context)).id) }, 202),
    )
    .put('/:id/steering', async (context) => {
      const session = await own(context);
      const { sticky, queue } = await bodyOf(context, steeringBody);
      const steering = {
        sticky: sticky && goalOf(services, sticky),
        queue: queue.flatMap((goal) => goalOf(services, goal) ?? []),
      };
      return context.json(view(changed(await setSteering(services, session.id, steering), session.id)));
    })
    .post('/:id/offer', async (context) => {
      const session = await own(context);
      const { accept } = await bodyOf(context, z.strictObject({ accept: z.boolean() }));
      const offer = await takeOffer(services, session.id, accept);
      return context.json(view(changed(offer?.session, session.id)));
    })
    .put('/:id/entries/:entry/feedback', async (context) => {
      const session = await own(context);
      const { feedback } = await bodyOf(
        context,
        z.strictObject({ feedback: z.enum(['up', 'down']).nullable() }),
      );
      return context.json({
        saved: await keepFeedback(services, session.id, context.req.param('entry'), feedback),
      });
    })
    .get('/:id/entries/:entry/trace', async (context) => {
      const session = await own(context);
      const entry = await findEntry(services, session.id, context.req.param('entry'));
      const trace = await traceView(entry, session, services);
      if (!trace)
        throw new RapportError('RAPPORT_E_ROUTE_UNKNOWN', { method: 'GET', path: context.req.path });
      return context.json(trace);
    });
}

/** Other pages of the person see at once what has just been recorded. */
async function showWaiting({ store, events }: WebServices, session: SessionId): Promise<void> {
  if (!events.isHeard(session)) return;
  const messages = await store.inbox.waiting(session);
  if (messages.length > 0) events.publish(session, { type: 'waiting', messages });
}

async function findEntry(
  { store }: WebServices,
  session: SessionId,
  id: string,
): Promise<TranscriptEntry | undefined> {
  let before: number | undefined;
  for (;;) {
    const page = await store.transcript.page(session, {
      limit: 200,
      ...(before !== undefined && { before }),
    });
    const found = page.entries.find((entry) => entry.id === id);
    if (found || page.before === null) return found;
    before = page.before;
  }
}
