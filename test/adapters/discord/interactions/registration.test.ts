import { ApplicationCommandType } from 'discord-api-types/v10';
import { afterEach, describe, expect, it } from 'vitest';
import { Bot } from './bot.js';
import { openScene, type Scene } from './scene.js';

let scene: Scene;
afterEach(() => scene.close());

const writes = (): string[] =>
  scene.discord.requests
    .filter(({ method, path }) => method !== 'GET' && path.includes('/commands'))
    .map(({ method, path }) => `${method} ${path.replace(scene.discord.applicationId, ':app')}`);

/** What a further start does. */
async function startAgain(options: { commandGuilds?: readonly string[] } = {}) {
  const { discord, store } = scene;
  const bot = new Bot(discord, { store, ...options });
  const report = await bot.start();
  await bot.stop();
  return { bot, report };
}

describe('registration', () => {
  it('writes everything once, and at the next start nothing', async () => {
    scene = await openScene();
    expect(writes()).toEqual(['PUT /applications/:app/commands']);
    const { report } = await startAgain();
    expect(report.scopes).toEqual([
      { scope: 'global', outcome: 'unchanged', created: [], changed: [], removed: [] },
    ]);
    expect(writes()).toHaveLength(1);
  });

  it('says what it changed: a command that was altered, one that went, one that is not ours', async () => {
    scene = await openScene();
    const { world } = scene.discord;
    for (const record of world.commands.values()) {
      if (record.command.name === 'why') record.command.description = 'Something else';
      if (record.command.name === 'help') record.command.name = 'rescue';
    }
    const { report } = await startAgain();
    expect(report.scopes).toEqual([
      { scope: 'global', outcome: 'written', created: ['help'], changed: ['why'], removed: ['rescue'] },
    ]);
    expect((await startAgain()).report.scopes[0]?.outcome).toBe('unchanged');
  });

  it('in guilds writes there only, without what a guild’s command cannot have', async () => {
    scene = await openScene();
    const { discord, guild } = scene;
    const { report } = await startAgain({ commandGuilds: [guild.id] });
    expect(report.scopes[0]).toMatchObject({ scope: guild.id, outcome: 'written' });
    expect(report.scopes[0]?.created).toHaveLength(17);
    expect(writes()).toContain(`PUT /applications/:app/guilds/${guild.id}/commands`);
    const put = discord.requests.findLast(({ method, path }) => method === 'PUT' && path.includes(guild.id));
    expect(JSON.stringify(put?.body)).not.toContain('integration_types');
    expect((await startAgain({ commandGuilds: [guild.id] })).report.scopes[0]?.outcome).toBe('unchanged');
  });

  it('leaves nothing where it was before (issue 14, A.7)', async () => {
    scene = await openScene();
    const { discord, guild } = scene;
    const second = discord.addGuild({});
    const there = (): (string | undefined)[] => [
      ...new Set([...discord.world.commands.values()].map(({ guildId }) => guildId ?? undefined)),
    ];
    expect(there()).toEqual([undefined]);
    await startAgain({ commandGuilds: [guild.id] });
    expect(there()).toEqual([guild.id]);
    expect(discord.world.commands.size).toBe(17);
    await startAgain({ commandGuilds: [second.id] });
    expect(there()).toEqual([second.id]);
    await startAgain();
    expect(there()).toEqual([undefined]);
    const before = writes().length;
    await startAgain();
    expect(writes()).toHaveLength(before);
  });

  it('keeps the command that opens an activity', async () => {
    scene = await openScene();
    const { world } = scene.discord;
    const [record] = world.commands.values();
    if (!record) expect.fail('nothing is registered');
    record.command.name = 'launch';
    record.command.type = ApplicationCommandType.PrimaryEntryPoint;
    record.command.description = '';
    delete record.command.options;
    const { report } = await startAgain();
    expect(report.scopes[0]).toMatchObject({ outcome: 'written', created: ['chat'], removed: [] });
    const put = scene.discord.requests.findLast(({ method }) => method === 'PUT');
    expect(JSON.stringify(put?.body)).toContain('"launch"');
  });

  it('that is refused is logged with a cure, and the bot goes on', async () => {
    scene = await openScene();
    scene.discord.faults.refuse(
      { method: 'GET', path: '/commands' },
      { status: 403, code: 50_001, message: 'Missing Access' },
    );
    const { bot, report } = await startAgain();
    expect(report.scopes[0]?.outcome).toBe('refused');
    expect(report.scopes[0]?.problem?.code).toBe('RAPPORT_E_DISCORD_COMMANDS');
    expect(bot.logged.map(({ fields }) => fields.cure)).toContainEqual(
      expect.stringContaining('applications.commands'),
    );
  });
});
