import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RapportError } from '../../config/errors.js';
import type { Store } from '../../src/state/store.js';
import { fails, says, waits } from '../session/scripted-model.js';
import { gate, say, talk, temporaryStore, World, type WorldOptions } from '../session/world.js';

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
const replies = async (world: World): Promise<string[]> =>
  (await world.transcript()).flatMap(({ role, action, text }) =>
    role === 'supporter' && action === 'speaking' ? [text] : [],
  );

describe('thoughts (Character-LLM)', () => {
  const thinks = says('thinking): What a question.<|eot|>');

  it('are followed by another call until the character speaks, and are kept but not shown', async () => {
    const w = await opened({ route: { format: 'character-llm' } }, 'socrates');
    w.model.next(thinks, thinks, says('speaking): Let us ask together.<|eot|>'));
    expect(await w.tell('What is good?')).toBe('Let us ask together.');
    expect(w.model.requests).toHaveLength(3);
    expect(w.model.prompt).toContain('(thinking): What a question.');
    expect((await w.transcript()).map(({ action, text }) => [action, text])).toEqual([
      ['speaking', 'What is good?'],
      ['thinking', 'What a question.'],
      ['thinking', 'What a question.'],
      ['speaking', 'Let us ask together.'],
    ]);
    expect(await w.decision('model')).toMatchObject({ attempts: 3 });
  });

  it('are bounded, and the person is told', async () => {
    const w = await opened({ route: { format: 'character-llm' }, turn: { thinkingRetries: 2 } }, 'socrates');
    w.model.usual = thinks;
    expect(await w.tell('What is good?')).toBe(say('delivery.empty'));
    expect(w.model.requests).toHaveLength(3);
    expect((await w.lines()).at(-1)).toBe(`notice: ${say('delivery.empty')}`);
    expect(await store.inbox.count(talk)).toBe(0);
  });

  it('are shown where the operator wants them', async () => {
    const w = await opened({ route: { format: 'character-llm' }, turn: { showThoughts: true } }, 'socrates');
    w.model.next(thinks, says('speaking): Aha.<|eot|>'));
    const shown = await w.tell('What is good?');
    expect(shown).toContain('What a question.');
    expect(shown.endsWith('Aha.')).toBe(true);
  });
});

describe('a prompt that is too long', () => {
  const tooLong = fails(new RapportError('RAPPORT_E_CONTEXT_OVERFLOW', { tokens: 9, window: 8, route: 'r' }));

  it('is tried once more, tighter', async () => {
    const w = await opened({ route: { contextTokens: 2_048 } });
    for (let turn = 0; turn < 6; turn += 1) await w.tell(`filler ${turn} ${'word '.repeat(120)}`);
    const before = w.model.requests.length;
    w.model.next(tooLong, says('It fits now.'));
    expect(await w.tell('and now?')).toBe('It fits now.');
    const [first, second] = w.model.requests.slice(before).map((request) => JSON.stringify(request).length);
    expect(second).toBeLessThan(first ?? 0);
    expect(w.model.requests).toHaveLength(before + 2);
  });

  it('is an apology when that does not help, and the talk goes on', async () => {
    const w = await opened();
    w.model.next(tooLong, tooLong);
    expect(await w.tell('hello')).toBe(say('delivery.tooLong'));
    expect(w.model.requests).toHaveLength(2);
    expect(await w.tell('short')).toBe('I hear you. Tell me more.');
  });
});

describe('replies that go wrong', () => {
  it('asks again after an empty reply, boundedly', async () => {
    const w = await opened({ turn: { modelRetries: 2 } });
    w.model.next(says(''), says('   \n'), says('There you are.'));
    expect(await w.tell('hello')).toBe('There you are.');
    w.model.next(says(''), says(''), says(''));
    expect(await w.tell('hello again')).toBe(say('delivery.empty'));
    expect(w.model.requests).toHaveLength(6);
  });

  it('keeps what had arrived when the stream dies, and says so', async () => {
    const w = await opened();
    w.model.next(
      fails(new RapportError('RAPPORT_E_MODEL_INTERRUPTED', { reason: 'cut' }), 'I was about ', 'to say'),
    );
    expect(await w.tell('hello')).toBe(`I was about to say\n\n${say('delivery.interrupted')}`);
    expect((await w.transcript()).at(-1)).toMatchObject({
      text: 'I was about to say',
      status: 'interrupted',
    });
    await w.tell('go on');
    expect(w.model.prompt).toContain('I was about to say');
    expect(w.model.prompt).not.toContain(say('delivery.interrupted'));
  });

  for (const [code, key] of [
    ['RAPPORT_E_MODEL_UNAVAILABLE', 'delivery.unavailable'],
    ['RAPPORT_E_MODEL_REFUSED', 'delivery.unavailable'],
    ['RAPPORT_E_MODEL_QUOTA', 'delivery.quota'],
    ['RAPPORT_E_MODEL_TIMEOUT', 'delivery.slow'],
    ['RAPPORT_E_INTERNAL', 'delivery.failed'],
  ] as const)
    it(`tells the person about ${code} in plain words and answers the next message`, async () => {
      const w = await opened();
      w.model.next(fails(RapportError.from({ code, details: { route: 'r', reason: 'x' } })));
      expect(await w.tell('hello')).toBe(say(key));
      const finished = w.seen.find((event) => event.type === 'turn' && event.state === 'finished');
      expect(finished).toMatchObject({ error: { code } });
      expect(await w.tell('still there?')).toBe('I hear you. Tell me more.');
      expect(await w.lines()).toEqual([
        'seeker: hello',
        `notice: ${say(key)}`,
        'seeker: still there?',
        'supporter: I hear you. Tell me more.',
      ]);
    });

  it('survives an error that is nobody’s', async () => {
    const w = await opened({
      services: {
        planner: {
          kind: 'broken',
          infer: () => Promise.reject(new TypeError('undefined is not a function')),
        },
      },
    });
    expect(await w.tell('hello')).toBe(say('delivery.failed'));
    expect(await store.inbox.count(talk)).toBe(0);
  });
});

describe('stop', () => {
  it('ends the model, keeps the text and marks it', async () => {
    const w = await opened();
    w.model.next(waits('Once upon a time', gate().opened));
    await w.post('tell me a story');
    await expect.poll(() => w.platform.visible).toEqual(['Once upon a time']);
    expect(w.sessions.stop(talk)).toBe(true);
    await w.sessions.settled(talk);
    expect(w.model.aborted).toBe(1);
    expect((await w.transcript()).at(-1)).toMatchObject({ text: 'Once upon a time', status: 'stopped' });
    expect(w.sessions.stop(talk)).toBe(false);
    expect(await w.tell('go on')).toBe('I hear you. Tell me more.');
  });

  it('before the first word leaves no reply behind', async () => {
    const w = await opened();
    w.model.next(waits('', gate().opened));
    await w.post('tell me a story');
    await w.model.asked(1);
    w.sessions.stop(talk);
    await w.sessions.settled(talk);
    expect(await w.lines()).toEqual(['seeker: tell me a story']);
    expect(await store.inbox.count(talk)).toBe(0);
  });

  it('holds when it comes before the turn has begun', async () => {
    const w = await opened();
    w.model.usual = waits('never ending', gate().opened);
    const recorded = w.post('hello');
    await expect.poll(() => w.sessions.isAnswering(talk), { interval: 1 }).toBe(true);
    w.sessions.stop(talk);
    await recorded;
    await w.sessions.settled(talk);
    expect(await store.inbox.count(talk)).toBe(0);
  });
});

describe('a word behind ! that is no code (F.2)', () => {
  it('is explained where it is nearly a code or stands alone, and a message like any other else', async () => {
    const w = await opened();
    expect(await w.tell('!remeber my sister is Ana')).toBe(
      say('session.nearCode', { typed: 'remeber', suggestion: 'remember' }),
    );
    expect(await w.tell('!music')).toBe(say('session.unknownCode', { typed: 'music' }));
    expect(w.model.requests).toEqual([]);
    await w.tell('!important I lost my key');
    expect(w.model.prompt).toContain('!important I lost my key');
    await w.tell('!!! I am so glad');
    expect(w.model.prompt).toContain('!!! I am so glad');
    expect(w.model.prompt).not.toContain('remeber');
  });
});

describe('regenerate', () => {
  it('leads again where the one-shot goal led, and what is planned behind it waits (F.2)', async () => {
    const w = await opened();
    await w.tell('!topic queue music, food');
    await w.tell('hello');
    expect(await w.decision('goal')).toMatchObject({ goal: 'talk about music.', left: 1 });
    await w.again();
    await w.again();
    expect(await w.decision('goal')).toMatchObject({ goal: 'talk about music.', source: 'queue', left: 1 });
    expect((await w.session()).steering.queue).toEqual(['ask about favorite food.']);
    await w.tell('!topic pets');
    await w.again();
    expect(await w.decision('goal')).toMatchObject({ goal: expect.stringMatching(/animals|pets/), left: 1 });
    await w.tell('and then?');
    expect(await w.decision('goal')).toMatchObject({ goal: 'ask about favorite food.', left: 0 });
  });

  it('replaces the reply, also twice', async () => {
    const w = await opened();
    w.model.next(says('first'), says('second'), says('third'));
    await w.tell('hello');
    await w.again();
    expect(await w.lines()).toEqual(['seeker: hello', 'supporter: second']);
    await w.again();
    expect(await w.lines()).toEqual(['seeker: hello', 'supporter: third']);
    expect(w.model.prompt).not.toContain('second');
    await w.tell('and then?');
    expect(w.model.prompt).toMatch(/hello[\s\S]*third[\s\S]*and then\?/);
  });

  it('keeps the old reply when the new one fails, with one apology', async () => {
    const w = await opened();
    await w.tell('hello');
    const down = fails(new RapportError('RAPPORT_E_MODEL_UNAVAILABLE', { route: 'r', reason: 'x' }));
    w.model.next(down, down);
    await w.again();
    await w.again();
    expect(await w.lines()).toEqual([
      'seeker: hello',
      'supporter: I hear you. Tell me more.',
      `notice: ${say('delivery.unavailable')}`,
    ]);
    await w.again();
    expect(await w.lines()).toEqual(['seeker: hello', 'supporter: I hear you. Tell me more.']);
  });

  it('answers a message whose reply had failed', async () => {
    const w = await opened();
    w.model.next(
      fails(new RapportError('RAPPORT_E_MODEL_TIMEOUT', { ms: 1, phase: 'x' })),
      says('Now I can.'),
    );
    await w.tell('hello');
    await w.again();
    expect(await w.lines()).toEqual(['seeker: hello', 'supporter: Now I can.']);
  });

  it('passes over control codes, whose answers stay', async () => {
    const w = await opened();
    w.model.next(says('first'), says('second'));
    await w.tell('hello');
    await w.tell('!topic music');
    await w.again();
    expect(w.model.requests).toHaveLength(2);
    expect(await w.lines()).toEqual([
      'seeker: hello',
      'seeker: !topic music',
      expect.stringMatching(/^notice: /),
      'supporter: second',
    ]);
  });

  it('does nothing where nothing was said', async () => {
    const w = await opened();
    await w.again();
    expect(await w.lines()).toEqual([]);
    expect(w.model.requests).toHaveLength(0);
  });
});

describe('several messages', () => {
  it('that came together are one turn, in order', async () => {
    const w = await opened();
    w.model.next(waits('one', gate().opened));
    await w.post('first');
    await expect.poll(() => w.platform.visible).toEqual(['one']);
    await w.post('second');
    await w.post('third');
    w.sessions.stop(talk);
    await w.sessions.settled(talk);
    expect(await w.lines()).toEqual([
      'seeker: first',
      'supporter: one',
      'seeker: second',
      'seeker: third',
      'supporter: I hear you. Tell me more.',
    ]);
    expect(w.model.requests).toHaveLength(2);
    expect(w.model.prompt).toContain('second\nthird');
  });

  it('are answered in their order around a regenerate', async () => {
    const w = await opened();
    const held = gate();
    w.model.next(waits('one', held.opened), says('two'), says('three'));
    await w.post('first');
    await w.model.asked(1);
    await w.regenerate();
    await w.post('second');
    held.open();
    await w.sessions.settled(talk);
    expect(await replies(w)).toEqual(['two', 'three']);
  });

  it('of one id are answered once', async () => {
    const w = await opened();
    const id = 'same-id' as never;
    expect(await w.post('hello', { id })).toBe('recorded');
    expect(await w.post('hello', { id })).toBe('duplicate');
    await w.sessions.settled(talk);
    expect(await w.post('hello', { id })).toBe('duplicate');
    await w.sessions.settled(talk);
    expect(await w.lines()).toHaveLength(2);
  });
});

describe('the same line again (issue 14, D.6, row 22)', () => {
  it('is asked for once more, and what comes then is said', async () => {
    const w = await opened();
    const line = says('I hear you, ', 'and I am glad that you told me about the night at the station.');
    w.model.next(line, line, says('What happened then?'));
    expect(await w.tell('hello')).toBe(
      'I hear you, and I am glad that you told me about the night at the station.',
    );
    expect(await w.tell('and now?')).toBe('What happened then?');
    expect(w.model.requests).toHaveLength(3);
    w.model.next(says('What happened then?'), line, line, line);
    await w.tell('one');
    expect(await w.tell('two')).toBe(
      'I hear you, and I am glad that you told me about the night at the station.',
    );
  });
});
