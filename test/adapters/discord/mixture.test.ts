import { afterEach, describe, expect, it, vi } from 'vitest';
import { sessionId } from '../../../src/ids.js';
import { type Discord, startDiscord } from '../../doubles/discord/index.js';
import { type Bot, startBot } from './bot.js';
import { isGrowing, ours } from './on-screen.js';

vi.setConfig({ testTimeout: 120_000 });

let discord: Discord;
let bot: Bot;
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

const creation = { method: 'POST', path: /\/(channels\/\d+\/messages|webhooks\/\d+\/[\w-]{20,})(\?|$)/ };
const change = { method: 'PATCH', path: /\/messages\/\d+/ };

/** Everything that may go wrong at any time. */
const mishaps: readonly (() => void)[] = [
  () => discord.gateway.dropAll(),
  () => discord.gateway.dropAll(4000),
  () => discord.gateway.requestReconnect(),
  () => discord.gateway.invalidateSessions(true),
  () => discord.gateway.control.cutAt({ stage: 'MESSAGE_CREATE', when: 'after' }),
  () => discord.gateway.control.duplicateNext(2, 'MESSAGE_CREATE'),
  () => discord.gateway.control.cutAt({ stage: 'RESUME', when: 'after' }),
  () => discord.faults.dropResponse(creation),
  () => discord.faults.dropResponse(change),
  () => discord.faults.dropRequest(creation),
  () => discord.faults.refuse(creation, { status: 502 }),
  () => discord.faults.refuse(change, { status: 500 }),
  () => discord.faults.rateLimit(creation, { retryAfterMs: 80 }),
  () => discord.faults.dropResponse({ method: 'POST', path: /\/threads/ }),
  () => discord.faults.refuse({ method: 'GET', path: /\/channels\// }, { status: 503 }),
];

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('any mixture of mishaps', () => {
  it.each([1, 2, 3, 4])('(%i) loses nothing and says nothing twice', async (seed) => {
    const next = numbers(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)] as T;
    discord = await startDiscord({ rateLimits: false });
    bot = await startBot({ discord, config: { editIntervalMs: 30 } });
    const people = [discord.addUser(), discord.addUser(), discord.addUser()];
    const channel = discord.addChannel(discord.addGuild({ members: people }));
    /** What was said in which conversation. */
    const said = new Map<string, { readonly place: string; readonly texts: string[] }>();
    for (let n = 0; n < 24; n += 1) {
      const person = pick(people);
      const text = `message ${n}.`;
      if (next() < 0.4) pick(mishaps)();
      if (next() < 0.6) {
        const dm = discord.dm(person).id;
        discord.say(person, dm, text);
        const session = said.get(`discord:dm:${dm}`) ?? { place: dm, texts: [] };
        session.texts.push(text);
        said.set(`discord:dm:${dm}`, session);
      } else {
        const { id } = discord.say(person, channel, text, { mention: true });
        said.set(`discord:thread:${id}`, { place: id, texts: [text] });
      }
      // Sometimes everything comes at once, sometimes there is time for a reply to begin.
      for (let turns = Math.floor(next() ** 2 * 200); turns > 0; turns -= 1)
        await new Promise((resolve) => setImmediate(resolve));
    }
    for (const [session, { place, texts }] of said) {
      const id = sessionId(session);
      const asked = async (): Promise<string[]> => {
        await bot.sessions.settled(id);
        const { entries } = await bot.store.transcript.page(id, { limit: 100 });
        return entries.filter(({ role }) => role === 'seeker').map(({ text }) => text);
      };
      await expect.poll(asked, { timeout: 60_000 }).toEqual(texts);
      const { entries } = await bot.store.transcript.page(id, { limit: 100 });
      const replies = entries.filter(({ role }) => role === 'supporter');
      const shown = ours(discord, place);
      expect(shown.filter(isGrowing)).toEqual([]);
      expect(shown).toHaveLength(replies.length);
      for (const { text } of shown) expect(text.split('Tell me more.')).toHaveLength(2);
    }
  });
});
