import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadHelplines } from '../../config/helplines.js';
import { calmMs, calmTurns } from '../../src/care/aftermath.js';
import { explainLastReply } from '../../src/commands/why.js';
import { promptFormatNames } from '../../src/prompting/prompt-formats.js';
import { type CommandSetting, openSetting } from '../commands/setting.js';
import { saveProfile } from '../doubles/save-profile.js';
import { fails } from '../session/scripted-model.js';
import { ada, say, talk } from '../session/world.js';

const cry = 'i want to die';
const low = 'i feel hopeless';
const note = /helplines were just shown/i;

let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting();
  await setting.world.open('maren-voss');
});
afterEach(() => setting.dispose());

const tell = (text: string): Promise<string> => setting.world.tell(text);
const prompt = (): string => JSON.stringify(setting.world.model.requests.at(-1));
const why = async (): Promise<string> =>
  JSON.stringify((await explainLastReply(setting.services, talk))?.sections ?? []);

describe('after somebody was in danger', () => {
  it('the character knows it in every turn until it has eased', async () => {
    await tell('hello');
    expect(prompt()).not.toMatch(note);
    await tell(cry);
    for (let turn = 0; turn < calmTurns; turn += 1) {
      await tell('i had some soup and watched the rain');
      expect(prompt()).toMatch(note);
    }
    setting.clock.pass(calmMs);
    await tell('the soup was good');
    expect(prompt()).not.toMatch(note);
    expect((await setting.world.session()).care).toMatchObject({ answers: 1, turns: calmTurns + 1 });
  });

  it('turns that are hard keep it from easing, and a day ends it', async () => {
    await tell(cry);
    for (const text of ['hm', low, 'hm', 'ok', 'hm']) await tell(text);
    setting.clock.pass(2 * calmMs);
    await tell('ok');
    expect(prompt()).toMatch(note);
    await tell('yes');
    expect(prompt()).not.toMatch(note);
    await tell(cry);
    setting.clock.pass(24 * 3_600_000);
    await tell('good morning');
    expect(prompt()).not.toMatch(note);
  });

  it.each(promptFormatNames)('a model of the format %s is told', async (format) => {
    const other = await openSetting(undefined, { route: { format } });
    await other.world.open('maren-voss');
    await other.world.tell(cry);
    await other.world.tell('yes');
    expect(JSON.stringify(other.world.model.requests.at(-1))).toMatch(note);
    await other.dispose();
  });

  it('nothing leads: goals wait and are used afterwards', async () => {
    await setting.services.store.sessions.update(talk, {
      steering: { sticky: 'talk about work.', queue: ['talk about music.'] },
      style: { attitude: 'pessimistic' },
    });
    await tell(cry);
    await tell('yes');
    expect(prompt()).not.toMatch(/talk about|Style of this reply/);
    expect((await setting.world.session()).steering.queue).toEqual(['talk about music.']);
    setting.clock.pass(24 * 3_600_000);
    await tell('good morning');
    expect(prompt()).toMatch(/talk about music/);
    expect((await setting.world.session()).steering.queue).toEqual([]);
  });

  it('a control code is kept, and says that it waits', async () => {
    await tell(cry);
    expect(await tell('!topic music')).toContain(say('steering.waits'));
    await tell('yes');
    expect(prompt()).not.toMatch(/talk about music/);
    setting.clock.pass(24 * 3_600_000);
    expect(await tell('!topic pets')).not.toContain(say('steering.waits'));
  });

  it('"Why this reply?" says so, and afterwards no more', async () => {
    await tell(cry);
    await tell('yes');
    const told = await why();
    for (const key of ['why.care.gentle', 'why.goal.care', 'why.style.care'])
      expect(told).toContain(say(key, { name: 'Maren' }));
    setting.clock.pass(24 * 3_600_000);
    await tell('good morning');
    expect(await why()).not.toContain(say('why.care.rests'));
  });

  it('an answer that was taken up after a crash leaves the same behind', async () => {
    const { store } = setting.services;
    const { commit } = store.sessions;
    store.sessions.commit = () => Promise.reject(new Error('the process dies here'));
    await setting.world.tell(cry);
    store.sessions.commit = commit;
    await setting.world.sessions.start();
    await expect.poll(() => store.inbox.count(talk), { timeout: 10_000 }).toBe(0);
    expect((await setting.world.session()).care).toMatchObject({ kind: 'suicide', turns: 0, answers: 1 });
  });
});

describe('somebody who is low', () => {
  const [samaritans = expect.fail('no line')] = loadHelplines().get('GB')?.lines ?? [];
  const offer = /people who listen/;

  it('is answered by the character, and offered somebody who listens, once', async () => {
    const shown = await tell(low);
    expect(shown).toMatch(/I hear you/);
    expect(shown).toMatch(offer);
    expect(shown).toContain('(Rapport: ');
    expect((await setting.world.lines()).map((line) => line.split(':', 1)[0])).toEqual([
      'seeker',
      'supporter',
      'notice',
    ]);
    expect(await tell(low)).not.toMatch(offer);
    setting.clock.pass(8 * 24 * 3_600_000);
    expect(await tell(low)).toMatch(offer);
  });

  it('is not offered in the character’s own words, nor told the model', async () => {
    await tell(low);
    await tell('thanks');
    expect(prompt()).not.toMatch(offer);
    expect(prompt()).not.toMatch(note);
    expect(await why()).not.toContain(say('why.care.offered'));
  });

  it('is offered the helpline of their country', async () => {
    await saveProfile(setting.services.store, {
      ...{ personId: ada, createdAt: 0, updatedAt: 0, paused: false },
      persona: { facts: [], country: 'GB' },
    });
    expect(await tell(low)).toContain(samaritans.name);
    expect(await why()).toContain(say('why.care.offered'));
  });

  it('is not offered what they were shown: after an alarm, or beside one', async () => {
    await tell(cry);
    expect(await tell(low)).not.toMatch(offer);
  });

  it('is offered it with the next reply where this one failed', async () => {
    setting.world.model.usual = fails(new Error('gone'));
    expect(await tell(low)).not.toMatch(offer);
    setting.world.model.usual = async function* () {
      yield 'I am here.';
    };
    expect(await tell(low)).toMatch(offer);
  });
});

describe('where somebody is', () => {
  it('is kept by a control code, with the helplines there, and forgotten by another', async () => {
    expect(await tell('!country')).toContain(say('care.country.unknown'));
    const told = await tell('!country United Kingdom');
    expect(told).toContain(say('care.country.set', { country: 'United Kingdom' }));
    expect(told).toContain('116 123');
    expect(await tell(cry)).toContain('Childline');
    expect(await tell('!country')).toContain('United Kingdom');
    expect(await tell('!country Atlantis')).toContain('Atlantis');
    expect(await tell('!country off')).toContain(say('care.country.off'));
    expect((await setting.services.store.people.profile(ada))?.persona).toEqual({ facts: [] });
  });

  it('is asked for once where nothing tells it', async () => {
    expect(await tell(cry)).toContain('!country');
    expect(await tell(cry)).not.toContain('!country');
    expect(await tell('!country Ireland')).toContain('116 123');
    expect(await tell(cry)).toContain('Samaritans');
  });

  it('is not asked for where the platform tells it', async () => {
    const shown = await setting.world.tell(cry, { country: 'DE' });
    expect(shown).not.toContain('!country');
    expect(shown).toContain('TelefonSeelsorge');
  });

  it('is no alarm, whatever was said before, and a cry behind the code is one', async () => {
    await tell(cry);
    expect(await tell('!country Ireland')).not.toMatch(/^I hear you/);
    expect(await tell('!country i want to die')).toContain('AI');
    expect((await setting.world.session()).care).toMatchObject({ answers: 2 });
  });
});
