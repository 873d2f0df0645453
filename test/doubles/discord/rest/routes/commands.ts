import { isDeepStrictEqual } from 'node:util';
import { type APIApplicationCommand, ApplicationCommandType } from 'discord-api-types/v10';
import { commandsOf } from '../../world/commands.js';
import type { World } from '../../world/world.js';
import { botGuild } from '../access.js';
import { type Answer, type Call, created, noContent, ok, param, type Route } from '../call.js';
import { type CommandFields, parseCommand } from '../command-body.js';
import { DiscordError, invalidForm, refusals } from '../errors.js';
import { tooMany } from '../too-many.js';

/** Commands an application may have of each kind, globally and in each guild. */
const most: Readonly<Record<number, number>> = {
  [ApplicationCommandType.ChatInput]: 100,
  [ApplicationCommandType.User]: 15,
  [ApplicationCommandType.Message]: 15,
  [ApplicationCommandType.PrimaryEntryPoint]: 1,
};
const createsADay = 200;
const day = 86_400_000;

const places = ['/applications/:app/commands', '/applications/:app/guilds/:guild/commands'] as const;

export const commandRoutes: readonly Route[] = places.flatMap((path): Route[] => [
  { method: 'GET', path, auth: 'bot', limit: 'command', handle: list },
  { method: 'POST', path, auth: 'bot', limit: 'command', handle: upsert },
  { method: 'PUT', path, auth: 'bot', limit: 'command', handle: replaceAll },
  {
    method: 'GET',
    path: `${path}/:command`,
    auth: 'bot',
    limit: 'command',
    handle: (call) => ok(shown(existing(call), true)),
  },
  { method: 'PATCH', path: `${path}/:command`, auth: 'bot', limit: 'command', handle: change },
  {
    method: 'DELETE',
    path: `${path}/:command`,
    auth: 'bot',
    limit: 'command',
    handle: (call) => {
      const command = existing(call);
      call.world.commands.delete(command.id);
      call.world.touch();
      return noContent;
    },
  },
]);

/** The guild whose commands are meant, null for the global ones. @throws DiscordError 50001, 10002. */
function scope(call: Call): string | null {
  if (param(call, 'app') !== call.world.application.id)
    throw new DiscordError(404, 10_002, 'Unknown Application');
  const guild = call.params.guild;
  if (guild === undefined) return null;
  if (!call.world.guilds.get(guild)?.members.has(call.world.bot.id)) throw refusals.missingAccess();
  return botGuild(call.world, guild).id;
}

function list(call: Call): Answer {
  const localized = call.query.get('with_localizations') === 'true';
  return ok(commandsOf(call.world, scope(call)).map((command) => shown(command, localized)));
}

function existing(call: Call): APIApplicationCommand {
  const guildId = scope(call);
  const record = call.world.commands.get(param(call, 'command'));
  if (!record || record.guildId !== guildId) throw refusals.unknownCommand();
  return record.command;
}

function upsert(call: Call): Answer {
  const { world } = call;
  const guildId = scope(call);
  const fields = parse(call, call.body, [], guildId);
  const same = sameCommand(world, guildId, fields);
  const command = save(world, guildId, fields, same);
  world.touch();
  return same ? ok(shown(command, true)) : created(shown(command, true));
}

function replaceAll(call: Call): Answer {
  const { world } = call;
  const guildId = scope(call);
  const bodies = Array.isArray(call.body) ? (call.body as unknown[]) : [];
  const parsed = bodies.map((body, at) => parse(call, body, [at], guildId));
  const keys = parsed.map((one) => `${one.type} ${one.name}`);
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
  if (twice >= 0)
    throw invalidForm([
      {
        path: [twice],
        code: 'APPLICATION_COMMANDS_DUPLICATE_NAME',
        message: 'Application command names must be unique',
      },
    ]);
  const before = commandsOf(world, guildId);
  const saved = parsed.map((fields) => ({ fields, same: sameCommand(world, guildId, fields) }));
  for (const command of before)
    if (!saved.some((one) => one.same?.id === command.id)) world.commands.delete(command.id);
  const commands = saved.map(({ fields, same }) => save(world, guildId, fields, same));
  world.touch();
  return ok(commands.map((command) => shown(command, true)));
}

function change(call: Call): Answer {
  const { world } = call;
  const guildId = scope(call);
  const command = existing(call);
  const { id: _, application_id: __, version: ___, guild_id: ____, ...current } = command;
  const fields = parse(call, { ...current, ...(call.body as object) }, [], guildId);
  const same = sameCommand(world, guildId, fields);
  if (same && same.id !== command.id)
    throw new DiscordError(400, 40_041, 'Application command with that name already exists');
  const changed = save(world, guildId, fields, command);
  world.touch();
  return ok(shown(changed, true));
}

function parse(call: Call, body: unknown, path: (string | number)[], guildId: string | null): CommandFields {
  return parseCommand(body, {
    path,
    integrationTypes: [...(call.options.integrationTypes ?? [0, 1])],
    guild: guildId !== null,
  });
}

function sameCommand(
  world: World,
  guildId: string | null,
  fields: CommandFields,
): APIApplicationCommand | undefined {
  return commandsOf(world, guildId).find((one) => one.name === fields.name && one.type === fields.type);
}

/** Keeps a command: as a new version of one that is there, or as one of the day's creations. */
function save(
  world: World,
  guildId: string | null,
  fields: CommandFields,
  same: APIApplicationCommand | undefined,
): APIApplicationCommand {
  if (!same) {
    countCreate(world, guildId);
    const count = commandsOf(world, guildId).filter((one) => one.type === fields.type).length;
    if (count >= (most[fields.type] ?? 0))
      throw new DiscordError(400, 30_032, 'Maximum number of application commands reached');
  }
  const draft = {
    id: same?.id ?? world.ids.next(),
    application_id: world.application.id,
    version: same?.version ?? '',
    ...(guildId === null ? {} : { guild_id: guildId }),
    ...fields,
  };
  const unchanged = same !== undefined && isDeepStrictEqual(draft, same);
  const command = unchanged ? same : { ...draft, version: world.ids.next() };
  world.commands.set(command.id, { guildId, command });
  return command;
}

function countCreate(world: World, guildId: string | null): void {
  const now = world.clock.now();
  const recent = world.commandCreates.filter((one) => one.guildId === guildId && now - one.at < day);
  const oldest = recent[0];
  if (oldest && recent.length >= createsADay)
    throw tooMany(
      oldest.at + day - now,
      'user',
      30_034,
      `Max number of daily application command creates has been reached (${createsADay})`,
    );
  world.commandCreates.push({ guildId, at: now });
}

/** Without `with_localizations` the translations are left out, as Discord leaves them out of lists. */
function shown(command: APIApplicationCommand, localized: boolean): object {
  return localized ? command : withoutLocalizations(command);
}

function withoutLocalizations<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutLocalizations) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([key]) => key !== 'name_localizations' && key !== 'description_localizations',
  );
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutLocalizations(inner)])) as T;
}
