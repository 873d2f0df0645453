import { ButtonStyle } from 'discord-api-types/v10';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { componentId } from '../../../../adapters/discord/interactions/component-id.js';
import { systemClock } from '../../../../src/clock.js';
import { erasePerson } from '../../../../src/commands/privacy.js';
import { stopReply } from '../../../../src/commands/stop-reply.js';
import { personId, sessionId, turnId } from '../../../../src/ids.js';
import { type Discord, startDiscord } from '../../../doubles/discord/index.js';
import type { Channel, User } from '../../../doubles/discord/people/places.js';
import { says, waits } from '../../../session/scripted-model.js';
import { gate } from '../../../session/world.js';
import { type Bot, startBot } from '../bot.js';
import { isDone, isGrowing, ours, replies } from '../on-screen.js';

let discord: Discord;
let bot: Bot;
let ada: User;
let dm: Channel;

beforeEach(async () => {
  discord = await startDiscord({ rateLimits: false });
  ada = discord.addUser({ username: 'ada' });
  dm = discord.dm(ada);
  bot = await startBot({ discord, config: { editIntervalMs: 30 } });
  await discord.until(() =>
    discord.requests.some(({ method, path }) => method === 'PUT' && path.endsWith('/commands')),
  );
});
afterEach(async () => {
  await bot.stop();
  await discord.close();
});

async function reset(): Promise<void> {
  const sure = await discord.answered(discord.slash(ada, dm, 'reset'));
  const yes = sure.buttons.find(({ customId }) => customId?.includes('reset')) ?? expect.fail('no button');
  discord.press(ada, sure, yes.customId ?? '');
  await discord.until(() =>
    discord.whatUsersSee(dm).some(({ id, buttons }) => id === sure.id && buttons.length === 0),
  );
}

describe('a conversation that is forgotten', () => {
  it('in the middle of a reply leaves no message that seems to be written for ever', async () => {
    const never = gate();
    bot.model.next(waits('Well, let me think. ', never.opened, 'Never said.'));
    discord.say(ada, dm, 'hello');
    await discord.until(() => ours(discord, dm).some((one) => isGrowing(one) && one.text.includes('think')));
    await reset();
    expect(await bot.store.sessions.get(sessionId(`discord:dm:${dm.id}`))).toBeNull();
    expect(ours(discord, dm).filter(isGrowing)).toEqual([]);
    expect(await bot.store.recoverable()).toEqual([]);
    bot.model.next(says('A new beginning.'));
    discord.say(ada, dm, 'hello again');
    await discord.until(() =>
      ours(discord, dm).some((one) => isDone(one) && one.text.includes('A new beginning')),
    );
    expect(bot.model.prompt).not.toContain('let me think');
  });

  it('by the erasure of everything is over on the screen, too', async () => {
    const never = gate();
    bot.model.next(waits('Well, let me think. ', never.opened, 'Never said.'));
    discord.say(ada, dm, 'hello');
    await discord.until(() => ours(discord, dm).some((one) => isGrowing(one) && one.text.includes('think')));
    await erasePerson(bot.services, personId(`discord:${ada.id}`));
    expect(ours(discord, dm).filter(isGrowing)).toEqual([]);
    const kept = await bot.store.people.export(personId(`discord:${ada.id}`), 0);
    expect([kept.sessions, kept.waiting, kept.profile]).toEqual([[], [], null]);
  });

  it('can have its replies regenerated when it has begun anew', async () => {
    const again = async (count: number): Promise<void> => {
      const [last] = ours(discord, dm).filter(isDone).slice(-1);
      const button = last?.buttons.find(({ emoji }) => emoji === '🔄') ?? expect.fail('no button');
      discord.press(ada, last?.id ?? '', button.customId ?? '');
      await discord.until(() => bot.model.requests.length === count);
      await bot.sessions.settled(sessionId(`discord:dm:${dm.id}`));
    };
    discord.say(ada, dm, 'hello');
    await replies(discord, dm, 1);
    await again(2);
    await reset();
    discord.say(ada, dm, 'hello once more');
    await discord.until(() => bot.model.requests.length === 3);
    await bot.sessions.settled(sessionId(`discord:dm:${dm.id}`));
    await again(4);
  });
});

describe('the Stop button', () => {
  const growing = () => ours(discord, dm).find((one) => isGrowing(one) && one.text.includes('think'));
  const stopId = (turn: number): string =>
    componentId({ do: 'stop', session: `d${dm.id}`, turn: String(turn), nonce: 'abc' });

  it('of an earlier reply leaves the next one alone', async () => {
    bot.model.next(says('The first one.'));
    discord.say(ada, dm, 'hello');
    const first = await discord.until(() => ours(discord, dm).find(isDone));
    const more = gate();
    bot.model.next(waits('Well, let me think. ', more.opened, 'And said.'));
    discord.say(ada, dm, 'and then?');
    await discord.until(growing);
    discord.world.anyMessage(first.id)?.components.push({
      type: 1,
      components: [{ type: 2, style: ButtonStyle.Secondary, label: 'Stop', custom_id: stopId(1) }],
    });
    const pressed = discord.press(ada, first, stopId(1));
    await discord.until(() => discord.interaction(pressed).followUps.length > 0);
    more.open();
    await discord.until(() => ours(discord, dm).some((one) => isDone(one) && one.text.includes('And said.')));
  });

  it('pressed in another process ends the reply at its next growth', async () => {
    const end = gate();
    bot.model.next(async function* () {
      yield 'Well, let me think. ';
      for (let n = 0; n < 400; n += 1) {
        await Promise.race([end.opened, systemClock.sleep(25)]);
        yield `and ${n} `;
      }
    });
    discord.say(ada, dm, 'hello');
    await discord.until(growing);
    const session = await bot.store.sessions.get(sessionId(`discord:dm:${dm.id}`));
    const elsewhere = { store: bot.store, sessions: { ...bot.services.sessions, stop: () => false } };
    expect(session && (await stopReply(elsewhere, session, turnId(session.id, 1)))).toBe(true);
    const done = await discord.until(() => ours(discord, dm).find(isDone), { what: 'the end of the reply' });
    expect(done.text).toContain('(stopped)');
    end.open();
  });
});
