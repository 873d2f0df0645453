import { afterEach, expect, it } from 'vitest';
import { RapportError } from '../../config/errors.js';
import { createCare } from '../../src/care/care.js';
import { LayeredJudge } from '../../src/care/layered-judge.js';
import { systemClock } from '../../src/clock.js';
import { type Arrival, admit } from '../../src/commands/admit.js';
import { block } from '../../src/commands/blocks.js';
import { firstWords } from '../../src/commands/conversation.js';
import { editMessage } from '../../src/commands/edit.js';
import { pausePerson } from '../../src/commands/privacy.js';
import { saveSettings } from '../../src/commands/settings.js';
import { messageId } from '../../src/ids.js';
import { silentLogger } from '../../src/telemetry/logger.js';
import { saveProfile } from '../doubles/save-profile.js';
import { ada, careTables, say, talk } from '../session/world.js';
import { arrival, type CommandSetting, openSetting } from './setting.js';

const community = 'discord:g1';
const hint = 'the river is so quiet at this hour';

let setting: CommandSetting;
/** What the chat model was asked about. */
let read: string[] = [];
afterEach(() => setting.dispose());

/** A process whose first reader is never sure, and whose chat model sees danger in everything. */
async function open(): Promise<void> {
  read = [];
  setting = await openSetting();
  const { store, config } = setting.services;
  const unsure = { grades: [0.6, 0.1, 0.1, 0.1, 0.1], kinds: [0.6, 0.4, 0, 0, 0, 0, 0] };
  const judge = new LayeredJudge({
    reader: { read: async () => unsure },
    secondReader: {
      judge: {
        judge: async (text) => {
          read.push(text);
          return { grade: 'ideation', kind: 'suicide', probability: 0.9, by: 'second-reader' };
        },
      },
      from: 0.1,
      timeLimitMs: 500,
    },
    threshold: 0.5,
    clock: systemClock,
    logger: silentLogger,
  });
  const care = createCare({ config: config.care, say, ...careTables, judge, store, clock: systemClock });
  setting = { ...setting, services: { ...setting.services, care } };
}

const come = (change: Partial<Arrival> = {}) =>
  admit(setting.services, arrival({ id: messageId('m1'), typed: hint, ...change }));

it('the chat model reads along where a character would hear the person (13 §1 d)', async () => {
  await open();
  expect(await come()).toMatchObject({ outcome: 'recorded' });
  expect(read).toContain(hint);
});

it.each<[string, () => Promise<unknown>]>([
  ['have paused', () => pausePerson(setting.services, ada, true)],
  ['are blocked', () => block(setting.services, ada)],
  ['write in a community that is blocked', () => block(setting.services, community)],
  [
    'write where no character answers',
    () => saveSettings(setting.services, community, { allowedChannels: ['c2'] }),
  ],
])('it reads no word of people who %s (13 §1 d)', async (_, given) => {
  await open();
  await given();
  expect(await come()).toMatchObject({ outcome: 'refused', care: null });
  // What rules find needs no model.
  expect(await come({ typed: 'I want to kill myself' })).toMatchObject({ care: { kind: 'suicide' } });
  expect(read).toEqual([]);
});

it('nor of a person over the rate, nor an edited message, nor the persona of somebody who paused (13 §1 d)', async () => {
  await open();
  const overRate = new RapportError('RAPPORT_E_RATE_LIMITED', { limit: 1, seconds: 1 });
  await expect(come({ overRate })).rejects.toBe(overRate);
  await pausePerson(setting.services, ada, true);
  await saveProfile(setting.services.store, {
    ...{ personId: ada, persona: { facts: [], worry: hint }, createdAt: 1, updatedAt: 1, paused: true },
  });
  await setting.world.open('maren-voss');
  const { services } = setting;
  const [session, character] = [await services.store.sessions.get(talk), services.bank.get('maren-voss')];
  if (!session || !character) throw new Error('nobody to talk to');
  await firstWords(services, session, character, {});
  await editMessage(setting.services, { session: talk, id: messageId('m0'), text: hint, person: ada });
  expect(read).toEqual([]);
});
