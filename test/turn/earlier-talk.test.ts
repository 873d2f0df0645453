import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { savePersona } from '../../src/commands/persona.js';
import { explainLastReply } from '../../src/commands/why.js';
import { type PersonId, personId, type SessionId, sessionId, turnId } from '../../src/ids.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import type { Store } from '../../src/state/store.js';
import type { TurnTrace } from '../../src/state/trace.js';
import { traceWithWords } from '../../src/turn/noted-words.js';
import { decisionsOf } from '../../src/turn/trace.js';
import { onBothStores } from '../session/both-stores.js';
import { ada, say, talk, World } from '../session/world.js';

const dayMs = 86_400_000;
/** Of a turn in which nobody was in danger. */
const trace = { stages: [] } as unknown as TurnTrace;
const now = Date.UTC(2026, 4, 20, 12);

interface Talked {
  readonly id?: SessionId;
  readonly person?: PersonId;
  readonly shared?: boolean;
  readonly characterId?: string;
  /** Days before now. */
  readonly days?: number;
}

onBothStores((open) => {
  let store: Store;
  let dispose: () => Promise<void>;
  let w: World;
  beforeEach(async () => {
    ({ store, dispose } = await open());
    const clock = { now: () => now, elapsed: () => performance.now(), sleep: sleepOf };
    w = new World(store, { services: { clock } });
  });
  afterEach(() => dispose());

  /** A conversation in which the person says these lines, each answered. */
  const talked = async (
    said: readonly string[],
    { id = talk, person = ada, shared = false, characterId = 'maren-voss', days = 21 }: Talked = {},
  ): Promise<void> => {
    const at = now - days * dayMs;
    const entries = said.flatMap((text, place): TranscriptEntry[] => {
      const line = { turnId: turnId(id, place + 1), action: 'speaking', at, status: 'complete' } as const;
      return [
        { ...line, id: `p${place}`, role: 'seeker', personId: person, speakerName: 'Ada', text },
        { ...line, id: `c${place}`, role: 'supporter', speakerName: 'Maren', text: 'Go on.', trace },
      ];
    });
    await store.sessions.create(
      {
        ...{ id, ownerId: person, shared, characterId, platform: 'discord', matchReasons: [] },
        ...{ title: 'A talk', createdAt: at, updatedAt: at, turnCount: said.length, disclosed: true },
        ...{ steering: { sticky: null, queue: [] }, recentAspects: [], recentStrategies: [] },
        address: { platform: 'discord', channel: 'dm' },
      },
      entries,
    );
  };
  /** What "Why this reply?" is shown of it. */
  const shownEarlier = async (): Promise<readonly { readonly text: string }[]> => {
    const trace = (await w.transcript()).findLast((entry) => entry.trace)?.trace;
    if (!trace) throw new Error('there is no trace');
    const told = decisionsOf(await traceWithWords(trace, { ownerId: ada }, store));
    return told.memory?.earlier ?? [];
  };
  const filler = (count: number): string[] =>
    Array.from({ length: count }, (_, n) => `It was a grey afternoon, the number ${n} of many`);

  describe('what was said before comes back (issue 15, part 3)', () => {
    it('from this conversation, once it has left the window, with when it was said', async () => {
      await talked(['My dog is Pip.', ...filler(30)]);
      await w.tell('What was my dog called?');
      expect(w.model.prompt).toContain('3 weeks ago the person wrote: "My dog is Pip."');
      expect(await shownEarlier()).toMatchObject([{ by: 'person', text: 'My dog is Pip.' }]);
    });

    it('is not repeated while the window holds it', async () => {
      await talked([...filler(30), 'My dog is Pip.', ...filler(3)]);
      await w.tell('What was my dog called?');
      expect(w.model.prompt).not.toMatch(/ago (?:the person|you) wrote/);
    });

    it('from another private conversation with the same character', async () => {
      await talked(['I applied to the nursing school in Utrecht'], { id: sessionId('discord:old'), days: 8 });
      await w.open('maren-voss');
      await w.tell('Do you remember which school I told you about?');
      expect(w.model.prompt).toContain(
        '8 days ago the person wrote: "I applied to the nursing school in Utrecht"',
      );
    });

    it('never from shared conversations, those of others, or with another character', async () => {
      await talked(['I applied to the nursing school in Utrecht'], {
        id: sessionId('discord:thread'),
        shared: true,
      });
      await talked(['I applied to the nursing school in Ghent'], {
        id: sessionId('discord:ben'),
        person: personId('discord:ben'),
      });
      await talked(['I applied to the nursing school in Leuven'], {
        id: sessionId('discord:rin'),
        characterId: 'rin-asakura',
      });
      await w.open('maren-voss');
      await w.tell('Do you remember which school I told you about?');
      expect(w.model.prompt).not.toMatch(/Utrecht|Ghent|Leuven/);
    });

    it('never into a shared conversation', async () => {
      await talked(['I applied to the nursing school in Utrecht'], { id: sessionId('discord:old') });
      await w.open('maren-voss', { shared: true });
      await w.tell('Do you remember which school I told you about?', { shared: true });
      expect(w.model.prompt).not.toContain('Utrecht');
    });

    it('by a name that both share, without a question', async () => {
      await talked(['My cousin Zdenka moved in with us', ...filler(30)]);
      await w.tell('Zdenka was loud again');
      expect(w.model.prompt).toContain('the person wrote: "My cousin Zdenka moved in with us"');
    });

    it('not at all where nothing fits', async () => {
      await talked(['My dog is Pip.', 'I paint boats', ...filler(30)]);
      await w.tell('What was the name of my piano teacher?');
      await w.tell('I had soup today');
      expect(w.model.prompts.join('\n')).not.toMatch(/ago (?:the person|you) wrote/);
    });

    it('by the time that is named', async () => {
      await talked(['We painted the boat green and sold the trailer'], {
        id: sessionId('discord:week'),
        days: 7,
      });
      await talked(['The harbour master quit over the new crane'], {
        id: sessionId('discord:month'),
        days: 40,
      });
      await w.open('maren-voss');
      await w.tell('What did we talk about last week?');
      expect(w.model.prompt).toContain('7 days ago the person wrote: "We painted the boat green');
      expect(w.model.prompt).not.toContain('harbour master');
    });

    it('with the question it answered, at most three lines, none longer than 300 characters', async () => {
      const long = `The lighthouse at Skagen ${'stood in fog and rain, '.repeat(40)}`;
      await talked([
        ...['The lighthouse was dark', 'The lighthouse keeper waved', 'A lighthouse in my dream', long],
        ...filler(40),
      ]);
      await w.tell('Do you remember what I said about the lighthouse?');
      const earlier = await shownEarlier();
      expect(earlier.length).toBe(3);
      for (const { text } of earlier) expect(text.length).toBeLessThanOrEqual(300);
    });

    it('to the voice in the process after 60 lines, and is told by "Why this reply?"', async () => {
      await talked(['My dog is Pip.', ...filler(30)]);
      await w.tell('What was my dog called?');
      expect(w.model.hints?.toldBack).toBe('You wrote: “My dog is Pip.”');
      const sections = (await explainLastReply(w.services, talk))?.sections ?? [];
      expect(sections.find(({ topic }) => topic === 'memory')?.lines).toContain(
        say('why.memory.youSaid', { when: '3 weeks ago', text: 'My dog is Pip.' }),
      );
    });

    it('a trace keeps no words of facts and earlier lines, and tells none that are gone (issue 15)', async () => {
      const old = sessionId('discord:old');
      await store.people.addMemory({ id: 'f', personId: ada, text: 'I own the boat Liatris', at: 1 });
      await savePersona(w.services, ada, { facts: ['I sail to Skagen'] });
      await talked(['I applied to the nursing school in Utrecht'], { id: old });
      await w.open('maren-voss');
      await w.tell('Do you remember which school I told you about, and my boat to Skagen?');
      const words = /Utrecht|Liatris|I sail/;
      const traces = JSON.stringify((await w.transcript()).map(({ trace }) => trace));
      expect(traces).not.toMatch(words);
      const why = async (): Promise<string> => JSON.stringify(await explainLastReply(w.services, talk));
      for (const word of ['Utrecht', 'Liatris', 'I sail']) expect(await why()).toContain(word);
      await store.people.removeMemory(ada, 'f');
      await savePersona(w.services, ada, { facts: [] });
      await store.sessions.remove(old);
      expect(await why()).not.toMatch(words);
    });

    it('goes with the conversation it was said in', async () => {
      const old = sessionId('discord:old');
      await talked(['I applied to the nursing school in Utrecht'], { id: old });
      await w.open('maren-voss');
      await w.tell('Do you remember which school I told you about?');
      expect(w.model.prompt).toContain('Utrecht');
      await store.sessions.remove(old);
      await w.tell('Do you remember which school I told you about?');
      expect(w.model.requests.length).toBe(2);
      expect(w.model.prompt).not.toContain('Utrecht');
    });
  });
});

async function sleepOf(ms: number, signal?: AbortSignal): Promise<void> {
  const { systemClock } = await import('../../src/clock.js');
  return systemClock.sleep(ms, signal);
}
