import type { Face } from '../../../adapters/terminal/face.js';
import { TerminalAdapter } from '../../../adapters/terminal/terminal-adapter.js';
import { TerminalChat } from '../../../adapters/terminal/terminal-chat.js';
import { systemClock, systemRandom } from '../../../src/clock.js';
import { RateBuckets } from '../../../src/delivery/rate-bucket.js';
import { personId } from '../../../src/ids.js';
import { SessionEvents } from '../../../src/session/session-events.js';
import { SessionManager } from '../../../src/session/session-manager.js';
import { TurnRunner } from '../../../src/turn/turn-runner.js';
import { ScriptedModel } from '../../session/scripted-model.js';
import { temporaryStore, World } from '../../session/world.js';
import { adapterContract } from './adapter-contract.js';

adapterContract(async () => {
  const { store, dispose } = await temporaryStore();
  const model = new ScriptedModel();
  const { services } = new World(store, { model });
  const adapter = new TerminalAdapter(systemClock.now);
  const events = new SessionEvents();
  const turns = new TurnRunner({
    services,
    events,
    adapters: new Map([['terminal', adapter]]),
    buckets: new RateBuckets(systemClock),
  });
  const { config, logger, metrics } = services;
  const sessions = new SessionManager({
    ...{ store, turns, config, logger, metrics },
    platforms: new Set(['terminal']),
    clock: systemClock,
    random: systemRandom,
  });
  await adapter.start();
  await sessions.start();
  const screen = new Map<string, string>();
  const face: Face = {
    aside: () => undefined,
    opened: () => undefined,
    message: (id, { text }) => screen.set(id, text),
    end: () => undefined,
    exchanged: () => undefined,
    answer: () => undefined,
  };
  const person = personId('terminal:ada@here');
  const chat = new TerminalChat({
    ...{ face, adapter, person },
    services: { ...services, sessions, events },
    report: () => undefined,
  });
  await chat.open(chat.character('maren-voss'));
  const session = chat.conversation?.id;
  if (!session) throw new Error('no conversation was opened');
  return {
    ...{ adapter, store, sessions, model, person, session },
    platformChars: adapter.capabilities.maxChars,
    write: (text) => chat.say(text),
    shown: () => [...screen.values()],
    pressStop: async () => chat.stop(),
    close: async () => {
      await sessions.close(0);
      await adapter.stop();
      await dispose();
    },
  };
});
