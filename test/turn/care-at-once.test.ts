import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { messageId } from '../../src/ids.js';
import type { InboundMessage } from '../../src/state/session.js';
import type { Store } from '../../src/state/store.js';
import { ada, talk, temporaryStore, World } from '../session/world.js';

const text = 'i want to kill myself';
let store: Store;
let dispose: () => Promise<void>;
let w: World;
beforeEach(async () => {
  ({ store, dispose } = await temporaryStore());
  w = new World(store, { capabilities: { minEditIntervalMs: 1_000, rate: { burst: 5, refillMs: 1_000 } } });
  await w.open('maren-voss');
});
afterEach(async () => {
  await w.sessions.close(0);
  await dispose();
});

async function inDanger(id = 'danger'): Promise<InboundMessage> {
  const answer = await w.services.care.answer([text], talk);
  if (!answer) throw new Error('no answer');
  return {
    kind: 'message',
    id: messageId(id),
    sessionId: talk,
    personId: ada,
    speakerName: 'Ada',
    text,
    at: systemClock.now(),
    address: { platform: 'discord', channel: 'dm' },
    shared: false,
    care: { ...answer, at: systemClock.now(), direct: true },
  };
}

const help = (): readonly string[] => w.platform.visible.filter((shown) => shown.includes('988'));

describe('help at once', () => {
  it('is said before the message is on record in a turn, and stands once in the transcript', async () => {
    const message = await inDanger();
    await w.sessions.receive(message);
    expect(help()).toHaveLength(1);
    await w.sessions.settled(talk);
    expect(help()).toHaveLength(1);
    expect(
      (await w.lines()).filter((line) => line.startsWith('notice: ') && line.includes('988')),
    ).toHaveLength(1);
    expect((await w.session()).care).toMatchObject({ kind: 'suicide', turns: 0, answers: 1 });
  });

  it('is said once, however often the platform sends the message', async () => {
    const message = await inDanger();
    await Promise.all([w.sessions.receive(message), w.sessions.receive(message)]);
    await w.sessions.receive(message);
    await w.sessions.settled(talk);
    expect(help()).toHaveLength(1);
  });

  it('is said once where the process died after it was posted', async () => {
    const message = await inDanger();
    await w.sessions.receive(message);
    await w.sessions.settled(talk);
    const next = new World(store, { platform: w.platform });
    await next.sessions.receive(message);
    await next.sessions.settled(talk);
    await next.sessions.close(0);
    expect(help()).toHaveLength(1);
  });

  it('is said by the turn where the platform refused it at first', async () => {
    w.platform.failNext('post', { retryAfterMs: 10 });
    await w.sessions.receive(await inDanger());
    await w.sessions.settled(talk);
    expect(help()).toHaveLength(1);
  });
});
