import { afterEach, expect, it } from 'vitest';
import { sessionId } from '../../../../src/ids.js';
import type { PersonaScorer } from '../../../../src/matching/persona-scorer.js';
import { bank } from '../../../session/world.js';
import { openScene, type Scene } from './scene.js';

let scene: Scene;
afterEach(() => scene.close());

it('a better match that turns up is offered by buttons under the reply, and taken with one press', async () => {
  const [first, second] = bank.all;
  if (!first || !second) expect.fail('no characters');
  const scorer: PersonaScorer = {
    kind: 'scripted',
    rank: async ({ worry = '' }) => {
      const reasons = [{ facet: 'experience', score: 0.9, text: 'They know it.' }];
      const order = worry.includes('music') ? [second, first] : [first, second];
      return order.map((character, n) => ({ character, score: n === 0 ? 0.9 : 0.1, reasons }));
    },
  };
  scene = await openScene({
    services: { scorer },
    config: ({ matching }) => ({ matching: { ...matching, offerAfterTurns: 1, offerMargin: 0.1 } }),
  });
  const { discord, bot, ana } = scene;
  const dm = discord.dm(ana);
  const session = sessionId(`discord:dm:${dm.id}`);
  const say = async (message: string) => {
    const asked = discord.slash(ana, dm, 'chat', { message });
    const reply = await discord.until(() => {
      const { original } = discord.interaction(asked);
      return original?.buttons.some(({ emoji }) => emoji === '🔄') ? original : null;
    });
    await bot.settled(session);
    return reply;
  };
  expect((await say('Hello')).buttons.map(({ emoji }) => emoji)).toEqual(['🔄', '👍', '👎']);
  const reply = await say('I love music');
  const name = second.shortName ?? second.name;
  expect(reply.buttons.map(({ label }) => label)).toEqual([
    'Regenerate',
    '',
    '',
    `Talk to ${name}`,
    'No, thanks',
  ]);
  const pressed = discord.press(ana, reply, `Talk to ${name}`);
  await discord.until(() => discord.interaction(pressed).followUps.length === 1);
  expect((await bot.session(session)).characterId).toBe(second.id);
  expect(discord.interaction(pressed).original?.buttons).toHaveLength(3);
});
