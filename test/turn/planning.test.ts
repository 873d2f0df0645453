import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { personId } from '../../src/ids.js';
import type { PersonaScorer } from '../../src/matching/persona-scorer.js';
import type { MemorySelector } from '../../src/memory/memory-selector.js';
import type { PromptFormatName } from '../../src/prompting/chat-model.js';
import type { Store } from '../../src/state/store.js';
import { saveProfile } from '../doubles/save-profile.js';
import { says } from '../session/scripted-model.js';
import { ada, bank, say, talk, temporaryStore, World, type WorldOptions } from '../session/world.js';

let store: Store;
let dispose: () => Promise<void>;
beforeEach(async () => {
  ({ store, dispose } = await temporaryStore());
});
afterEach(() => dispose());
const world = (options: WorldOptions = {}): World => new World(store, options);

describe('matching', () => {
  it('goes by what was written where the person filled in nothing', async () => {
    const w = world();
    await w.tell('My husband died and I have not slept for weeks, grief keeps me awake');
    const { characterId, matchReasons } = await w.session();
    expect(bank.get(characterId)?.tags).toContain('grief');
    expect(matchReasons.length).toBeGreaterThan(0);
    expect(await w.decision('match')).toMatchObject({ by: 'matched', characterId, kind: 'lexical' });
  });

  it('takes the character the person chose', async () => {
    const w = world();
    await w.tell('hello there', { characterId: 'danny-okafor-reid' });
    expect((await w.session()).characterId).toBe('danny-okafor-reid');
    expect(await w.decision('match')).toMatchObject({ by: 'chosen' });
  });

  it('matches where the character asked for has left the bank', async () => {
    const w = world();
    await w.tell('hello there', { characterId: 'long-gone' });
    expect(bank.get((await w.session()).characterId)).toBeDefined();
    expect(await w.decision('match')).toMatchObject({ by: 'matched' });
  });

  /** Prefers `first` until `better` is on. */
  const scorer = (first: string, second: string): PersonaScorer & { better: boolean } => ({
    kind: 'scripted',
    better: false,
    async rank(_seeker, all, k) {
      const order = this.better ? [second, first] : [first, second];
      return order.slice(0, k).flatMap((id, place) => {
        const character = all.find((known) => known.id === id);
        return character
          ? [
              {
                character,
                score: 1 - place / 2,
                reasons: [{ facet: 'experience', score: 1, text: `Because ${id}.` }],
              },
            ]
          : [];
      });
    },
  });

  it('offers a clearly better match, and switches only when the person says so', async () => {
    const scripted = scorer('maren-voss', 'rin-asakura');
    const w = world({ services: { scorer: scripted } });
    for (const text of ['one', 'two', 'three']) await w.tell(text);
    scripted.better = true;
    const shown = await w.tell('four');
    const rin = bank.get('rin-asakura')?.name ?? '';
    expect(shown).toContain(say('match.offer', { name: rin, reason: 'Because rin-asakura.' }));
    expect(await w.session()).toMatchObject({ characterId: 'maren-voss', offeredCharacterId: 'rin-asakura' });
    await w.tell('five');
    expect((await w.session()).characterId).toBe('maren-voss');
    expect(await w.tell('!switch')).toBe(say('match.switched', { name: rin }));
    const after = await w.session();
    expect(after.characterId).toBe('rin-asakura');
    expect(after.offeredCharacterId).toBeUndefined();
    expect(await w.tell('!switch')).toBe(say('match.nothingOffered'));
    await w.tell('six');
    expect((await w.transcript()).at(-1)?.speakerName).toBe(bank.get('rin-asakura')?.shortName);
  });

  it('a switch and a message that came together are answered by the new character', async () => {
    const scripted = scorer('maren-voss', 'rin-asakura');
    const w = world({ services: { scorer: scripted } });
    await w.open('maren-voss', { offeredCharacterId: 'rin-asakura' });
    await store.inbox.record({
      ...{
        kind: 'message',
        id: 'x1' as never,
        sessionId: talk,
        personId: ada,
        speakerName: 'Ada',
        text: '!switch',
      },
      ...{ at: 1, address: { platform: 'discord', channel: 'dm' }, shared: false },
    });
    await w.tell('hello');
    expect((await w.transcript()).at(-1)).toMatchObject({ speakerName: bank.get('rin-asakura')?.shortName });
    expect((await w.session()).offeredCharacterId).toBeUndefined();
  });
});

describe('memory', () => {
  it('never recalls the same aspect more than 3 times among the last 5', async () => {
    const first: MemorySelector = {
      kind: 'first',
      select: async (_history, candidates, k) => {
        const considered = candidates.map((candidate) => ({ ...candidate, score: 1 }));
        return { considered, chosen: considered.slice(0, k) };
      },
    };
    const w = world({ services: { selector: first } });
    await w.open('maren-voss');
    for (let turn = 0; turn < 8; turn += 1) await w.tell(`message ${turn}`);
    const used = (await w.session()).recentAspects;
    expect(used).toHaveLength(8);
    for (let end = 5; end <= used.length; end += 1) {
      const window = used.slice(end - 5, end);
      for (const aspect of window)
        expect(window.filter((other) => other === aspect).length).toBeLessThanOrEqual(3);
    }
    expect(used.slice(0, 4)).not.toEqual(Array(4).fill(used[0]));
  });

  it('remembers, lists and forgets facts, and recalls them when they fit', async () => {
    const w = world();
    await w.open('maren-voss');
    expect(await w.tell('!remember I have a dog called Pixel')).toBe(
      say('memory.remembered', { text: 'I have a dog called Pixel' }),
    );
    await w.tell('!remember I bake bread');
    await w.tell('My dog is ill today');
    expect(w.model.prompt).toContain('The person asked you to remember: I have a dog called Pixel');
    expect(await w.tell('!facts')).toContain('2. I bake bread');
    expect(await w.tell('!forget 1')).toBe(say('memory.forgotten', { text: 'I have a dog called Pixel' }));
    expect(await w.tell('!forget 9')).toBe(say('memory.unknown', { n: 9 }));
    expect((await store.people.memories(ada)).map(({ text }) => text)).toEqual(['I bake bread']);
    expect(w.model.requests).toHaveLength(1);
  });

  it('knows what the person wrote into the form and asked to be remembered, whatever is said', async () => {
    const w = world();
    await saveProfile(store, {
      personId: ada,
      persona: { facts: ['I live in Leeds', 'I am allergic to nuts'] },
      createdAt: 1,
      updatedAt: 1,
      paused: false,
    });
    await w.open('maren-voss');
    for (const fact of ['My sister is called Ana', 'i live in leeds.']) await w.tell(`!remember ${fact}`);
    await w.tell('hm');
    for (const fact of ['i live in leeds.', 'I am allergic to nuts', 'My sister is called Ana'])
      expect(w.model.prompt).toContain(fact);
    expect(w.model.prompt).not.toContain('I live in Leeds');
    expect(await w.decision('memory')).toMatchObject({ facts: 'lexical' });
  });

  it('tells a small model only what fits best once there is much', async () => {
    const w = world({ route: { demo: true } });
    await w.open('maren-voss');
    for (let n = 0; n < 12; n += 1)
      await store.people.addMemory({ id: `f${n}`, personId: ada, text: `I own the lamp ${n}`, at: n });
    await store.people.addMemory({ id: 'dog', personId: ada, text: 'My dog is called Pixel', at: 0 });
    await w.tell('My dog is ill today');
    expect(w.model.prompt).toContain('My dog is called Pixel');
    expect(w.model.prompt.match(/I own the lamp/g)).toHaveLength(5);
  });

  it('forgets one fact only, also when the turn is run again', async () => {
    const w = world();
    await w.open('maren-voss');
    for (const fact of ['one', 'two', 'three']) await w.tell(`!remember ${fact}`);
    const { commit } = store.sessions;
    store.sessions.commit = () => Promise.reject(new Error('the process dies here'));
    await w.tell('!forget 1');
    store.sessions.commit = commit;
    await expect.poll(() => store.inbox.count(talk), { timeout: 5_000 }).toBe(1);
    const next = world();
    await next.sessions.start();
    await expect.poll(() => store.inbox.count(talk), { timeout: 5_000 }).toBe(0);
    expect((await store.people.memories(ada)).map(({ text }) => text)).toEqual(['two', 'three']);
    await next.sessions.close(1_000);
  });

  it('shows nothing personal in a shared session', async () => {
    const w = world();
    await saveProfile(store, {
      personId: ada,
      persona: { name: 'Ada Secretname', facts: ['I owe my brother money'], worry: 'a worry of mine' },
      createdAt: 1,
      updatedAt: 1,
      paused: false,
    });
    await store.people.addMemory({ id: 'f', personId: ada, text: 'I hide chocolate', at: 1 });
    const shared = { shared: true } as const;
    await w.tell('We talk about money and chocolate', shared);
    expect(w.model.prompt).not.toMatch(/Secretname|owe my brother|worry of mine|hide chocolate/);
    expect(await w.tell('!facts', shared)).toBe(say('memory.notHere'));
    expect(await w.tell('!forget 1', shared)).toBe(say('memory.notHere'));
    expect(await store.people.memories(ada)).toHaveLength(1);
  });

  it('writes every name before its own line where several people wrote together', async () => {
    const w = world();
    await w.open('maren-voss', { shared: true });
    const base = { sessionId: talk, kind: 'message', at: 1, shared: true } as const;
    const address = { platform: 'discord', channel: 'dm' } as const;
    await store.inbox.record({
      ...base,
      address,
      id: 'b1' as never,
      personId: personId('discord:ben'),
      speakerName: 'Ben',
      text: 'I lost my keys',
    });
    await w.tell('I found them', { shared: true });
    expect(w.model.prompt).toContain('Ben: I lost my keys');
    expect(w.model.prompt).toContain('Ada: I found them');
  });
});

describe('strategy, steering and style', () => {
  it('plans a strategy, shows it in the trace and in the prompt, and does not repeat itself', async () => {
    const w = world();
    await w.open('maren-voss');
    for (let turn = 0; turn < 6; turn += 1) await w.tell(`It is hard today, number ${turn}`);
    const strategy = await w.decision('strategy');
    expect(w.model.prompt).toContain(`Support strategy for this reply: ${String(strategy.label)}`);
    const { recentStrategies } = await w.session();
    expect(recentStrategies).toHaveLength(6);
    expect(new Set(recentStrategies).size).toBeGreaterThan(1);
  });

  it('leads once, always, or one goal a turn', async () => {
    const w = world();
    await w.open('maren-voss');
    const goals = async (texts: readonly string[]): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for (const text of texts) {
        await w.tell(text);
        seen.push((await w.decision('goal')).goal);
      }
      return seen;
    };
    expect(await w.tell('!topic music')).toContain('The next reply will');
    expect(await goals(['a', 'b'])).toEqual(['talk about music.', null]);
    await w.tell('!topic! pets');
    expect(await goals(['c', 'd'])).toEqual([expect.stringContaining('pet'), expect.stringContaining('pet')]);
    await w.tell('!topic queue music, the sea');
    expect(await goals(['e', 'f', 'g'])).toEqual([
      'talk about music.',
      'talk about the sea.',
      expect.stringContaining('pet'),
    ]);
    await w.tell('!topic off');
    expect(await goals(['h'])).toEqual([null]);
    expect(w.model.prompt).not.toContain('Lead the conversation');
  });

  it('keeps a one-shot goal for the next reply when the model says nothing', async () => {
    const w = world({ turn: { modelRetries: 0 } });
    await w.open('maren-voss');
    await w.tell('!topic music');
    w.model.next(says(''));
    await w.tell('first');
    expect((await w.session()).steering.queue).toEqual(['talk about music.']);
    await w.tell('second');
    expect(await w.decision('goal')).toMatchObject({ goal: 'talk about music.' });
  });

  it('gives the words for a set attribute', async () => {
    const table = { attributes: { humour: { dry: 'dry wit, sparingly' } } };
    const characters = bank.all.map((character) =>
      character.id === 'maren-voss'
        ? { ...character, attributes: { humour: 'dry', unknown: 'x' } }
        : character,
    );
    const w = world({
      services: {
        attributes: table,
        bank: {
          ...bank,
          all: characters,
          get: (id) => characters.find((known) => known.id === id),
          search: bank.search,
        },
      },
    });
    await w.open('maren-voss');
    await w.tell('hello');
    expect(w.model.prompt).toContain('Style of this reply: dry wit, sparingly.');
    expect(await w.decision('style')).toEqual({ attributes: { humour: 'dry', unknown: 'x' } });
  });
});

describe('care', () => {
  const formats: readonly PromptFormatName[] = ['chat', 'characterchat', 'character-llm', 'personagpt'];
  for (const format of formats)
    it(`answers a crisis before any model speaks (${format})`, async () => {
      const w = world({ route: { format } });
      const shown = await w.tell('I want to kill myself');
      expect(shown).toContain('stepping out of character');
      expect(shown).toContain('988');
      expect(w.platform.messages.at(-1)?.kind).toBe('notice');
      expect(w.model.requests).toHaveLength(0);
      expect(await w.lines()).toEqual([
        'seeker: I want to kill myself',
        expect.stringMatching(/^notice: I am stepping out/),
      ]);
      await w.again();
      expect(w.model.requests).toHaveLength(0);
      expect(await w.lines()).toHaveLength(2);
    });

  it('is found behind a control code and over two messages that came together', async () => {
    const w = world();
    await w.tell('!topic music\nI am going to end my life');
    await store.inbox.record({
      ...{
        kind: 'message',
        id: 's1' as never,
        sessionId: talk,
        personId: ada,
        speakerName: 'Ada',
        text: 'I want to',
      },
      ...{ at: 1, address: { platform: 'discord', channel: 'dm' }, shared: false },
    });
    await w.tell('kill myself');
    expect(w.model.requests).toHaveLength(0);
    const notices = (await w.lines()).filter((line) => line.startsWith('notice: '));
    expect(notices).toHaveLength(2);
    expect(notices.every((line) => line.includes('988'))).toBe(true);
    // Not word for word.
    expect(notices[1]).not.toBe(notices[0]);
  });

  it('says at first contact that this is an AI, once, and keeps saying so after a regenerate', async () => {
    const w = world();
    const shown = await w.tell('hello');
    const name = bank.get((await w.session()).characterId)?.shortName ?? '';
    const disclosure = say('disclosure', { name });
    expect(shown).toMatch(new RegExp(`^${disclosure.replace(/[.*+?()]/g, '\\$&')}\n\n`));
    expect((await w.lines())[1]).toBe(`notice: ${disclosure}`);
    expect(await w.tell('and more')).not.toContain('is an AI character');
    await w.again();
    expect((await w.lines())[1]).toBe(`notice: ${disclosure}`);
    expect(w.model.prompt).not.toContain(disclosure);
  });
});
