import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerType, serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { parse } from 'yaml';
import { packageRoot } from '../../config/root.js';
import {
  type Card,
  goals,
  marked,
  model,
  notice,
  readCharacters,
  reasonsFor,
  replies,
  traceOf,
} from './web-api-script.js';

/**
 * A stand-in for the page's JSON API, for looking at the page and testing it without the core: fixed characters,
 * scripted replies, everything in memory. The person's words choose the script: "error" fails the turn, "helpline"
 * is answered by a care notice, "offer" brings a better match, "code" shows Markdown.
 */
export interface WebApiDouble {
  readonly url: string;
  /** Answers 503 to everything while true, and cuts the open event streams. */
  down: boolean;
  /** ms between two pieces of a reply. */
  pieceMs: number;
  /** Messages are recorded and not answered while true, as after a crash until another process takes over. */
  held: boolean;
  stop(): Promise<void>;
}

interface Line {
  readonly id: string;
  readonly turnId: string;
  readonly role: 'seeker' | 'supporter' | 'notice';
  readonly speakerName: string;
  readonly text: string;
  readonly action: 'speaking';
  readonly at: number;
  readonly status: 'complete' | 'stopped';
  feedback?: 'up' | 'down' | null;
  readonly hasTrace: boolean;
}
interface Talk {
  readonly id: string;
  title: string;
  character: Card;
  readonly matchReasons: unknown;
  steering: { sticky: string | null; queue: string[] };
  offer: Card | null;
  entries: Line[];
  /** Recorded and not committed yet. */
  waiting: Line[];
  turns: number;
  answering: boolean;
  stopped: boolean;
  updatedAt: number;
  readonly listeners: Set<(event: string, data: unknown) => void>;
}
interface Persona {
  readonly name?: string;
  readonly facts: readonly string[];
  readonly mbti?: string;
  readonly worry?: string;
}

/** @param pageDir the built page (dist/web) */
export async function startWebApiDouble(pageDir: string): Promise<WebApiDouble> {
  const characters = readCharacters();
  const talks = new Map<string, Talk>();
  let persona: Persona = { facts: [] };
  let paused = false;
  let memories: { id: string; text: string; at: number }[] = [];
  let counter = 0;
  const nextId = (kind: string): string => `${kind}-${++counter}`;
  const state = { down: false, pieceMs: 40, held: false };

  const cardOf = (id: string): Card => characters.find((card) => card.id === id) ?? (characters[0] as Card);
  const sessionOf = ({ id, title, character, matchReasons, steering, offer }: Talk) => ({
    id,
    title,
    character,
    matchReasons,
    steering,
    offer,
    model,
  });
  const tell = (talk: Talk, event: string, data: unknown): void => {
    for (const listener of talk.listeners) listener(event, data);
  };

  const waitingOf = ({ waiting }: Talk) => waiting.map(({ id, text, at }) => ({ id, text, at }));
  /** Answers what waits, once nothing holds it back. */
  const release = async (talk: Talk, text: string): Promise<void> => {
    while (state.held) await wait(5);
    await answer(talk, text);
  };
  const answer = async (talk: Talk, text: string): Promise<void> => {
    talk.turns += 1;
    const turn = `${talk.id}:${talk.turns}`;
    talk.answering = true;
    talk.stopped = false;
    tell(talk, 'turn', { turnId: turn, state: 'started' });
    await wait(state.pieceMs * 6);
    if (text.includes('error')) {
      talk.answering = false;
      const error = {
        code: 'RAPPORT_E_MODEL_UNAVAILABLE',
        message: 'No model endpoint answers for "default": connection refused',
        cure: 'Check MODEL_BASE_URL and that the model server runs; `rapport doctor` probes every endpoint.',
      };
      tell(talk, 'turn', { turnId: turn, state: 'finished', error });
      return;
    }
    const care = text.includes('helpline');
    const whole = care ? notice : text.includes('code') ? marked : (replies[talk.turns % 2] ?? '');
    const speaker = { name: talk.character.shortName, avatar: talk.character.avatar };
    const pieces = whole.match(/\S+\s*/g) ?? [];
    let said = '';
    for (const piece of care ? [whole] : pieces) {
      if (talk.stopped) break;
      said += piece;
      tell(talk, 'message', {
        turnId: turn,
        messageId: `${turn}:0`,
        kind: care ? 'notice' : 'reply',
        text: said,
        final: said === whole,
        speaker,
      });
      await wait(state.pieceMs);
    }
    const line: Line = {
      id: `${turn}:0`,
      turnId: turn,
      role: care ? 'notice' : 'supporter',
      speakerName: talk.character.shortName,
      text: said,
      action: 'speaking',
      at: Date.now(),
      status: talk.stopped ? 'stopped' : 'complete',
      hasTrace: !care,
    };
    const committed = [...talk.waiting.splice(0), line];
    talk.entries.push(...committed);
    if (text.includes('offer')) talk.offer = characters.find(({ id }) => id !== talk.character.id) ?? null;
    talk.steering = { ...talk.steering, queue: talk.steering.queue.slice(1) };
    talk.answering = false;
    talk.updatedAt = Date.now();
    tell(talk, 'entries', { entries: committed });
    tell(talk, 'session', { session: sessionOf(talk) });
    tell(talk, 'turn', { turnId: turn, state: 'finished' });
  };

  const app = new Hono();
  const words = parse(readFileSync(join(packageRoot, 'config/locales/page.en.yaml'), 'utf8')) as Record<
    string,
    unknown
  >;
  const talkOf = (c: Context): Talk | undefined => talks.get(c.req.param('id') ?? '');
  const problem = (c: Context, status: 400 | 403 | 404 | 503, code: string, message: string, cure: string) =>
    c.json({ error: { code, message, cure } }, status);

  app.use(async (c, next) => {
    if (state.down)
      return problem(
        c,
        503,
        'RAPPORT_E_SHUTTING_DOWN',
        'The server is shutting down.',
        'Try again in a moment.',
      );
    await next();
    c.header('content-security-policy', "default-src 'self'");
    return;
  });
  app.use('/api/*', async (c, next) => {
    const writes = c.req.method !== 'GET';
    if (
      writes &&
      (c.req.header('x-rapport') !== '1' || !c.req.header('content-type')?.startsWith('application/json'))
    )
      return problem(
        c,
        403,
        'RAPPORT_E_FORBIDDEN_ORIGIN',
        'The request came from another site.',
        'Open the page at its own address.',
      );
    await next();
    return;
  });
  app.use('/api/sessions/:id/*', async (c, next) => {
    if (talkOf(c) === undefined)
      return problem(
        c,
        404,
        'RAPPORT_E_SESSION_UNKNOWN',
        'There is no conversation that belongs to you.',
        'Start a new conversation or pick one from your list.',
      );
    await next();
    return;
  });

  app.get('/api/hello', (c) =>
    c.json({
      name: 'Rapport',
      version: '0.1.0',
      model,
      disclosure: 'You are talking with an AI. The characters here are not real people.',
      characters: characters.length,
      person: { paused, persona },
    }),
  );
  app.get('/api/words', (c) => c.json(words));
  app.get('/api/goals', (c) => c.json(goals.map((goal) => ({ goal, label: goal.replace('.', '') }))));
  app.post('/api/match', async (c) => {
    persona = ((await c.req.json()) as { persona: Persona }).persona;
    const best = ['maren-voss', 'kwabena-asiedu', 'ximena-arriaga'].map(cardOf);
    return c.json({
      matches: best.map((character, index) => ({
        character,
        score: 0.8 - index / 10,
        reasons: reasonsFor(character, index),
      })),
    });
  });
  app.get('/api/characters', (c) => {
    const { q = '', tag = '', mbti = '', limit = '24', offset = '0' } = c.req.query();
    const found = characters.filter(
      (card) =>
        (q === '' || JSON.stringify(card).toLowerCase().includes(q.toLowerCase())) &&
        (tag === '' || card.tags.includes(tag)) &&
        (mbti === '' || card.mbti === mbti),
    );
    return c.json({
      total: found.length,
      characters: found.slice(Number(offset), Number(offset) + Number(limit)),
    });
  });
  app.get('/api/characters/:id', (c) =>
    c.json({
      ...cardOf(c.req.param('id')),
      aspects: ['hobby', 'growth_experience', 'family_relationship', 'working_conditions'],
      licence: 'CC0-1.0',
      profile: [],
    }),
  );
  app.get('/api/sessions', (c) => {
    const { limit = '30', offset = '0' } = c.req.query();
    const all = [...talks.values()]
      .filter(({ turns, waiting }) => turns > 0 || waiting.length > 0)
      .sort((a, b) => b.updatedAt - a.updatedAt)
      .slice(Number(offset), Number(offset) + Number(limit));
    return c.json({
      sessions: all.map(({ id, title, updatedAt, turns, character }) => ({
        id,
        title,
        updatedAt,
        turnCount: turns,
        character,
      })),
    });
  });
  app.post('/api/sessions', async (c) => {
    const { characterId, matchReasons = [] } = (await c.req.json()) as {
      characterId: string;
      matchReasons?: unknown;
    };
    const talk: Talk = {
      id: nextId('talk'),
      title: 'New conversation',
      character: cardOf(characterId),
      matchReasons,
      steering: { sticky: null, queue: [] },
      offer: null,
      entries: [],
      waiting: [],
      turns: 0,
      answering: false,
      stopped: false,
      updatedAt: Date.now(),
      listeners: new Set(),
    };
    talk.entries.push(...openingOf(talk));
    talks.set(talk.id, talk);
    return c.json({ session: sessionOf(talk) });
  });
  app.get('/api/sessions/:id', (c) => {
    const talk = talkOf(c);
    if (talk === undefined)
      return problem(
        c,
        404,
        'RAPPORT_E_SESSION_UNKNOWN',
        'There is no conversation that belongs to you.',
        'Start a new conversation or pick one from your list.',
      );
    return c.json({
      session: sessionOf(talk),
      entries: talk.entries,
      before: null,
      waiting: waitingOf(talk),
      answering: talk.answering,
    });
  });
  app.get('/api/sessions/:id/entries', (c) => c.json({ entries: [], before: null }));
  app.delete('/api/sessions/:id', (c) => {
    talks.delete(c.req.param('id'));
    return c.json({});
  });
  app.post('/api/sessions/:id/messages', async (c) => {
    const talk = talkOf(c) as Talk;
    const { id, text } = (await c.req.json()) as { id: string; text: string };
    if (paused) return c.json({ status: 'paused' }, 202);
    if (text.includes('never passes'))
      return problem(c, 400, 'RAPPORT_E_INPUT_INVALID', 'The message is too long.', 'Send it in parts.');
    if ([...talk.entries, ...talk.waiting].some((line) => line.id === id))
      return c.json({ status: 'duplicate' }, 202);
    if (talk.turns === 0) talk.title = text;
    const line: Line = {
      id,
      turnId: `${talk.id}:${talk.turns + 1}`,
      role: 'seeker',
      speakerName: persona.name ?? '',
      text,
      action: 'speaking',
      at: Date.now(),
      status: 'complete',
      hasTrace: false,
    };
    talk.waiting.push(line);
    tell(talk, 'waiting', { waiting: waitingOf(talk) });
    void release(talk, text);
    return c.json({ status: 'recorded' }, 202);
  });
  app.post('/api/sessions/:id/stop', (c) => {
    (talkOf(c) as Talk).stopped = true;
    return c.json({}, 202);
  });
  app.post('/api/sessions/:id/regenerate', (c) => {
    const talk = talkOf(c) as Talk;
    const old = talk.entries.at(-1);
    if (old?.role === 'supporter') talk.entries.pop();
    if (old?.role === 'supporter') tell(talk, 'entries', { entries: [], removed: [old.id] });
    void answer(talk, '');
    return c.json({}, 202);
  });
  app.put('/api/sessions/:id/steering', async (c) => {
    const talk = talkOf(c) as Talk;
    talk.steering = (await c.req.json()) as Talk['steering'];
    return c.json({ session: sessionOf(talk) });
  });
  app.post('/api/sessions/:id/offer', async (c) => {
    const talk = talkOf(c) as Talk;
    const { accept } = (await c.req.json()) as { accept: boolean };
    if (accept && talk.offer !== null) talk.character = talk.offer;
    talk.offer = null;
    return c.json({ session: sessionOf(talk) });
  });
  app.put('/api/sessions/:id/entries/:entry/feedback', async (c) => {
    const line = talkOf(c)?.entries.find(({ id }) => id === c.req.param('entry'));
    if (line !== undefined)
      line.feedback = ((await c.req.json()) as { feedback: 'up' | 'down' | null }).feedback;
    return c.json({});
  });
  app.get('/api/sessions/:id/entries/:entry/trace', (c) => c.json(traceOf((talkOf(c) as Talk).character)));
  app.get('/api/sessions/:id/events', (c) =>
    streamSSE(c, async (stream) => {
      const talk = talkOf(c) as Talk;
      const listener = (event: string, data: unknown): void =>
        void stream.writeSSE({ event, data: JSON.stringify(data) });
      talk.listeners.add(listener);
      while (!stream.aborted && !state.down) await wait(20);
      talk.listeners.delete(listener);
    }),
  );
  app.get('/api/me', (c) => c.json({ persona, paused }));
  app.put('/api/me', async (c) => {
    persona = ((await c.req.json()) as { persona: Persona }).persona;
    return c.json({});
  });
  app.put('/api/me/paused', async (c) => {
    paused = ((await c.req.json()) as { paused: boolean }).paused;
    return c.json({});
  });
  app.get('/api/me/memories', (c) => c.json({ memories }));
  app.post('/api/me/memories', async (c) => {
    const { text } = (await c.req.json()) as { text: string };
    memories = [{ id: nextId('memory'), text, at: Date.now() }, ...memories];
    return c.json({});
  });
  app.delete('/api/me/memories/:id', (c) => {
    memories = memories.filter(({ id }) => id !== c.req.param('id'));
    return c.json({});
  });
  app.get('/api/me/export', (c) =>
    c.json({ persona, memories, sessions: [...talks.values()].map(({ id, entries }) => ({ id, entries })) }),
  );
  app.delete('/api/me', (c) => {
    const erased = {
      sessions: talks.size,
      entries: [...talks.values()].flatMap(({ entries }) => entries).length,
      memories: memories.length,
    };
    talks.clear();
    memories = [];
    persona = { facts: [] };
    return c.json({ erased });
  });
  app.get('/*', serveStatic({ root: pageDir }));

  const server = await new Promise<{ handle: ServerType; port: number }>((resolve) => {
    const handle = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
      resolve({ handle, port }),
    );
  });
  return Object.assign(state, {
    url: `http://127.0.0.1:${server.port}/`,
    stop: async (): Promise<void> => {
      state.down = true;
      await new Promise((resolve) => server.handle.close(resolve));
    },
  });
}

/** The lines every conversation begins with: that an AI speaks, and the greeting. */
function openingOf({ id, character }: Talk): Line[] {
  const line = {
    turnId: `${id}:0`,
    speakerName: character.shortName,
    action: 'speaking' as const,
    at: Date.now(),
    status: 'complete' as const,
    hasTrace: false,
  };
  const disclosure = `${character.shortName} is an AI character, not a person and not a therapist.`;
  return [
    { ...line, id: `${id}:0:disclosure`, role: 'notice', text: disclosure },
    { ...line, id: `${id}:0:greeting`, role: 'supporter', text: String(character.greeting) },
  ];
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
