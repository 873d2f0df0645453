import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PersonId, personId, type SessionId, sessionId, turnId } from '../../src/ids.js';
import { promptFormats } from '../../src/prompting/prompt-formats.js';
import type { Store } from '../../src/state/store.js';
import type { TurnTrace } from '../../src/state/trace.js';
import { saveProfile } from '../doubles/save-profile.js';
import { onBothStores } from '../session/both-stores.js';
import { World } from '../session/world.js';

/** How each face names a person and a conversation that others read. */
const faces: readonly (readonly [face: string, person: PersonId, shared: SessionId])[] = [
  ['Discord: a thread of a server', personId('discord:42'), sessionId('discord:thread:7')],
  ['Slack: a thread of a channel', personId('slack:T1:U1'), sessionId('slack:T1:C1:1.2')],
  ['the page', personId('web:ada'), sessionId('web:00000000-0000-4000-8000-000000000001')],
  ['/v1', personId('openai-api:ada'), sessionId('openai-api:ada:talk')],
  ['the terminal', personId('terminal:ada'), sessionId('terminal:ada:talk')],
];
/** Each word stands for one kind of what is known, and none stands anywhere else. */
const calm = { stages: [] } as unknown as TurnTrace;
const secrets = [
  'Quillaja',
  'Zanthoxylum',
  'Mirabilis',
  'Ferula',
  'Kniphofia',
  'Liatris',
  'Dierama',
  'Tigridia',
];
const questions = [
  'Do you remember what I told you about my Kniphofia?',
  'What is my sister Zanthoxylum called, and what did I say about Liatris last week?',
  'What do you know about me?',
];

onBothStores((open) => {
  let store: Store;
  let dispose: () => Promise<void>;
  beforeEach(async () => {
    ({ store, dispose } = await open());
  });
  afterEach(() => dispose());

  const session = (id: SessionId, person: PersonId, shared: boolean) => ({
    summary: { text: 'They spoke of a Dierama', by: 'rules', from: 1, until: 2 },
    ...{ id, ownerId: person, shared, characterId: 'maren-voss', platform: 'discord', matchReasons: [] },
    ...{ title: 'A talk', createdAt: 1, updatedAt: 2, turnCount: 1, disclosed: true },
    ...{ steering: { sticky: null, queue: [] }, recentAspects: [], recentStrategies: [] },
    address: { platform: 'discord', channel: 'dm' },
  });

  /** Everything that is kept of a person, and one private conversation with the same character. */
  const know = async (person: PersonId): Promise<void> => {
    await saveProfile(store, {
      personId: person,
      persona: {
        name: 'Quillaja',
        facts: ['My sister is called Zanthoxylum'],
        worry: 'I fear the Mirabilis',
      },
      ...{ createdAt: 1, updatedAt: 1, paused: false },
    });
    await store.people.addMemory({ id: 'f1', personId: person, text: 'I own a Ferula', at: 1 });
    await store.people.addMemory({ id: 'f2', personId: person, text: 'I grow Liatris', at: 2, pinned: true });
    await store.people.addMemory({
      ...{ id: 'f3', personId: person, text: 'I grow Tigridia', at: 3 },
      source: { entry: 'a', by: 'rules', open: 'counts' },
    });
    const old = sessionId('discord:dm:old');
    const line = { turnId: turnId(old, 1), action: 'speaking', at: 3, status: 'complete' } as const;
    await store.sessions.create(session(old, person, false), [
      { ...line, id: 'a', role: 'seeker', personId: person, speakerName: 'x', text: 'My Kniphofia died' },
      {
        ...{ ...line, id: 'b', role: 'supporter', speakerName: 'Maren', trace: calm },
        text: 'Your Kniphofia was dear to you',
      },
    ]);
  };

  describe.each(Object.keys(promptFormats) as (keyof typeof promptFormats)[])('as %s', (format) => {
    it.each(faces)(
      'nothing of what is known of a person reaches a prompt that others can read: %s',
      async (_, person, id) => {
        await know(person);
        const w = new World(store, { route: { format } });
        await store.sessions.create(session(id, person, true), []);
        for (const text of questions) await w.tell(text, { sessionId: id, personId: person, shared: true });
        const others = { sessionId: id, personId: personId('discord:ben'), shared: true } as const;
        await w.tell('What did she tell you about herself?', others);
        const asked = questions.join(' ');
        const unsaid = secrets.filter((secret) => !asked.includes(secret));
        const all = JSON.stringify([w.model.requests, w.model.hints]);
        for (const secret of unsaid) expect(all).not.toContain(secret);
        // What was asked about stands there as it was asked, and nothing of the answer.
        expect(all).not.toMatch(/Kniphofia died|Kniphofia was dear|sister is called|grow Liatris/);
        for (const hint of [w.model.hints?.toldBack ?? ''])
          expect(hint).not.toMatch(new RegExp(secrets.join('|')));
      },
    );
  });

  it('all of it reaches a prompt that nobody else reads, so that the test above can fail', async () => {
    const [, person] = faces[0] ?? [];
    if (!person) throw new Error('no face');
    await know(person);
    const w = new World(store);
    const id = sessionId('discord:dm:new');
    await store.sessions.create(session(id, person, false), []);
    await w.tell('Do you remember what I told you about my Kniphofia?', { sessionId: id, personId: person });
    for (const secret of secrets) expect(w.model.prompt).toContain(secret);
    expect(w.model.prompt).toContain('My Kniphofia died');
  });
});
