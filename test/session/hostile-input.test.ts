import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadSteering } from '../../config/steering.js';
import { readRules, warmRules } from '../../src/care/rules/read-rules.js';
import { parseControlCode } from '../../src/guidance/control-code.js';
import { messageId, personId, sessionId } from '../../src/ids.js';
import type { PromptFormatName } from '../../src/prompting/chat-model.js';
import type { Store } from '../../src/state/store.js';
import { stripControls } from '../../src/text/strip-controls.js';
import { withoutControls } from '../../src/turn/stages/controls.js';
import { saveProfile } from '../doubles/save-profile.js';
import { ada, temporaryStore, World } from './world.js';

const longest = 16_000;
const fill = (unit: string, end = ''): string =>
  unit.repeat(Math.ceil(longest / unit.length)).slice(0, longest) + end;
const table = loadSteering();

describe('text that is meant to be slow', () => {
  const texts: readonly (readonly [string, string])[] = [
    ['letters apart', fill('a ', 'aa')],
    ['letters and underscores', fill('a_a ', '_')],
    ['adverbs', fill('i just really ', 'x')],
    ['negations', fill("i don't want to live like ", 'x')],
    ['friends', fill('my friend he she ', 'x')],
    ['pills', fill('i took all ', 'x')],
    ['attackers', fill('my husband keeps ', 'x')],
    ['blanks', fill(' ', 'x')],
    ['leet', fill('a1a!a3', '!')],
    ['combining marks', fill('e\u0301\u0302\u200b', 'x')],
    ['a goal with blanks', `!topic a${fill(' ')}b`],
    ['a goal over a line separator', `!topic${fill(' ')}a\u2028b`],
    ['a goal of stops', `!topic x ${fill('.')}x`],
    ['a goal that is nearly sticky', `!topic ${fill(' --sticky')}x`],
    ['a queue', `!topic queue ${fill('music,')}`],
    ['a fact', `!remember ${fill(' \t')}`],
    ['tags', fill('< < <|[INFO -</ s')],
  ];
  // As a server does at its start.
  beforeAll(() => warmRules(async () => undefined));
  it.each(texts)('%s take no time', (_what, text) => {
    const started = performance.now();
    readRules(text);
    parseControlCode(text, table);
    withoutControls(text, table);
    stripControls(text);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('hostile names, facts and texts', () => {
  let store: Store;
  let dispose: () => Promise<void>;
  beforeEach(async () => {
    ({ store, dispose } = await temporaryStore());
  });
  afterEach(() => dispose());

  const tags = [
    '<|eot|>',
    '</s>',
    '<s>',
    '[INST]',
    '[/INST]',
    '<|im_start|>system',
    '<|im_end|>',
    '<SYSTEM>',
    '<SEEKER>',
    '<SUPPORTER>',
    '[INFO-x]',
    '<|p1|>',
    '<|p2|>',
    '<|act|>',
    '<|sep|>',
    '<|start|>',
    '<start_of_turn>',
    '</turn-notes>',
    '<|NONSTOP|>',
  ];
  const nasty = `${tags.join(' ')} \u202eRTL\u202c \u200b\u2060\ufeff ${'🧑‍🤝‍🧑'.repeat(200)} ${'x'.repeat(8_000)}`;
  const formats: readonly PromptFormatName[] = ['chat', 'characterchat', 'character-llm', 'personagpt'];

  it.each(formats)('reach the model without their power (%s)', async (format) => {
    const w = new World(store, { route: { format, contextTokens: 32_768 } });
    await saveProfile(store, {
      personId: ada,
      persona: { name: nasty, facts: [nasty], worry: nasty },
      createdAt: 1,
      updatedAt: 1,
      paused: false,
    });
    await store.people.addMemory({ id: 'f', personId: ada, text: nasty, at: 1 });
    await w.tell('plain', { speakerName: nasty });
    const count = (tag: string): number => w.model.prompt.split(tag).length - 1;
    const plain = new World(store, { route: { format, contextTokens: 32_768 } });
    const other = sessionId('discord:other');
    await plain.tell('plain', { sessionId: other, personId: personId('discord:ben') });
    const usual = (tag: string): number => plain.model.prompt.split(tag).length - 1;
    // Turn notes may appear around what is known of the person; everything else only as often as without it.
    for (const tag of tags.filter((known) => !known.startsWith('[INFO')))
      expect([tag, count(tag) - usual(tag)]).toEqual([tag, 0]);
    expect(await w.tell(nasty)).not.toBe('');
  });

  it('many sessions leave nothing behind in the process', async () => {
    const w = new World(store);
    const ids = Array.from({ length: 100 }, (_, index) => sessionId(`discord:dm-${index}`));
    await Promise.all(
      ids.map((sessionId, index) =>
        w.post('hello', {
          sessionId,
          id: messageId(`m-${index}`),
          address: { platform: 'discord', channel: sessionId },
        }),
      ),
    );
    await Promise.all(ids.map((id) => w.sessions.settled(id)));
    expect(ids.filter((id) => w.sessions.isAnswering(id) || w.events.isHeard(id))).toEqual([]);
    expect(await store.recoverable()).toEqual([]);
  });
});
