import { afterEach, beforeEach, expect, it } from 'vitest';
import { lorebookSchema } from '../../characters/lorebook.js';
import { savePersona } from '../../src/commands/persona.js';
import { mostPinned } from '../../src/memory/fact-list.js';
import type { Store } from '../../src/state/store.js';
import { onBothStores } from '../session/both-stores.js';
import { ada, bank, say, temporaryStore, World } from '../session/world.js';

onBothStores((open) => {
  let store: Store;
  let dispose: () => Promise<void>;
  let w: World;
  beforeEach(async () => {
    ({ store, dispose } = await open());
    w = new World(store);
    await w.open('maren-voss');
  });
  afterEach(() => dispose());

  it('tells where they live now, and keeps the earlier place in the list (outside, B 1)', async () => {
    for (const fact of ['I live in Bern.', 'I moved to Basel last week.']) await w.tell(`!remember ${fact}`);
    await w.tell('Which city do I live in now?');
    expect(w.model.prompt).toContain('I moved to Basel last week.');
    expect(w.model.prompt).not.toContain('Bern');
    const list = await w.tell('!facts');
    expect(list).toContain(say('memory.earlierFact', { line: '1. I live in Bern.' }));
    expect(list).toContain('2. I moved to Basel last week.');
  });

  it.each([
    ['form', 'Basel'],
    ['remembered', 'Bern'],
  ])(
    'a fact of the form has a time: the newer of the two holds, here the %s (issue 15)',
    async (last, home) => {
      const other = home === 'Basel' ? 'Bern' : 'Basel';
      const save = (at: number, ...facts: readonly string[]): Promise<unknown> =>
        savePersona({ store, clock: { ...w.services.clock, now: () => at } }, ada, { facts });
      await store.people.addMemory({ id: 'a', personId: ada, text: 'I live in Bern', at: 500 });
      await save(last === 'form' ? 600 : 400, 'I own a boat', 'I live in Basel');
      // Saved again with something new in it, a fact keeps its time.
      await save(900, 'I own a boat', 'I live in Basel', 'I like tea');
      await w.tell('Which city do I live in?');
      expect(w.model.prompt).toContain(`I live in ${home}`);
      expect(w.model.prompt).not.toContain(`I live in ${other}`);
      const list = await w.tell('!facts');
      expect(list.includes(say('memory.earlierFact', { line: '1. I live in Bern' }))).toBe(last === 'form');
    },
  );

  it('keeps what is asked for in plain words, says so, and answers the message (outside, B 4)', async () => {
    const shown = await w.tell('Please remember my sister is Ana.');
    expect(shown).toContain(say('memory.remembered', { text: 'My sister is Ana.' }));
    expect(shown).toContain('I hear you.');
    expect(w.model.prompt).toContain('Please remember my sister is Ana.');
    expect((await store.people.memories(ada)).map(({ text }) => text)).toEqual(['My sister is Ana.']);
  });

  it('keeps nothing of that where others read along', async () => {
    await w.tell('Please remember my sister is Ana.', { shared: true });
    expect(await store.people.memories(ada)).toEqual([]);
  });

  it('says that the list is full in place of a false promise', async () => {
    const { maxFacts } = w.services.config.memory;
    for (let n = 0; n < maxFacts; n += 1)
      await store.people.addMemory({ id: `f${n}`, personId: ada, text: `fact ${n}`, at: n });
    const shown = await w.tell('Please remember my sister is Ana.');
    expect(shown).toContain(say('memory.full', { limit: maxFacts }));
  });

  it('holds pinned facts in every prompt, whatever the budget, until they are unpinned', async () => {
    const route = { demo: true } as const;
    w = new World(store, { route });
    await store.people.addMemory({ id: 'oak', personId: ada, text: 'I planted an oak', at: 0 });
    for (let n = 1; n < 20; n += 1)
      await store.people.addMemory({ id: `f${n}`, personId: ada, text: `I own the lamp ${n}`, at: n });
    await w.tell('The lamp broke');
    expect(w.model.prompt).not.toContain('I planted an oak');
    expect(await w.tell('!pin 1')).toBe(say('memory.pinned', { text: 'I planted an oak' }));
    await w.tell('The lamp broke');
    expect(w.model.prompt).toContain('I planted an oak');
    expect(await w.tell('!facts')).toContain(say('memory.pinnedFact', { line: '1. I planted an oak' }));
    expect(await w.tell('!unpin 1')).toBe(say('memory.unpinned', { text: 'I planted an oak' }));
    expect((await store.people.memories(ada))[0]?.pinned).toBeUndefined();
    expect(await w.tell('!pin 99')).toBe(say('memory.unknown', { n: 99 }));
    expect(await w.tell('!pin 1', { shared: true })).toBe(say('memory.notHere'));
  });

  it('pins no more than ten', async () => {
    for (let n = 0; n <= mostPinned; n += 1)
      await store.people.addMemory({
        ...{ id: `f${n}`, personId: ada, text: `fact ${n}`, at: n },
        ...(n < mostPinned && { pinned: true }),
      });
    expect(await w.tell(`!pin ${mostPinned + 1}`)).toBe(say('memory.allPinned', { limit: mostPinned }));
  });
});

it('tells what the lorebook of the character says of what is spoken of, in notes and trace', async () => {
  const { store, dispose } = await temporaryStore();
  const maren = bank.get('maren-voss');
  if (!maren) throw new Error('no Maren');
  const lorebook = lorebookSchema.parse({
    entries: [{ keys: ['Ekeberg'], content: '{{char}} was born in Ekeberg.', name: 'home' }],
  });
  const known = { ...maren, lorebook };
  const one = { ...bank, all: [known], get: (id: string) => (id === known.id ? known : undefined) };
  const w = new World(store, { services: { bank: one as typeof bank } });
  await w.open('maren-voss');
  await w.tell('hello');
  expect(w.model.prompt).not.toContain('Ekeberg');
  await w.tell('Have you been to Ekeberg?');
  expect(w.model.prompt).toContain('What is true in your world: Maren was born in Ekeberg.');
  expect(await w.decision('memory')).toMatchObject({ lore: { told: ['home'], skipped: 0 } });
  await dispose();
});
