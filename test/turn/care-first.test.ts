import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageId, turnId } from '../../src/ids.js';
import type { Store } from '../../src/state/store.js';
import { ada, say, talk, temporaryStore, World } from '../session/world.js';

let store: Store;
let dispose: () => Promise<void>;
let w: World;
beforeEach(async () => {
  ({ store, dispose } = await temporaryStore());
  w = new World(store);
  await w.open('maren-voss');
});
afterEach(async () => {
  await w.sessions.close(0);
  await dispose();
});

const helplines = '988';
const message = {
  kind: 'message' as const,
  id: messageId('waiting'),
  sessionId: talk,
  personId: ada,
  speakerName: 'Ada',
  at: 1,
  address: { platform: 'discord' as const, channel: 'dm' },
  shared: false,
};
const led = async (): Promise<unknown> => (await w.session()).steering;
const nowhere = { sticky: null, queue: [] };

describe('a control code in a message of somebody in danger', () => {
  it.each([
    '!topic! i want to die',
    '!topic i want to kill myself',
    '!topic queue music, i want to die',
    '!topic! music\ni want to kill myself',
  ])('leads nowhere: %s', async (text) => {
    expect(await w.tell(text)).toContain(helplines);
    expect(await led()).toEqual(nowhere);
    expect((await w.lines()).map((line) => line.split(' ', 1)[0])).toEqual(['seeker:', 'notice:']);
    await w.tell('hello');
    expect(JSON.stringify(w.model.requests.at(-1))).not.toMatch(/talk about/);
  });

  it('is not remembered, and brings nobody else in', async () => {
    await store.sessions.update(talk, { offeredCharacterId: 'socrates' });
    expect(await w.tell('!remember i want to kill myself')).toContain(helplines);
    expect(await store.people.memories(ada)).toEqual([]);
    expect(await w.tell('!switch i want to die')).toContain(helplines);
    expect(await w.session()).toMatchObject({ characterId: 'maren-voss', offeredCharacterId: 'socrates' });
  });

  it('is not taken back either: what led before leads on', async () => {
    await w.tell('!topic! music');
    const before = await led();
    expect(await w.tell('!topic off\ni want to die')).toContain(helplines);
    expect(await led()).toEqual(before);
  });

  it('counts for nothing where the statement is in the message beside it', async () => {
    await store.inbox.record({ ...message, text: '!topic! music' });
    expect(await w.tell('i want to die')).toContain(helplines);
    expect(await led()).toEqual(nowhere);
  });

  it('counts for nothing when its answer is taken up after a crash, or refused for good', async () => {
    const lease = (await store.lease.acquire(talk, 'crashed', 60_000)) ?? expect.fail('no lease');
    await store.inbox.record({ ...message, text: '!topic! i want to die' });
    const turn = turnId(talk, 1);
    await store.outbox.intend(lease, {
      ...{ turnId: turn, segment: 0, sessionId: talk, kind: 'notice', address: message.address },
      ...{ nonce: 'n', text: 'Help: 988', final: true, covers: [message.id], receipt: null },
    });
    await store.lease.release(lease);
    w.sessions.wake(talk);
    await w.sessions.settled(talk);
    expect(w.platform.visible).toEqual(['Help: 988']);
    expect(await led()).toEqual(nowhere);
    w.platform.failNext('post', { permanent: true });
    await w.tell('!topic! i want to die');
    expect(await led()).toEqual(nowhere);
  });

  it('is answered with the same words when it is asked anew', async () => {
    await w.tell('hello');
    await w.tell('!topic! i want to die');
    expect(await w.again()).toContain(helplines);
    expect(await w.lines()).toEqual([
      'seeker: hello',
      'supporter: I hear you. Tell me more.',
      'seeker: !topic! i want to die',
      expect.stringContaining(helplines),
    ]);
    expect(await w.tell('!topic music')).toContain(say('steering.set', { goal: 'talk about music.' }));
  });
});
