import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explainLastReply, type WhySection } from '../../src/commands/why.js';
import { personId, turnId } from '../../src/ids.js';
import { says } from '../session/scripted-model.js';
import { ada, bank, say, talk } from '../session/world.js';
import { type CommandSetting, openSetting } from './setting.js';

let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting();
});
afterEach(() => setting.dispose());

async function explain(): Promise<Record<WhySection['topic'], readonly string[]>> {
  const explanation = await explainLastReply(setting.services, talk);
  if (!explanation) throw new Error('there is nothing to explain');
  const byTopic = Object.fromEntries(explanation.sections.map(({ topic, lines }) => [topic, lines]));
  return byTopic as Record<WhySection['topic'], readonly string[]>;
}

describe('why', () => {
  it('tells only what happened: what the reply was made without is not told as used (issue 14, F.3)', async () => {
    await setting.dispose();
    setting = await openSetting(undefined, { route: { format: 'character-llm' } });
    setting.world.model.usual = says('speaking): I hear you.<|eot|>');
    await setting.world.tell('My brother died and grief keeps me awake');
    const lines = await explain();
    expect(lines.memory).toEqual([say('why.memory.unsent')]);
    expect(lines.strategy).toEqual([say('why.strategy.unsent')]);
    const name = bank.get((await setting.world.session()).characterId)?.shortName ?? '';
    expect(lines.goal).toEqual([say('why.goal.none', { name })]);
  });

  it('has nothing to say before the first reply', async () => {
    expect(await explainLastReply(setting.services, talk)).toBeNull();
    await setting.world.open('maren-voss');
    expect(await explainLastReply(setting.services, talk)).toBeNull();
  });

  it('tells of a matched reply in whole sentences: who, memory, approach, goal, style, time, model', async () => {
    const { world, services } = setting;
    await services.store.people.addMemory({
      id: 'f',
      personId: ada,
      text: 'My brother drank too much',
      at: 1,
    });
    await world.tell('My brother died and grief keeps me awake');
    const explanation = await explainLastReply(services, talk);
    expect(explanation?.turnId).toBe(turnId(talk, 1));
    const name = bank.get((await world.session()).characterId)?.shortName ?? '';
    expect(explanation?.sections.map(({ topic, title }) => [topic, title])).toEqual([
      ['character', `Why ${name}`],
      ['memory', `What ${name} remembered`],
      ['strategy', `How ${name} tried to help`],
      ['goal', 'Where the talk was led'],
      ['style', `How ${name} speaks`],
      ['timing', 'How long it took'],
      ['model', 'Which model wrote it'],
    ]);
    const lines = await explain();
    expect(lines.character[0]).toBe(
      `${name} was picked out of ${bank.all.filter(({ matchable }) => matchable).length} characters, from what you wrote and what you have said about yourself.`,
    );
    expect(lines.character).toContain(say('why.character.lexical'));
    const [reason] = (await world.session()).matchReasons;
    expect(lines.character[1]).toBe(reason?.text);
    expect(lines.memory).toContain('A fact that you asked to be remembered: “My brother drank too much”');
    expect(lines.strategy[0]).toMatch(/^The approach was “[A-Z].+”, to .+\.$/);
    expect(lines.goal).toEqual([say('why.goal.none', { name })]);
    expect(lines.timing[0]).toMatch(
      /^The first words came after \d+\.\d+ seconds; the whole reply took \d+\.\d+ seconds\.$/,
    );
    expect(lines.model[0]).toContain('“scripted”');
    for (const line of Object.values(lines).flat()) {
      expect(line).toMatch(/^[A-Z“].*[.”]$/s);
      expect(line).not.toMatch(/[{}*_`\n]/);
    }
  });

  it('tells of a chosen character, a topic and a style that the person asked for', async () => {
    const { world, services } = setting;
    await world.open('maren-voss', {
      steering: {
        sticky: 'talk about music.',
        queue: ['ask about kids.', 'ask about pets.', 'talk about work.'],
      },
      style: { attitude: 'optimistic' },
    });
    await world.tell('hello');
    const lines = await explain();
    expect(lines.character).toEqual(['You chose.']);
    expect(lines.goal).toEqual([
      'In this reply Maren was to ask about family.',
      'That was set for this one reply.',
      '2 more topics are planned for the replies to come.',
    ]);
    expect(lines.style).toContain('You asked Maren to be hopeful and look for what is possible.');
    await services.store.sessions.update(talk, { steering: { sticky: 'talk about music.', queue: [] } });
    await world.tell('and now?');
    expect((await explain()).goal).toEqual([
      'In this reply Maren was to talk about music.',
      'That holds for every reply until it is turned off.',
    ]);
  });

  it('tells the owner in words what the message sounded like, how sure that is, and nobody else', async () => {
    const reading = { valence: -0.6, arousal: 0.2, mood: 1 };
    let ranked = [
      { label: 'lonely', probability: 0.7 },
      { label: 'sad', probability: 0.2 },
    ];
    await setting.dispose();
    setting = await openSetting(undefined, {
      services: {
        emotion: {
          kind: 'scripted',
          labels: ['lonely', 'sad'],
          classify: async (text) => (text === '' || !ranked[0] ? null : { ...reading, ...ranked[0], ranked }),
        },
      },
    });
    const { world, services } = setting;
    await world.tell('Nobody calls me', { characterId: 'maren-voss', shared: true });
    const explanation = await explainLastReply(services, talk, ada);
    expect(explanation?.sections.map(({ topic }) => topic).slice(0, 3)).toEqual([
      'character',
      'emotion',
      'memory',
    ]);
    expect((await explain()).emotion).toEqual([
      'It sounded lonely; that is rather sure.',
      say('why.emotion.guess'),
    ]);
    const forBen = await explainLastReply(services, talk, personId('discord:ben'));
    expect(JSON.stringify(forBen)).not.toMatch(/lonely|sounded|emotion/);
    ranked = ranked.map((one) => ({ ...one, probability: one.probability / 2 }));
    await world.tell('Nobody at all', { shared: true });
    expect((await explain()).emotion[0]).toBe('It may have sounded lonely or sad; that is unsure.');
    ranked = ranked.slice(0, 1);
    await world.tell('Really nobody', { shared: true });
    expect((await explain()).emotion[0]).toBe('It may have sounded lonely; that is unsure.');
    ranked = [];
    await world.tell('…', { shared: true });
    expect((await explain()).emotion).toBeUndefined();
  });

  it('names the memories of the character and why these, and says where others read along', async () => {
    await setting.dispose();
    let picks = 1;
    setting = await openSetting(undefined, {
      services: {
        selector: {
          kind: 'encoder',
          select: async (_history, candidates) => {
            const considered = candidates.map((candidate) => ({ ...candidate, score: 0.5 }));
            return { considered, chosen: considered.slice(0, picks) };
          },
        },
      },
    });
    const { world } = setting;
    const shared = { characterId: 'maren-voss', shared: true } as const;
    await world.tell('hello', shared);
    const first = (await explain()).memory;
    expect(first[0]).toMatch(/^From Maren's story \([a-z ]+\), as it was written: “.+”$/);
    expect(first[1]).toMatch(
      /^It was recalled because, of the \d memories compared, it is closest in meaning/,
    );
    expect(first[2]).toBe(say('why.memory.shared'));
    picks = 2;
    await world.tell('hello again', shared);
    expect((await explain()).memory[2]).toMatch(/^They were recalled because/);
    picks = 0;
    await world.tell('and again', shared);
    expect((await explain()).memory).toEqual([say('why.memory.nothing'), say('why.memory.shared')]);
  });

  it('says when the model is a demonstration, was asked twice, was cut, or the talk did not fit', async () => {
    await setting.dispose();
    setting = await openSetting(undefined, { route: { demo: true, contextTokens: 700, modelName: 'small' } });
    const { world } = setting;
    await world.open('maren-voss');
    for (let n = 0; n < 8; n += 1) await world.tell(`I have so much to tell you ${'and more '.repeat(20)}`);
    world.model.next(says(''), says('At last.'));
    await world.tell('are you there?');
    const { model } = await explain();
    expect(model).toContain(say('why.model.demo'));
    expect(model).toContain(say('why.model.attempts', { count: 2 }));
    expect(model.join(' ')).toMatch(/its \d+ oldest lines were left out/);
  });

  it('says so where the reply was finished after a crash and its making was lost', async () => {
    const { world, services } = setting;
    await world.open('maren-voss');
    await world.tell('hello');
    const session = await world.session();
    const lease = await services.store.lease.acquire(talk, 'other', 1_000);
    if (!lease) throw new Error('no lease');
    const entry = (await world.transcript()).at(-1);
    if (!entry) throw new Error('no reply');
    const { trace: _, ...lost } = entry;
    await services.store.sessions.commit(lease, {
      turnId: entry.turnId,
      session,
      entries: [lost],
      consumed: [],
    });
    const lines = await explain();
    expect(lines.character).toEqual(['You chose.']);
    expect(lines.timing).toEqual([say('why.timing.resumed')]);
    expect(lines.model).toBeUndefined();
  });

  it('reads a trace of an older version as far as it goes', async () => {
    const { world, services } = setting;
    await world.open('maren-voss');
    await world.tell('hello');
    const session = await world.session();
    const entry = (await world.transcript()).at(-1);
    const lease = await services.store.lease.acquire(talk, 'other', 1_000);
    if (!lease || !entry?.trace) throw new Error('no trace');
    const trace = {
      totalMs: 5,
      stages: [
        { stage: 'match', ms: 1, decision: { by: 7 } },
        { stage: 'goal', ms: 1, decision: { goal: 'talk about work.', source: 'queue', left: 0 } },
      ],
    };
    await services.store.sessions.commit(lease, {
      ...{ turnId: entry.turnId, session, entries: [{ ...entry, trace }], consumed: [] },
    });
    const lines = await explain();
    expect(Object.keys(lines)).toEqual(['character', 'goal', 'timing']);
    expect(lines.goal[0]).toBe('In this reply Maren was to talk about work.');
    expect(lines.timing).toEqual(['The reply took 0.01 seconds.']);
  });
});
