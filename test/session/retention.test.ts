import { afterEach, expect, it } from 'vitest';
import { Retention } from '../../src/session/retention.js';
import type { Expiry } from '../../src/state/store.js';
import type { Logger } from '../../src/telemetry/logger.js';
import { FakeClock } from '../doubles/fake-clock.js';
import { temporaryStore } from './world.js';

const day = 24 * 3_600_000;
const none = { sessions: 0, entries: 0, memories: 0, personas: 0, unreadable: 0 };
let dispose: () => Promise<void> = async () => undefined;
afterEach(() => dispose());

async function setting(
  keepDays: { conversations: number; facts: number; personas: number },
  fails = false,
  unreadable = 0,
) {
  const temporary = await temporaryStore();
  dispose = temporary.dispose;
  const clock = new FakeClock();
  const asked: Expiry[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const log: string[] = [];
  const logger = {
    info: () => undefined,
    warn: (details: object, text: string) => log.push(`${JSON.stringify(details)} ${text}`),
  } as unknown as Logger;
  const expire = async (expiry: Expiry, signal?: AbortSignal): Promise<typeof none> => {
    asked.push(expiry);
    signals.push(signal);
    if (fails) throw new Error('away');
    return { ...none, unreadable };
  };
  const store = { ...temporary.store, expire };
  const make = (): Retention => new Retention({ store, config: { privacy: { keepDays } }, clock, logger });
  return { clock, asked, signals, log, make };
}

it('asks for what is older than the operator keeps it, once an hour over all processes (issue 13 §4)', async () => {
  const { clock, asked, make } = await setting({ conversations: 30, facts: 0, personas: 365 });
  const [one, two] = [make(), make()];
  one.start();
  two.start();
  await Promise.all([one.stop(), two.stop()]);
  expect(asked).toEqual([{ lines: clock.now() - 30 * day, personas: clock.now() - 365 * day }]);
  await clock.advance(3_600_000);
  await one.sweep();
  await two.sweep();
  expect(asked).toHaveLength(2);
});

it('does nothing where everything is kept, which is the default', async () => {
  const { asked, make } = await setting({ conversations: 0, facts: 0, personas: 0 });
  const retention = make();
  retention.start();
  await retention.stop();
  expect(asked).toEqual([]);
});

it('a failure is logged and does not end it', async () => {
  const { asked, log, make } = await setting({ conversations: 1, facts: 0, personas: 0 }, true);
  const retention = make();
  retention.start();
  await retention.stop();
  expect(asked).toHaveLength(1);
  expect(log).toHaveLength(1);
});

it('says in numbers alone that something could not be read, and ends between two steps when it is stopped (13 §4)', async () => {
  const { signals, log, make } = await setting({ conversations: 1, facts: 0, personas: 0 }, false, 3);
  const retention = make();
  await retention.sweep();
  expect(log).toEqual([
    '{"rows":3} what cannot be read was left where it is, for nobody knows how old it is',
  ]);
  expect(signals[0]?.aborted).toBe(false);
  await retention.stop();
  expect(signals[0]?.aborted).toBe(true);
});
