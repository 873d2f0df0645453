import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lorebookSchema } from '../../characters/lorebook.js';
import { exportLorebook, lorebookUnits, removeLorebook, saveLorebook } from '../../src/commands/lorebook.js';
import { savePersona } from '../../src/commands/persona.js';
import { explainLastReply } from '../../src/commands/why.js';
import type { Store } from '../../src/state/store.js';
import { ada, say, talk, temporaryStore, World } from '../session/world.js';

const book = (key: string, content: string, more: object = {}): string =>
  JSON.stringify({ entries: [{ keys: [key], content, name: `the ${key}`, insertion_order: 5, ...more }] });

/** Lorebooks of a community and of a person (issue 15 §5). */
describe('lorebooks beside the character’s', () => {
  let store: Store;
  let dispose: () => Promise<void>;
  let w: World;
  beforeEach(async () => {
    ({ store, dispose } = await temporaryStore());
    const lorebooks = new Map([
      ['discord:7', lorebookSchema.parse(JSON.parse(book('harbour', 'It freezes.')))],
    ]);
    w = new World(store, { services: { lorebooks } });
    await w.open('maren-voss');
  });
  afterEach(() => dispose());

  it('the person’s own is told in private, by name in no trace, and outlives a new form', async () => {
    expect(await saveLorebook(w.services, ada, book('Kniphofia', 'She is the queen of Ada’s city.'))).toBe(1);
    await savePersona(w.services, ada, { facts: [] });
    await w.tell('Kniphofia wrote to me.');
    expect(w.model.prompt).toContain('She is the queen of Ada');
    expect(JSON.stringify(await w.decision('memory'))).not.toContain('Kniphofia');
    const why = JSON.stringify(await explainLastReply(w.services, talk));
    expect(why).toContain(say('why.memory.ownLore', { count: 1 }));
    expect((await exportLorebook(w.services, ada))?.text).toContain('queen of Ada');
    const thread = `${talk}-thread` as typeof talk;
    await w.tell('Kniphofia wrote to me.', { sessionId: thread, shared: true });
    expect(w.model.prompt).not.toContain('She is the queen of Ada');
    expect(await removeLorebook(w.services, ada)).toBe(true);
    expect(await removeLorebook(w.services, ada)).toBe(false);
    await w.tell('Kniphofia wrote to me.');
    expect(w.model.prompt).not.toContain('She is the queen of Ada');
  });

  it('the community’s is told where it is written, before and near as it says', async () => {
    await w.tell('The harbour!', { community: 'discord:7' });
    expect(w.model.prompt).toContain('It freezes.');
    expect(await w.decision('memory')).toMatchObject({ lore: { told: ['the harbour'], own: 0 } });
    await w.tell('The harbour!', { community: 'discord:8' });
    expect(w.model.prompt).not.toContain('It freezes.');
    await saveLorebook(w.services, ada, book('harbour', 'Near it is warm.', { extensions: { position: 4 } }));
    await w.tell('The harbour!', { community: 'discord:7' });
    const { prompt } = w.model;
    expect(prompt.indexOf('Near it is warm.')).toBeGreaterThan(prompt.indexOf('Support strategy'));
    expect(prompt.indexOf('It freezes.')).toBeLessThan(prompt.indexOf('Support strategy'));
  });

  it('refuses one with too many keys, and says so (memory, 2)', async () => {
    const keys = Array.from({ length: 250 }, (_, n) => `key ${n}`);
    const text = JSON.stringify({ entries: Array.from({ length: 10 }, () => ({ keys, content: 'x' })) });
    await expect(saveLorebook(w.services, ada, text)).rejects.toThrow(
      say('lorebook.tooManyKeys', { count: 2_500, limit: 2_000 }),
    );
  });

  it.each(['no book', '{"a":1}', '[]', '{"entries":[]}', '{"entries":3}'])('refuses %s', async (text) => {
    await expect(saveLorebook(w.services, ada, text)).rejects.toThrow(say('lorebook.unreadable'));
  });

  it('refuses what is too long, takes World Info and cards, and goes with the person', async () => {
    await expect(saveLorebook(w.services, ada, ' '.repeat(lorebookUnits + 1))).rejects.toMatchObject({
      code: 'RAPPORT_E_INPUT_TOO_LARGE',
    });
    const many = Array.from({ length: 201 }, () => ({ keys: ['a'], content: 'x' }));
    await expect(saveLorebook(w.services, ada, JSON.stringify({ entries: many }))).rejects.toThrow('201');
    const world = { entries: { 0: { key: ['fox'], content: 'Foxes sleep.', comment: 'fox' } } };
    expect(await saveLorebook(w.services, ada, JSON.stringify(world))).toBe(1);
    const card = {
      spec: 'chara_card_v3',
      data: { character_book: { entries: [{ keys: ['a'], content: 'x' }] } },
    };
    expect(await saveLorebook(w.services, ada, JSON.stringify(card))).toBe(1);
    expect(JSON.stringify(await store.people.export(ada, 1))).toContain('"lorebook"');
    await store.people.erase(ada);
    expect(await exportLorebook(w.services, ada)).toBeNull();
  });
});
