import { type Face, ScreenFace } from '../../../adapters/terminal/face.js';
import { plainPaint } from '../../../adapters/terminal/reply-printer.js';
import { TerminalAdapter } from '../../../adapters/terminal/terminal-adapter.js';
import { TerminalChat } from '../../../adapters/terminal/terminal-chat.js';
import type { RapportError } from '../../../config/errors.js';
import { systemClock, systemRandom } from '../../../src/clock.js';
import { RateBuckets } from '../../../src/delivery/rate-bucket.js';
import { personId } from '../../../src/ids.js';
import { SessionEvents } from '../../../src/session/session-events.js';
import { SessionManager } from '../../../src/session/session-manager.js';
import { TurnRunner } from '../../../src/turn/turn-runner.js';
import { ScriptedModel } from '../../session/scripted-model.js';
import { temporaryStore, World } from '../../session/world.js';

/** A person at a terminal, in this process: what is written is in `screen`, unless another face shows it. */
export async function terminalSetting(face?: Face) {
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
  let screen = '';
  const failures: RapportError[] = [];
  const person = personId('terminal:ada@here');
  const chat = new TerminalChat({
    ...{ adapter, person },
    face:
      face ??
      new ScreenFace((text) => {
        screen += text;
      }, plainPaint),
    services: { ...services, sessions, events },
    report: (error) => failures.push(error),
  });
  return {
    ...{ chat, adapter, store, model, sessions, person, failures },
    /** What was written since the last call. */
    screen: () => {
      const seen = screen;
      screen = '';
      return seen;
    },
    close: async () => {
      await sessions.close(0);
      await adapter.stop();
      await dispose();
    },
  };
}
