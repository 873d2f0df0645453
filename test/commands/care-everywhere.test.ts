import { afterEach, describe, expect, it } from 'vitest';
import { type Arrival, admit } from '../../src/commands/admit.js';
import { editMessage } from '../../src/commands/edit.js';
import { suggestMatches } from '../../src/commands/match.js';
import { pausePerson } from '../../src/commands/privacy.js';
import { saveSettings } from '../../src/commands/settings.js';
import { messageId } from '../../src/ids.js';
import { waits } from '../session/scripted-model.js';
import { ada, gate, talk } from '../session/world.js';
import { arrival, type CommandSetting, openSetting } from './setting.js';

const cry = 'i want to die';
const help = /988/;
const community = 'discord:g1';

let setting: CommandSetting;
/** What keeps model and store waiting; opened when a test is over. */
let held = gate();
afterEach(async () => {
  held.open();
  setting.world.sessions.stop(talk);
  await setting.world.sessions.settled(talk);
  await setting.dispose();
});

const come = (change: Partial<Arrival>): ReturnType<typeof admit> =>
  admit(setting.services, arrival({ typed: cry, ...change }));

/** Begins a reply that does not end by itself. */
async function replying(begun: number): Promise<void> {
  await setting.world.post('hello');
  await setting.world.model.asked(begun);
}

/** Whatever is asked of the store waits. */
function slowStore(): void {
  const { store } = setting.services;
  const slow = <T extends object>(part: T): void => {
    for (const [name, method] of Object.entries(part))
      if (typeof method === 'function')
        Object.assign(part, {
          [name]: async (...given: unknown[]) => {
            await held.opened;
            return (method as (...all: unknown[]) => unknown).apply(part, given);
          },
        });
  };
  for (const part of [store.inbox, store.sessions, store.people, store.transcript, store.values]) slow(part);
}

const situations: Readonly<Record<string, () => Promise<unknown>>> = {
  'nothing goes on': async () => undefined,
  'a reply is being streamed': async () => {
    setting.world.model.next(waits('Let me think', held.opened));
    await replying(1);
  },
  'the model hangs': async () => {
    setting.world.model.next(waits('', held.opened));
    await replying(1);
  },
  'the model never ends': async () => {
    setting.world.model.next(async function* (_request, signal) {
      while (!signal.aborted) {
        yield 'and ';
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    await replying(1);
  },
  'the replies of the day are used up': async () => {
    await saveSettings(setting.services, community, { dailyReplies: 1 });
    await come({ typed: 'hello' });
    await setting.world.sessions.settled(talk);
  },
  'they have paused': () => pausePerson(setting.services, ada, true),
  'the channel was left out': () =>
    saveSettings(setting.services, community, { allowedChannels: ['elsewhere'] }),
  'the store is slow': async () => slowStore(),
};

/** What they are told at once, in answer to what they did. */
const told = async (admission: ReturnType<typeof admit>): Promise<string> => {
  let notice = '';
  void admission.then((admitted) => {
    if (admitted.outcome === 'refused') notice = admitted.notice;
  });
  await expect
    .poll(() => notice + setting.world.platform.visible.join('\n'), { timeout: 5_000, interval: 5 })
    .toMatch(help);
  return notice;
};

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  'a message': () => told(come({})),
  'what a message says once it is read': () => told(come({ typed: 'see the file', read: async () => cry })),
  'a line before it that nobody has answered': () =>
    told(come({ typed: 'hello?', writtenBefore: [cry, 'are you there?'] })),
  'a form': async () => {
    const { care } = await suggestMatches(setting.services, ada, { facts: [], worry: cry }, 3);
    expect(care?.text).toMatch(help);
  },
  'an edit': async () => {
    const edited = { session: talk, id: messageId('edited'), person: ada, text: cry };
    // Nothing of what somebody writes is kept while they have paused; an edit is of what was said before.
    const answer = await editMessage(setting.services, edited);
    const paused = (await setting.services.store.people.profile(ada))?.paused;
    expect(answer).toBe(paused ? 'amended' : 'answered');
    if (!paused) expect([...setting.world.platform.visible].join('\n')).toMatch(help);
  },
};

const read = 'what a message says once it is read';
/** An edit is answered where the conversation is, which the store alone knows; and only what may be heard is read. */
const apart: Readonly<Record<string, readonly string[]>> = {
  'the store is slow': ['an edit', read],
  'they have paused': [read],
  'the channel was left out': [read],
};

describe.each(Object.keys(situations))('where %s', (situation) => {
  it.each(Object.keys(ways).filter((way) => !apart[situation]?.includes(way)))(
    'somebody in danger by %s gets help before anything ends that goes on',
    async (way) => {
      held = gate();
      setting = await openSetting(undefined, {
        capabilities: { minEditIntervalMs: 50, rate: { burst: 1, refillMs: 60_000 } },
      });
      await setting.world.open('maren-voss');
      await situations[situation]?.();
      await ways[way]?.();
    },
  );
});
