import { describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from '../../../../src/clock.js';
import { RateBuckets } from '../../../../src/delivery/rate-bucket.js';
import { SessionEvents } from '../../../../src/session/session-events.js';
import { SessionManager } from '../../../../src/session/session-manager.js';
import { TurnRunner } from '../../../../src/turn/turn-runner.js';
import { ScriptedModel } from '../../../session/scripted-model.js';
import { temporaryStore, World } from '../../../session/world.js';
import { adapterContract } from '../../contract/adapter-contract.js';
import { MatrixAdapter, personOf, sessionOf } from './matrix-adapter.js';
import { MatrixDouble } from './matrix-double.js';
import { matrix } from './platform.js';

const ada = '@ada:double';

adapterContract(async () => {
  const double = await MatrixDouble.start();
  const { store, dispose } = await temporaryStore();
  const model = new ScriptedModel();
  const { services: core } = new World(store, { model });
  const { config, logger, metrics } = core;
  const adapters = new Map<string, MatrixAdapter>();
  const events = new SessionEvents();
  const turns = new TurnRunner({ services: core, events, adapters, buckets: new RateBuckets(systemClock) });
  const sessions = new SessionManager({
    ...{ store, turns, config, logger, metrics },
    platforms: adapters,
    clock: systemClock,
    random: systemRandom,
  });
  const adapter = new MatrixAdapter({ ...core, sessions, events }, double);
  adapters.set(adapter.name, adapter);
  await adapter.start((message) => sessions.receive(message));
  await sessions.start();
  const write = (body: string): Promise<void> =>
    double.happens(ada, 'm.room.message', { msgtype: 'm.text', body });
  return {
    ...{ adapter, store, sessions, model },
    person: personOf(ada),
    session: sessionOf(double.room),
    platformChars: 16_000,
    write,
    writeTwice: (text) => {
      double.tellTwice();
      return write(text);
    },
    shown: () => double.shown(),
    pressStop: () =>
      double.happens(ada, 'm.reaction', { 'm.relates_to': { rel_type: 'm.annotation', key: '⏹️' } }),
    faults: {
      refuseForGood: () => double.fail('forbidden'),
      refuseForNow: () => double.fail('limited'),
      loseAnswer: () => double.fail('lost'),
    },
    close: async () => {
      await sessions.close(0);
      await adapter.stop();
      await double.close();
      await dispose();
    },
  };
});

describe('the platform', () => {
  it('is opened only where both of its secrets are set', async () => {
    const { services, store } = await temporaryServices();
    try {
      expect(await matrix.create?.({ services, secrets: { MATRIX_URL: 'http://a' } })).toBeNull();
      const secrets = { MATRIX_URL: 'http://a', MATRIX_TOKEN: 't' };
      expect(await matrix.create?.({ services, secrets })).toMatchObject({ name: 'matrix' });
    } finally {
      await store.dispose();
    }
  });
});

async function temporaryServices() {
  const store = await temporaryStore();
  const { services, sessions, events } = new World(store.store);
  return { store, services: { ...services, sessions, events } };
}
