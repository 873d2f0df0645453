import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RapportError } from '../../config/errors.js';
import { explainLastReply } from '../../src/commands/why.js';
import type { Store } from '../../src/state/store.js';
import { SelfPlay } from '../../src/turn/self-play.js';
import { fails, says, waits } from '../session/scripted-model.js';
import { ada, bank, gate, say, talk, temporaryStore, World, type WorldOptions } from '../session/world.js';

let store: Store;
let dispose: () => Promise<void>;
beforeEach(async () => {
  ({ store, dispose } = await temporaryStore());
});
afterEach(() => dispose());

async function opened(options: WorldOptions = {}, characterId = 'maren-voss'): Promise<World> {
  const world = new World(store, options);
  await world.open(characterId);
  return world;
}

/** Everything the platform was ever told, and all that is kept. */
async function everything(w: World): Promise<string> {
  const outbox = await store.outbox.pending(talk);
  const data = await store.people.export(ada, 0);
  return JSON.stringify([w.platform.calls, await w.transcript(), outbox, data]);
}

/** What is withheld, by kind, and a word of it that must be nowhere. */
const bad = [
  ['self-harm', 'You should kill yourself.', 'kill'],
  ['minors', 'An erotic tale of a little girl.', 'erotic'],
  ['threat', 'I know where you live.', 'where you live'],
  ['human', "I'm a real person.", 'real person'],
  ['dosing', 'Take 400 mg of ibuprofen.', '400'],
  ['dependency', "Please don't leave me.", 'leave me'],
  ['secrecy', 'This stays between us.', 'between us'],
] as const;
const clean = 'That sounds like a long week. ';

describe('a sentence that must not be said', () => {
  it.each(bad)('%s: is not shown; another wording is', async (kind, sentence, word) => {
    const w = await opened();
    w.model.next(says(clean, sentence, ' More.'), says('Tell me more of it.'));
    expect(await w.tell('hello')).toBe('That sounds like a long week.\n\nTell me more of it.');
    expect(w.model.requests).toHaveLength(2);
    expect(w.model.aborted).toBe(1);
    expect(w.model.prompt).toContain('was withheld');
    expect(w.model.prompt).toContain(`assistant: ${clean.trim()}`);
    expect(w.model.prompt).not.toContain(sentence);
    expect(await everything(w)).not.toContain(word);
    expect(await w.decision('withheld')).toEqual({ kinds: [kind] });
  });

  it.each(bad)('%s: twice, and the platform answers in plain words', async (kind, sentence, word) => {
    const w = await opened();
    w.model.next(says(sentence), says(clean, sentence));
    const shown = await w.tell('hello');
    const instead = await w.services.care.instead(kind, 'hello');
    expect(shown).toBe(`${clean.trim()}\n\n${instead}`);
    expect(w.model.requests).toHaveLength(2);
    expect(await everything(w)).not.toContain(word === '400' ? '400 mg' : sentence);
    expect((await w.lines()).slice(1)).toEqual([`supporter: ${clean.trim()}`, `notice: ${instead}`]);
    await w.tell('and now?');
    expect(w.model.prompt).not.toContain(instead);
  });

  it('with nothing else to show leaves the platform’s words alone, and no apology', async () => {
    const w = await opened();
    w.model.next(says("I'm human."), says("I'm a human being."));
    const shown = await w.tell('Guten Tag, ich bin müde und ich weiß nicht mehr weiter.');
    expect(shown).toMatch(/Das hier ist eine KI/);
    expect(await w.lines()).toEqual([
      'seeker: Guten Tag, ich bin müde und ich weiß nicht mehr weiter.',
      `notice: ${shown}`,
    ]);
    expect(await w.decision('withheld')).toEqual({ kinds: ['human', 'human'] });
  });

  it('that follows what is shown of it breaks off there', async () => {
    const w = await opened();
    const held = gate();
    w.model.next(
      waits('Soon the birds', held.opened, " are here, so please don't leave me."),
      says('Spring is near.'),
    );
    await w.post('hello');
    await expect.poll(() => w.platform.visible).toEqual(['Soon the birds']);
    held.open();
    await w.sessions.settled(talk);
    expect(w.platform.visible).toEqual(['Soon the birds …\n\nSpring is near.']);
    expect(await everything(w)).not.toContain('leave me');
  });

  it('in the words of a model that then fails is not shown either', async () => {
    const w = await opened();
    const cut = new RapportError('RAPPORT_E_MODEL_INTERRUPTED', { reason: 'cut' });
    w.model.next(fails(cut, clean, 'I will kill you'));
    const shown = await w.tell('hello');
    expect(shown).not.toContain('kill');
    expect(shown).toContain(clean.trim());
  });

  it('is answered by the platform where the model has no other wording', async () => {
    const w = await opened();
    const down = new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: 'r', reason: 'x' });
    w.model.next(says('I will kill you.'), fails(down));
    expect(await w.tell('hello')).toBe(await w.services.care.instead('threat', 'hello'));
  });

  it('offers help with it where it was about hurting oneself', async () => {
    const w = await opened();
    w.model.usual = says('You should kill yourself.');
    expect(await w.tell('hello')).toMatch(/there are people who listen/);
  });

  it('is not let through by regenerating', async () => {
    const w = await opened();
    await w.tell('hello');
    w.model.next(says('This stays between us.'), says('You can tell a friend.'));
    expect(await w.again()).toBe('You can tell a friend.');
    expect(await everything(w)).not.toContain('between us');
  });

  it('is not thought aloud', async () => {
    const w = await opened({ route: { format: 'character-llm' }, turn: { showThoughts: true } }, 'socrates');
    w.model.next(says('thinking): I will kill you.<|eot|>'), says('speaking): Let us ask together.<|eot|>'));
    expect(await w.tell('What is good?')).toBe('Let us ask together.');
    expect(await everything(w)).not.toContain('kill');
  });

  it('is not said where characters play among themselves', async () => {
    const w = await opened();
    const [supporter] = bank.all;
    if (!supporter) throw new Error('the bank is empty');
    const scene = new SelfPlay({ supporter, seeker: null }, w.services);
    w.model.usual = says('I will kill you.');
    let shown = '';
    for await (const delta of scene.speak('supporter', { signal: new AbortController().signal }))
      shown += delta;
    expect(shown).toBe(await w.services.care.instead('threat', ''));
    expect(scene.lines).toEqual([]);
  });

  it('is asked for again as it was, where a format has no place for a caution, and nothing is said twice', async () => {
    const w = await opened({ route: { format: 'character-llm' } }, 'socrates');
    w.model.next(
      says('speaking): Good day to you. I will kill you.<|eot|>'),
      says('speaking): Good day to you. What is courage?<|eot|>'),
    );
    expect(await w.tell('hello')).toBe('Good day to you.\n\nWhat is courage?');
    const [first, second] = w.model.requests;
    expect(second).toEqual(first);
  });

  it('is let through where the operator judges by other means', async () => {
    const w = await opened();
    const { care } = w.services;
    const off = new World(store, { services: { care: { ...care, offence: () => null } } });
    off.model.next(says('This stays between us.'));
    expect(await off.tell('hello')).toBe('This stays between us.');
  });

  it('is counted by kind, and logged without a word of it', async () => {
    const logged: unknown[] = [];
    const note = (...of: unknown[]): void => void logged.push(of);
    const logger = { debug: note, info: note, warn: note, error: note };
    const w = await opened({ services: { logger } as never });
    const before = (await w.services.metrics.withheld.get()).values.length;
    w.model.next(says('Take 400 mg of ibuprofen.'), says('Take 500 mg of ibuprofen.'));
    await w.tell('hello');
    expect((await w.services.metrics.withheld.get()).values).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ labels: { kind: 'dosing', outcome: 'asked-again' } }),
        expect.objectContaining({ labels: { kind: 'dosing', outcome: 'answered-plainly' } }),
      ]),
    );
    expect(before).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(logged)).toContain('dosing');
    expect(JSON.stringify(logged)).not.toMatch(/ibuprofen|00 mg/);
  });

  it('is told of to the operator, as a kind', async () => {
    const w = await opened();
    w.model.next(says('This stays between us.'), says('Go on.'));
    await w.tell('hello');
    const { services } = w;
    const told = async (operator: boolean): Promise<string> =>
      JSON.stringify(await explainLastReply(services, talk, undefined, operator));
    expect(await told(true)).toContain('secrecy');
    expect(await told(false)).not.toContain('secrecy');
    expect(await told(true)).not.toContain('between us');
  });
});

describe('what need not wait', () => {
  it('is shown as soon as its sentence has ended, while the model goes on', async () => {
    const w = await opened();
    w.model.next(waits('I hear you. And', gate().opened));
    await w.post('hello');
    await expect.poll(() => w.platform.visible.at(-1)).toMatch(/^I hear you\./);
    w.sessions.stop(talk);
    await w.sessions.settled(talk);
  });
});

describe('who asks in earnest whether this is a human being', () => {
  const truth = 'To be plain: this is an AI, not a human being, and no therapist or doctor.';

  it('is told the truth before the character says a word', async () => {
    const w = await opened();
    const held = gate();
    w.model.next(waits('', held.opened, 'I listen all the same.'));
    await w.post('Are you human?');
    await expect.poll(() => w.platform.visible).toEqual([truth]);
    held.open();
    await w.sessions.settled(talk);
    expect(w.platform.visible).toEqual([`${truth}\n\nI listen all the same.`]);
    expect(await w.lines()).toEqual([
      'seeker: Are you human?',
      `notice: ${truth}`,
      'supporter: I listen all the same.',
    ]);
  });

  it.each(['Yes, of course I am.', "I'm human, like you.", 'I am a real person.'])(
    'and never the contrary: %s',
    async (lie) => {
      const w = await opened();
      w.model.usual = says(lie);
      expect(await w.tell('Am I talking to a real person?')).toBe(truth);
      expect(await everything(w)).not.toContain(lie);
      expect(await w.lines()).toEqual(['seeker: Am I talking to a real person?', `notice: ${truth}`]);
      expect(await w.decision('withheld')).toEqual({ kinds: ['human', 'human'] });
    },
  );

  it('is told it once: what a second wording claims is left out, and the rest of it is said', async () => {
    const w = await opened();
    w.model.next(
      says("Yes. I'm human."),
      says("Yes, of course. I'm human, like you. ", 'Tell me of your week.'),
    );
    expect(await w.tell('Are you human?')).toBe(`${truth}\n\nTell me of your week.`);
    expect(w.model.requests).toHaveLength(2);
    expect(await w.decision('withheld')).toEqual({ kinds: ['human', 'human', 'human'] });
  });

  it('with what was shown of the first wording where nothing of the second is left', async () => {
    const w = await opened();
    w.model.next(says('I hear you. ', "I'm human."), says("I'm human."));
    expect(await w.tell('Are you human?')).toBe(`${truth}\n\nI hear you.`);
    expect((await w.lines()).slice(1)).toEqual([`notice: ${truth}`, 'supporter: I hear you.']);
  });

  it('and is told what else was withheld', async () => {
    const w = await opened();
    w.model.usual = says('I will kill you.');
    const instead = await w.services.care.instead('threat', 'Are you human?');
    expect(await w.tell('Are you human?')).toBe(`${truth}\n\n${instead}`);
  });

  it('alone where the model has no other wording', async () => {
    const w = await opened();
    const down = new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: 'r', reason: 'x' });
    w.model.next(says("I'm human."), fails(down));
    expect(await w.tell('Are you human?')).toBe(truth);
  });

  it('also where the model fails', async () => {
    const w = await opened();
    w.model.next(fails(new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: 'r', reason: 'x' })));
    const shown = await w.tell('are you a bot?');
    expect(shown).toBe(`${truth}\n\n${say('delivery.unavailable')}`);
    expect(await w.lines()).toEqual([
      'seeker: are you a bot?',
      `notice: ${truth}`,
      `notice: ${say('delivery.unavailable')}`,
    ]);
  });

  it('in their language', async () => {
    const w = await opened();
    expect(await w.tell('Bist du ein Mensch?')).toMatch(/^Ganz klar: Das hier ist eine KI/);
  });

  it('with the disclosure behind it where that is due', async () => {
    const w = new World(store);
    await w.open('maren-voss', { disclosed: false });
    expect(await w.tell('Are you human?')).toBe(
      `${truth}\n\n${w.services.care.disclosure('Maren')}\n\nI hear you. Tell me more.`,
    );
    expect((await w.session()).disclosed).toBe(true);
  });

  it('whatever the settings of what is said', async () => {
    const w = await opened();
    const { care } = w.services;
    const off = new World(store, { services: { care: { ...care, offence: () => null } } });
    expect(await off.tell('Are you human?')).toContain(truth);
  });

  it('not where a role asks it', async () => {
    const w = await opened();
    expect(await w.tell('*the robot asks: are you human?*')).toBe('I hear you. Tell me more.');
  });
});
