import { PermissionFlagsBits } from 'discord-api-types/v10';
import { afterEach, describe, expect, it } from 'vitest';
import { discordChecks } from '../../../adapters/discord/doctor.js';
import type { Check } from '../../../adapters/platform.js';
import { loadConfig } from '../../../app/settings.js';
import { type Discord, startDiscord } from '../../doubles/discord/index.js';
import { usualBotPermissions } from '../../doubles/discord/people/places.js';

let discord: Discord;

async function examine(token = discord.token): Promise<Record<string, Check>> {
  const loaded = loadConfig({ DISCORD_TOKEN: token }, process.cwd());
  const config = { ...loaded.config, discord: { ...loaded.config.discord, apiUrl: discord.apiUrl } };
  const checks = await discordChecks({ ...loaded, config });
  return Object.fromEntries(checks.map((check) => [check.name, check]));
}

describe('doctor looks at Discord', () => {
  afterEach(() => discord.close());

  it('names the bot and prints an invitation with the permissions it uses', async () => {
    discord = await startDiscord({ applicationName: 'Listener' });
    discord.addGuild();
    const checks = await examine();
    expect(checks.Discord).toMatchObject({ state: 'ok' });
    const url = new URL(/https:\S+/.exec(checks.Discord?.cure ?? '')?.[0] ?? '');
    expect(url.searchParams.get('client_id')).toBe(discord.applicationId);
    expect(url.searchParams.get('scope')).toBe('bot applications.commands');
    const asked = BigInt(url.searchParams.get('permissions') ?? 0);
    expect(asked & PermissionFlagsBits.ManageWebhooks).toBe(PermissionFlagsBits.ManageWebhooks);
    expect(asked & PermissionFlagsBits.Administrator).toBe(0n);
    expect(checks['Discord gateway']).toMatchObject({ state: 'ok' });
    expect(checks['Discord permissions']).toMatchObject({ state: 'ok', detail: 'complete in 1 server(s)' });
  });

  it('says that no privileged intent is needed, and sees one that is granted', async () => {
    discord = await startDiscord();
    expect((await examine())['Discord intents']?.detail).toContain('no privileged intent');
    await discord.close();
    discord = await startDiscord({ privilegedIntents: ['content'] });
    expect((await examine())['Discord intents']?.detail).toContain('Message Content is granted');
  });

  it('names the servers where a permission is missing', async () => {
    discord = await startDiscord();
    discord.addGuild({ name: 'Complete' });
    discord.addGuild({
      name: 'Bare',
      botPermissions: usualBotPermissions & ~PermissionFlagsBits.ManageWebhooks,
    });
    expect((await examine())['Discord permissions']).toMatchObject({
      state: 'warning',
      detail: 'missing in 1 of 2 server(s): Bare: Manage Webhooks',
    });
  });

  it('a server whose permissions are not told ends no check (issue 14, A.7)', async () => {
    discord = await startDiscord();
    discord.addGuild({ name: 'Silent' });
    discord.world.tellsPermissions = false;
    expect((await examine())['Discord permissions']).toMatchObject({
      state: 'ok',
      detail: 'Discord does not tell them for 1 server(s)',
    });
  });

  it('warns when the session starts of the day run out', async () => {
    discord = await startDiscord({ sessionStarts: 7 });
    expect((await examine())['Discord gateway']).toMatchObject({ state: 'warning' });
  });

  it('says what to do about a token that is not accepted', async () => {
    discord = await startDiscord();
    expect(await examine('wrong.token.here')).toEqual({
      Discord: expect.objectContaining({
        state: 'failed',
        detail: 'Discord does not accept the token',
        cure: expect.stringContaining('Reset Token'),
      }),
    });
  });

  it('tells a Discord that is down from a network that is', async () => {
    discord = await startDiscord();
    discord.faults.refuse({}, { status: 503 }, 10);
    expect((await examine()).Discord).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('503'),
    });
  });
});
