import { vi } from 'vitest';
import { z } from 'zod';
import { personId, sessionId } from '../../../src/ids.js';
import { startDiscord } from '../../doubles/discord/index.js';
import { startBot } from '../discord/bot.js';
import { isGrowing, ours } from '../discord/on-screen.js';
import { adapterContract } from './adapter-contract.js';

const creation = { method: 'POST', path: /\/(channels\/\d+\/messages|webhooks\/\d+\/[\w-]{20,})(\?|$)/ };
const storedSchema = z.object({ sequence: z.number() });

adapterContract(async () => {
  const discord = await startDiscord({ rateLimits: false });
  const bot = await startBot({ discord, config: { editIntervalMs: 1_000, placeholderAfterMs: 60_000 } });
  const ada = discord.addUser({ username: 'ada' });
  const dm = discord.dm(ada);
  // Discord has no acknowledgement: what a process has dealt with is what it would not resume from.
  const dealtWith = async (): Promise<void> => {
    const sent = Math.max(...[...discord.gateway.sessions.values()].map(({ seq }) => seq));
    await vi.waitFor(
      async () => {
        const stored = await bot.store.values.get(`discord:session:${discord.applicationId}:0`);
        if (storedSchema.parse(JSON.parse(stored ?? '{}')).sequence < sent) throw new Error('not yet');
      },
      { timeout: 10_000, interval: 10 },
    );
  };
  const write = (text: string): Promise<void> => {
    discord.say(ada, dm, text);
    return dealtWith();
  };
  return {
    adapter: bot.adapter,
    store: bot.store,
    sessions: bot.sessions,
    model: bot.model,
    person: personId(`discord:${ada.id}`),
    session: sessionId(`discord:dm:${dm.id}`),
    platformChars: 2_000,
    write,
    writeTwice: (text) => {
      discord.gateway.control.duplicateNext(1, 'MESSAGE_CREATE');
      return write(text);
    },
    shown: () => ours(discord, dm).map(({ text }) => text),
    pressStop: async () => {
      const growing = await discord.until(() => ours(discord, dm).find(isGrowing));
      await discord.answered(discord.press(ada, growing, 'Stop'));
    },
    faults: {
      refuseForGood: () => discord.faults.refuse(creation, { status: 403, code: 50_007 }),
      refuseForNow: () => discord.faults.rateLimit(creation, { retryAfterMs: 60_000 }),
      loseAnswer: () => discord.faults.dropResponse(creation),
    },
    close: async () => {
      await bot.stop();
      await discord.close();
    },
  };
});
