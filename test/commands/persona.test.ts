import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateAge } from '../../src/care/state-age.js';
import { stateCountry } from '../../src/care/state-country.js';
import { removeLorebook, saveLorebook } from '../../src/commands/lorebook.js';
import { suggestMatches } from '../../src/commands/match.js';
import { addMemory, forgetMemory, listMemories } from '../../src/commands/memory.js';
import {
  cleanPersona,
  personaFromForm,
  personaLimits,
  personaSchema,
  readPersona,
  savePersona,
} from '../../src/commands/persona.js';
import { erasePerson, exportPerson, pausePerson } from '../../src/commands/privacy.js';
import { personId, sessionId } from '../../src/ids.js';
import { setRemembering } from '../../src/turn/remembering.js';
import { waits } from '../session/scripted-model.js';
import { ada, gate, say, talk } from '../session/world.js';
import { type CommandSetting, openSetting } from './setting.js';

let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting(({ memory }) => ({ memory: { ...memory, maxFacts: 3 } }));
});
afterEach(() => setting.dispose());

describe('a form', () => {
  it('is read as a person fills it in', () => {
    const form = {
      name: ' Ada \n Lovelace ',
      facts: '- I work nights\n\n•  I have a dog\n  \n* tea',
      mbti: ' infp ',
      worry: ' sleep ',
    };
    expect(personaFromForm(form)).toEqual({
      name: 'Ada Lovelace',
      facts: ['I work nights', 'I have a dog', 'tea'],
      mbti: 'INFP',
      worry: 'sleep',
    });
    expect(personaFromForm({ name: ' ', mbti: 'a good one' })).toEqual({ facts: [] });
  });

  it('never holds more than a persona may, and reads again as itself', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4_000 });
    const facts = fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { maxLength: 40 });
    fc.assert(
      fc.property(text, facts, text, text, (name, lines, mbti, worry) => {
        const persona = personaFromForm({ name, facts: lines.join('\n'), mbti, worry });
        expect(personaSchema.safeParse(persona).success).toBe(true);
        expect(persona.facts.length).toBeLessThanOrEqual(personaLimits.facts);
        expect([persona.name, persona.worry, ...persona.facts]).not.toContain('');
        expect(JSON.stringify(persona)).not.toMatch(/\\ud[89ab][0-9a-f]{2}"/);
        expect(personaFromForm({ ...persona, facts: persona.facts.join('\n') }).worry).toBe(persona.worry);
      }),
      { numRuns: 200 },
    );
  });
});

describe('who a person is', () => {
  it('is kept with the rest of their profile', async () => {
    const { services, clock } = setting;
    expect(await readPersona(services, ada)).toEqual({ facts: [] });
    await pausePerson(services, ada, true);
    clock.pass(1_000);
    const saved = await savePersona(services, ada, { facts: ['I bake'], name: 'Ada' });
    expect(saved).toMatchObject({ paused: true, personId: ada });
    expect(saved.updatedAt - saved.createdAt).toBeGreaterThanOrEqual(1_000);
    const resumed = await pausePerson(services, ada, false);
    expect(resumed).toMatchObject({ paused: false, persona: { facts: ['I bake'], name: 'Ada' } });
    expect(await services.store.people.profile(ada)).toEqual(resumed);
  });

  it('holds all that is changed of it at once', async () => {
    const { services } = setting;
    const { store } = services;
    const book = JSON.stringify({ entries: [{ keys: ['boat'], content: 'I own a boat' }] });
    await pausePerson(services, ada, false);
    await setRemembering(services, ada, 'on');
    await Promise.all([
      savePersona(services, ada, { facts: ['I bake'], name: 'Ada' }),
      setRemembering(services, ada, 'off'),
      stateAge(services, ada, '16'),
      stateCountry(services, { person: ada, typed: 'GB' }),
      saveLorebook(services, ada, book),
      pausePerson(services, ada, true),
    ]);
    const profile = await store.people.profile(ada);
    expect(profile).toMatchObject({
      persona: { facts: ['I bake'], name: 'Ada', age: 16, country: 'GB' },
      ageAt: expect.any(Number),
      paused: true,
      lorebook: { entries: [{ keys: ['boat'] }] },
    });
    expect(profile?.remembering).toBeUndefined();
    await Promise.all([
      removeLorebook(services, ada),
      setRemembering(services, ada, 'ask'),
      savePersona(services, ada, { facts: [] }),
    ]);
    expect(await store.people.profile(ada)).toMatchObject({
      persona: { facts: [], age: 16, country: 'GB' },
      remembering: { mode: 'ask' },
    });
    expect((await store.people.profile(ada))?.lorebook).toBeUndefined();
  });

  it('keeps the country they named until they take it back, and goes with everything else', async () => {
    const { services } = setting;
    const form = (country?: string) =>
      savePersona(services, ada, cleanPersona(personaSchema.parse({ facts: ['I bake'], country })));
    expect((await form('uk')).persona).toEqual({ facts: ['I bake'], country: 'GB' });
    expect((await form()).persona.country).toBe('GB');
    expect(
      (await suggestMatches(services, ada, personaFromForm({ worry: 'sleep' }), 1)).matches,
    ).toHaveLength(1);
    expect((await readPersona(services, ada)).country).toBe('GB');
    expect((await exportPerson(services, ada)).json.text).toContain('"country": "GB"');
    expect((await form('')).persona).toEqual({ facts: ['I bake'] });
    await form('GB');
    await erasePerson(services, ada);
    expect(await readPersona(services, ada)).toEqual({ facts: [] });
    expect(personaSchema.safeParse({ facts: [], country: 'QQ' }).success).toBe(false);
  });

  it('decides the matches, best first with reasons, and is kept', async () => {
    const { services } = setting;
    const persona = { facts: [], worry: 'My husband died and grief keeps me awake' };
    const { matches } = await suggestMatches(services, ada, persona, 3);
    expect(matches).toHaveLength(3);
    expect(matches[0]?.character.tags).toContain('grief');
    for (const { reasons } of matches) expect(reasons.length).toBeGreaterThan(0);
    expect(await readPersona(services, ada)).toEqual(persona);
  });
});

describe('facts about a person', () => {
  it('are added up to the limit, listed and forgotten', async () => {
    const { services, clock } = setting;
    const kept = await addMemory(services, ada, `  ${'long '.repeat(200)}`, talk);
    expect(kept.text.length).toBeLessThanOrEqual(500);
    expect(kept.sessionId).toBe(talk);
    for (const text of ['two', 'three']) {
      clock.pass(1);
      await addMemory(services, ada, text);
    }
    await expect(addMemory(services, ada, 'four')).rejects.toMatchObject({
      code: 'RAPPORT_E_ENTRY_REFUSED',
      message: say('memory.full', { limit: 3 }),
    });
    await expect(addMemory(services, ada, ' \n')).rejects.toMatchObject({ message: say('remember.empty') });
    expect(await forgetMemory(services, ada, kept.id)).toEqual(kept);
    expect(await forgetMemory(services, ada, kept.id)).toBeNull();
    expect((await listMemories(services, ada)).map(({ text }) => text)).toEqual(['two', 'three']);
  });
});

describe('the data of a person', () => {
  it('is exported as a file', async () => {
    const { services, clock } = setting;
    clock.goTo(Date.UTC(2027, 4, 6, 12));
    await addMemory(services, ada, 'I bake');
    const {
      json: { name: fileName, text: json },
      page,
    } = await exportPerson(services, ada);
    expect(fileName).toBe('rapport-export-2027-05-06.json');
    expect(JSON.parse(json)).toMatchObject({ personId: ada, memories: [{ text: 'I bake' }] });
    expect(page.name).toBe('rapport-export-2027-05-06.html');
  });

  it('is a page to read, in which nothing that somebody wrote is markup (issue 13 §4)', async () => {
    const { services, world } = setting;
    const evil = `<script>alert(1)</script> "&' \u202e`;
    await savePersona(services, ada, { name: evil, facts: [evil], worry: 'exams', age: 41, country: 'GB' });
    await addMemory(services, ada, 'I bake <b>bread</b>');
    await world.tell(evil);
    await world.store.transcript.feedback(
      talk,
      (await world.store.transcript.page(talk, { limit: 1 })).entries[0]?.id ?? '',
      'up',
    );
    const { page } = await exportPerson(services, ada);
    const text = page.text.replace(/<(?!\/?(script|b>bread))[^>]*>/g, '');
    for (const part of [
      '&#60;script&#62;alert(1)',
      'exams',
      '41',
      'GB',
      'I bake &#60;b&#62;bread',
      'I hear you',
      '👍',
    ])
      expect(text).toContain(part);
    expect(page.text).not.toMatch(/<script|<b>bread|\son\w+=|src=|href=/);
    expect(page.text).toContain("default-src 'none'");
    expect(page.text).toMatch(/<time datetime="2/);
    const { page: nobody } = await exportPerson(services, personId('web:nobody'));
    expect(nobody.text).toContain(services.say('export.none'));
  });

  it('is erased together with a reply that is being written', async () => {
    const { services, world } = setting;
    const held = gate();
    await world.tell('my secret');
    for (let n = 0; n < 3; n += 1)
      await world.tell('another secret', { sessionId: sessionId(`discord:thread:${n}`) });
    world.model.next(waits('I will never tell', held.opened));
    await world.post('another one');
    await world.model.asked(5);
    expect(await erasePerson(services, ada)).toMatchObject({ sessions: 4 });
    await world.sessions.settled(talk);
    held.open();
    expect(world.model.aborted).toBe(1);
    const { sessions, waiting, sharedLines } = await services.store.people.export(ada, 1);
    expect({ sessions, waiting, sharedLines }).toEqual({ sessions: [], waiting: [], sharedLines: [] });
  });
});
