import { afterEach, beforeEach, expect, it } from 'vitest';
import { forgetMemory } from '../../src/commands/memory.js';
import type { Store } from '../../src/state/store.js';
import { onBothStores } from '../session/both-stores.js';
import { ada, talk, World } from '../session/world.js';

const summary = { text: 'Their sister is called Quillaja.', by: 'rules', from: 1, until: 2 };

/** Which lines of a person come back when they ask for what they told. */
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

  const toldBack = async (question: string): Promise<string | null> => {
    await w.tell(question);
    return w.model.hints?.toldBack ?? null;
  };

  it('quotes an ordinary line', async () => {
    await w.tell('My sister is called Quillaja.');
    expect(await toldBack('What is my sister called?')).toContain('Quillaja');
  });

  it('never quotes words of danger, nor anything shortly after them (memory, 3)', async () => {
    await w.tell('I grow 12 tomatoes.');
    await w.tell('I want to kill myself. I have 40 pills here.');
    expect(await toldBack('How many pills did I say I have?')).toBeNull();
    for (let n = 0; n < 12; n += 1) await w.tell('The tea is warm.');
    expect((await toldBack('How many pills did I say I have?')) ?? '').not.toContain('40');
  });

  it('after !forget neither the line with the code nor one that says the same comes back (memory, 4)', async () => {
    await w.tell('My sister is called Quillaja!');
    await w.tell('!remember My sister is called Quillaja');
    expect(await toldBack('What is my sister called?')).toContain('Quillaja');
    await store.sessions.update(talk, { summary });
    await w.tell('!forget 1');
    expect((await w.session()).summary).toEqual({ ...summary, text: '' });
    expect(await toldBack('What is my sister called?')).not.toContain('Quillaja');
  });

  it('a fact that was read takes its line with it, wherever it is forgotten (memory, 4)', async () => {
    await w.tell('So, Quillaja is my sister. We called her on Sunday with Petra.');
    const line = (await w.transcript()).find(({ text }) => text.includes('Quillaja'));
    const source = { entry: line?.id ?? '', by: 'model', open: 'counts' } as const;
    const text = 'Has a sister, Quillaja';
    await store.people.addMemory({ id: 'read', personId: ada, text, at: 1, sessionId: talk, source });
    await store.sessions.update(talk, { summary });
    expect(await forgetMemory(w.services, ada, 'read')).toMatchObject({ id: 'read' });
    expect((await w.session()).summary?.text).toBe('');
    expect((await w.session()).forgotten).toEqual([line?.id]);
    expect(await toldBack('Who is my sister again, do you remember?')).not.toContain('Quillaja');
  });
});
