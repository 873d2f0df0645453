import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addMemory, listMemories, pinMemory } from '../../src/commands/memory.js';
import { exportFacts, importFacts } from '../../src/commands/memory-file.js';
import { exportPerson } from '../../src/commands/privacy.js';
import { personId } from '../../src/ids.js';
import { mostPinned } from '../../src/memory/fact-list.js';
import { ada, say } from '../session/world.js';
import { type CommandSetting, openSetting } from './setting.js';

const ben = personId('discord:ben');
let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting();
});
afterEach(() => setting.dispose());
const texts = async (person = ben): Promise<string[]> =>
  (await listMemories(setting.services, person)).map(({ text }) => text);

describe('facts in files (issue 15, import and export)', () => {
  it('come out and go in again, with when they were told and what is pinned', async () => {
    const { services } = setting;
    const oak = await addMemory(services, ada, 'I planted an oak');
    await addMemory(services, ada, 'I bake “bread”');
    await pinMemory(services, ada, oak.id, true);
    const { text: json, name } = await exportFacts(services, ada);
    expect(name).toMatch(/^rapport-facts-\d{4}-\d\d-\d\d\.json$/);
    expect(await importFacts(services, ben, json)).toBe(2);
    // Both may have been told in the same millisecond.
    const kept = (await listMemories(services, ben)).toSorted((a, b) => b.text.localeCompare(a.text));
    expect(kept).toMatchObject([
      { text: 'I planted an oak', at: oak.at, pinned: true, personId: ben },
      { text: 'I bake “bread”' },
    ]);
    expect(await importFacts(services, ben, json)).toBe(0);
  });

  it('go in from the export of everything, from a list, and from lines', async () => {
    const { services } = setting;
    await addMemory(services, ada, 'I bake');
    expect(await importFacts(services, ben, (await exportPerson(services, ada)).json.text)).toBe(1);
    expect(await importFacts(services, ben, '["I sing", {"text": "I row"}]')).toBe(2);
    expect(await importFacts(services, ben, '- I swim\r\n\n2. I dive\n')).toBe(2);
    expect(await texts()).toEqual(['I bake', 'I sing', 'I row', 'I swim', 'I dive']);
  });

  it.each(['{"facts": [', '{"other": 1}', '[7]', '', '\u0000'])('nothing comes of %j', async (file) => {
    expect(await importFacts(setting.services, ben, file)).toBe(0);
    expect(await texts()).toEqual([]);
  });

  it('keep to the room there is, to the length of a fact, and to ten pins', async () => {
    const { services } = setting;
    const { maxFacts } = services.config.memory;
    const facts = Array.from({ length: maxFacts + 5 }, (_, n) => ({
      text: `${n} ${'x'.repeat(900)}`,
      pinned: true,
    }));
    const small = JSON.stringify(facts.map(({ text, pinned }) => ({ text: text.slice(0, 600), pinned })));
    expect(await importFacts(services, ben, small.slice(0, 200_000))).toBe(maxFacts);
    const kept = await listMemories(services, ben);
    expect(Math.max(...kept.map(({ text }) => text.length))).toBe(500);
    expect(kept.filter(({ pinned }) => pinned)).toHaveLength(mostPinned);
    const last = kept.at(-1);
    await expect(pinMemory(services, ben, last?.id ?? '', true)).rejects.toMatchObject({
      message: expect.stringContaining(say('memory.allPinned', { limit: mostPinned })),
    });
    expect(await pinMemory(services, ben, 'nothing', true)).toBeNull();
  });
});
