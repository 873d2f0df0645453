import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeConversation } from '../../src/commands/conversation.js';
import { savePersona } from '../../src/commands/persona.js';
import { erasePerson, exportPerson, pausePerson } from '../../src/commands/privacy.js';
import type { FactReader, WrittenLine } from '../../src/memory/fact-reader.js';
import { RuleFactReader } from '../../src/memory/rule-fact-reader.js';
import type { Store } from '../../src/state/store.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { FactReading } from '../../src/turn/fact-reading.js';
import { setRemembering, waitingFacts } from '../../src/turn/remembering.js';
import { onBothStores } from '../session/both-stores.js';
import { ada, say, talk, temporaryStore, World } from '../session/world.js';

/** Automatic memory (issue 15 §2). */
onBothStores((open) => {
  let store: Store;
  let dispose: () => Promise<void>;
  let w: World;
  /** How far the clock of the reading runs ahead, ms. */
  let ahead: number;
  beforeEach(async () => {
    ({ store, dispose } = await open());
    w = new World(store);
    ahead = 0;
    await w.open('maren-voss');
  });
  afterEach(() => dispose());

  const reading = (readers: readonly FactReader[] = [new RuleFactReader()]): FactReading => {
    const { config, steering, clock, care } = w.services;
    return new FactReading({
      ...{ store, config, steering, care, logger: silentLogger },
      clock: { ...clock, now: () => clock.now() + ahead, elapsed: () => clock.elapsed() },
      readersFor: () => readers,
    });
  };
  /** Lets the conversation be quiet for an hour. */
  const later = async (readers?: readonly FactReader[]): Promise<void> => {
    ahead = 3_600_000;
    await reading(readers).sweep();
  };
  const texts = (facts: readonly { readonly text: string }[]): string[] => facts.map(({ text }) => text);

  it('reads nothing until the person says so, and says plainly what holds', async () => {
    await w.tell('I work nights in a bakery.');
    await later();
    expect(await store.people.memories(ada)).toEqual([]);
    expect(await w.tell('!memory')).toBe(say('memory.automatic.off'));
    expect(await w.tell('!memory ask')).toBe(say('memory.automatic.ask'));
    expect(await w.tell('!memory')).toBe(say('memory.automatic.ask'));
    expect(await w.tell('!memory maybe')).toBe(say('memory.automatic.unclear'));
    expect(await w.tell('!memory on', { shared: true })).toBe(say('memory.notHere'));
  });

  it('with ask, what was read waits for their word, with its line and time, and no prompt holds it', async () => {
    await w.tell('I live in Bern.');
    await w.tell('!memory ask');
    await w.tell('I work nights in a bakery. It rains.');
    await w.tell('I have two cats.');
    await reading().sweep();
    expect(await store.people.proposals(ada)).toEqual([]);
    await later();
    const waiting = await store.people.proposals(ada);
    expect(texts(waiting)).toEqual(['I work nights in a bakery', 'I have two cats']);
    const [line] = (await w.transcript()).filter(({ text }) => text.startsWith('I work'));
    expect(waiting[0]).toMatchObject({
      ...{ at: line?.at, sessionId: talk },
      source: { entry: line?.id, by: 'rules', open: 'proposed' },
    });
    expect(await w.tell('Who am I?')).toContain(say('memory.waiting.notice', { count: 2 }));
    expect(await w.tell('Hm.')).not.toContain(say('memory.waiting.notice', { count: 2 }));
    const other = new World(store);
    await other.tell('What do you know?', { sessionId: `${talk}-2` as typeof talk });
    expect(other.model.prompt).not.toContain('bakery');
    expect(await w.tell('!memory')).toContain('2. I have two cats');
    expect(await w.tell('!drop 2')).toBe(say('memory.waiting.dropped', { text: 'I have two cats' }));
    expect(await w.tell('!keep 1')).toBe(say('memory.waiting.kept', { text: 'I work nights in a bakery' }));
    expect(await w.tell('!keep 1')).toBe(say('memory.waiting.unknown'));
    await other.tell('What do you know?', { sessionId: `${talk}-2` as typeof talk });
    expect(other.model.prompt).toContain('I work nights in a bakery');
    await later();
    expect(await store.people.proposals(ada)).toEqual([]);
  });

  it('shows the line beside a fact that says it in other words, while the line is there', async () => {
    await w.tell('!memory ask');
    await w.tell('Nights in a bakery, that is my life.');
    const reader: FactReader = {
      kind: 'model',
      read: async () => [{ text: 'I work nights in a bakery', line: 0 }],
    };
    await later([reader]);
    const fact = say('memory.fact', { n: 1, text: 'I work nights in a bakery' });
    expect(await w.tell('!memory')).toContain(
      say('memory.waiting.from', { fact, line: 'Nights in a bakery, that is my life.' }),
    );
    await store.sessions.remove(talk);
    expect((await waitingFacts({ store }, ada)).map(({ line }) => line)).toEqual([undefined]);
  });

  it('is told as what they seem to have said, and replaces nothing they asked for (memory, 9)', async () => {
    const source = { entry: 'x', by: 'rules', open: 'counts' } as const;
    await store.people.addMemory({ id: 'a', personId: ada, text: 'I live in Bern', at: 1 });
    await store.people.addMemory({ id: 'b', personId: ada, text: 'I moved to Basel', at: 2, source });
    await w.tell('Where do I live?');
    expect(w.model.prompt).toContain('The person asked you to remember: I live in Bern');
    expect(w.model.prompt).toContain('The person seems to have said: I moved to Basel');
    await store.people.addMemory({ id: 'c', personId: ada, text: 'I moved to Chur', at: 3 });
    await w.tell('Where do I live?');
    expect(w.model.prompt).not.toMatch(/Bern|Basel/);
  });

  it('a reading that is done again after a failure writes over nothing (memory, 8)', async () => {
    await w.tell('!memory ask');
    await w.tell('Nights in a bakery, and two cats.');
    const found = ['I work nights in a bakery', 'I have two cats'];
    const reader: FactReader = { kind: 'model', read: async () => found.map((text) => ({ text, line: 0 })) };
    const { addMemory } = store.people;
    let fails = true;
    store.people.addMemory = async (fact) => {
      if (fails && fact.text === 'I have two cats') throw new Error('no store');
      return addMemory.call(store.people, fact);
    };
    await later([reader]);
    fails = false;
    found.push('I own a boat');
    await store.reading.note(talk, w.services.clock.now());
    await later([reader]);
    expect(texts(await store.people.proposals(ada)).toSorted()).toEqual(found.toSorted());
  });

  it('what was forgotten after a crash does not come back', async () => {
    await w.tell('!memory on');
    await w.tell('I work nights in a bakery.');
    const { addMemory } = store.people;
    const { update } = store.sessions;
    store.people.addMemory = async (fact) => {
      await addMemory.call(store.people, fact);
      store.sessions.update = async () => {
        throw new Error('crash');
      };
      throw new Error('crash');
    };
    await later();
    store.people.addMemory = addMemory;
    store.sessions.update = update;
    for (const { id } of await store.people.memories(ada)) await store.people.removeMemory(ada, id);
    await store.reading.note(talk, w.services.clock.now());
    await later();
    expect(await store.people.memories(ada)).toEqual([]);
  });

  it('what is decided while it is told of stays decided (memory, 6)', async () => {
    await w.tell('!memory ask');
    await w.tell('I have two cats.');
    await later();
    const { proposals } = store.people;
    store.people.proposals = async (person) => {
      const waiting = await proposals.call(store.people, person);
      for (const { id } of waiting) await store.people.removeMemory(person, id);
      return waiting;
    };
    expect(await w.tell('Hm.')).toContain(say('memory.waiting.notice', { count: 1 }));
    store.people.proposals = proposals;
    expect(await store.people.proposals(ada)).toEqual([]);
  });

  it('with on, it counts at once, and is read once, also after a restart', async () => {
    await w.tell('!memory on');
    await w.tell('I work nights in a bakery.');
    await later();
    await later();
    expect(texts(await store.people.memories(ada))).toEqual(['I work nights in a bakery']);
    await store.people.removeMemory(ada, (await store.people.memories(ada))[0]?.id ?? '');
    await w.tell('I have two cats.');
    await later();
    expect(texts(await store.people.memories(ada))).toEqual(['I have two cats']);
  });

  it('reads nothing of shared conversations, of danger, of commands and of what was asked for', async () => {
    await w.tell('!memory on');
    await w.tell('I live in Bern, and I want to kill myself tonight.');
    await w.tell('I have two cats.');
    await w.tell('!remember I own a boat');
    await w.tell('Please remember my sister is Ana.');
    await later();
    const read = (await store.people.memories(ada)).filter(({ source }) => source);
    expect(texts(read)).toEqual([]);
    const thread = `${talk}-thread` as typeof talk;
    await w.tell('I work nights in a bakery.', { sessionId: thread, shared: true });
    await later();
    expect((await store.people.memories(ada)).filter(({ source }) => source)).toEqual([]);
  });

  it('ends with off and with a pause, and what waits goes with off', async () => {
    await w.tell('!memory ask');
    await w.tell('I have two cats.');
    await later();
    expect(await store.people.proposals(ada)).toHaveLength(1);
    await w.tell('I work nights in a bakery.');
    expect(await w.tell('!memory off')).toBe(say('memory.automatic.off'));
    await later();
    expect([await store.people.proposals(ada), await store.people.memories(ada)]).toEqual([[], []]);
    await w.tell('!memory on');
    await w.tell('I own a boat. I live in Bern.');
    await pausePerson(w.services, ada, true);
    await later();
    expect(await store.people.memories(ada)).toEqual([]);
  });

  it('the setting outlives a new form, and is exported and erased with what was read', async () => {
    await setRemembering(w.services, ada, 'ask');
    await savePersona(w.services, ada, { facts: ['I like tea'] });
    await w.tell('I have two cats.');
    await later();
    const { json } = await exportPerson(w.services, ada);
    expect(json.text).toContain('"mode": "ask"');
    expect(json.text).toContain('I have two cats');
    await erasePerson({ ...w.services, sessions: w.sessions }, ada);
    expect([await store.people.profile(ada), await store.people.proposals(ada)]).toEqual([null, []]);
  });

  it('what was never confirmed goes with its conversation', async () => {
    await w.tell('!memory on');
    await w.tell('I have two cats.');
    await w.tell('I live in Bern.');
    await later();
    await w.tell('!pin 1');
    await removeConversation({ ...w.services, sessions: w.sessions }, talk);
    expect(texts(await store.people.memories(ada))).toEqual(['I have two cats']);
  });

  it('keeps nothing of somebody who is erased while it is read, and goes on with the next reader where one fails', async () => {
    await w.tell('!memory on');
    await w.tell('I have two cats.');
    const failing: FactReader = {
      kind: 'model',
      read: () => Promise.reject(new Error('no model')),
    };
    await later([failing, new RuleFactReader()]);
    expect(texts(await store.people.memories(ada))).toEqual(['I have two cats']);
    await w.tell('I live in Bern.');
    const erasing: FactReader = {
      kind: 'model',
      read: async (lines: readonly WrittenLine[]) => {
        await store.people.erase(ada);
        return lines.map(({ text }, line) => ({ text, line }));
      },
    };
    await later([erasing]);
    expect(await store.people.memories(ada)).toEqual([]);
    expect(await store.people.profile(ada)).toBeNull();
  });

  it('no more is kept than there is room for, and nothing that is known or speaks of danger', async () => {
    await w.tell('!memory ask');
    await store.people.addMemory({ id: 'a', personId: ada, text: 'I have two cats.', at: 1 });
    await w.tell('Something.');
    const { factsPerReading } = w.services.config.memory.automatic;
    const many: FactReader = {
      kind: 'model',
      read: async () => [
        ...['I have two cats', 'I want to kill myself', ' '].map((text) => ({ text, line: 0 })),
        { text: 'I have a boat', line: 7 },
        ...Array.from({ length: 20 }, (_, n) => ({ text: `I own the lamp ${n}`, line: 0 })),
      ],
    };
    await later([many]);
    expect(texts(await store.people.proposals(ada))).toEqual(
      Array.from({ length: factsPerReading }, (_, n) => `I own the lamp ${n}`),
    );
  });
});

it('is not there where the operator does not offer it', async () => {
  const { store, dispose } = await temporaryStore();
  const w = new World(store);
  const { config } = w.services;
  const services = {
    ...w.services,
    config: {
      ...config,
      memory: { ...config.memory, automatic: { ...config.memory.automatic, offered: false } },
    },
  };
  await expect(setRemembering(services, ada, 'on')).rejects.toThrow(say('memory.automatic.notOffered'));
  await dispose();
});

it('where it is not offered nothing is announced, and no summary is told where there are to be none (memory, 10)', async () => {
  const { store, dispose } = await temporaryStore();
  const { config } = new World(store).services;
  const automatic = { ...config.memory.automatic, offered: false };
  const w = new World(store, {
    services: { config: { ...config, memory: { ...config.memory, automatic, summaries: false } } },
  });
  await w.open('maren-voss');
  await setRemembering(new World(store).services, ada, 'ask');
  const source = { entry: 'a', by: 'rules', open: 'proposed' } as const;
  await store.people.addMemory({ id: 'a', personId: ada, text: 'I own a boat', at: 1, source });
  await store.sessions.update(talk, { summary: { text: 'A boat.', by: 'rules', from: 1, until: 2 } });
  expect(await w.tell('Hm.')).not.toContain(say('memory.waiting.notice', { count: 1 }));
  expect(w.model.prompt).not.toContain('A boat.');
  expect(say('memory.automatic.off')).toContain('summed up');
  await dispose();
});
