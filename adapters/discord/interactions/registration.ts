import {
  type APIApplicationCommand,
  ApplicationCommandType,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPutAPIApplicationCommandsJSONBody,
  type RESTPutAPIApplicationGuildCommandsJSONBody,
} from 'discord-api-types/v10';
import { RapportError, reasonOf } from '../../../config/errors.js';
import { late, within } from '../../../src/within.js';
import type { InteractionsOptions } from './context.js';

/** What was done in one scope. */
export interface ScopeReport {
  /** A guild, or `global`. */
  readonly scope: string;
  readonly outcome: 'unchanged' | 'written' | 'refused';
  /** Names of commands. */
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Why it was refused. */
  readonly problem?: RapportError;
}

export interface RegistrationReport {
  readonly scopes: readonly ScopeReport[];
}

/**
 * Tells Discord of the commands: everywhere, or in the guilds of the configuration. What is registered is read first, and
 * nothing is written where it is the same already. Where they were registered before and are not to be any more they are taken away, or
 * people would see each of them twice. A refusal is logged and does not throw: the bot answers messages without
 * its commands, too.
 */
export async function registerCommands(
  options: Pick<InteractionsOptions, 'api' | 'applicationId' | 'config' | 'logger' | 'services'>,
  commands: readonly RESTPostAPIApplicationCommandsJSONBody[],
  ids: CommandIds,
): Promise<RegistrationReport> {
  const { api, applicationId, config, logger, services } = options;
  const { applicationCommands } = api;
  const scopes: ScopeReport[] = [];
  const inOne = async (
    scope: string,
    wanted: readonly RESTPostAPIApplicationCommandsJSONBody[],
    read: () => Promise<APIApplicationCommand[]>,
    write: (body: RESTPutAPIApplicationCommandsJSONBody) => Promise<APIApplicationCommand[]>,
  ): Promise<ScopeReport> => {
    try {
      const there = await read();
      const report = compare(scope, there, wanted);
      // Discord refuses to lose the command that opens an activity.
      const kept = there.filter(({ type }) => type === ApplicationCommandType.PrimaryEntryPoint);
      const now = report.outcome === 'unchanged' ? there : await write([...wanted, ...kept.map(asBody)]);
      ids.set(scope, now);
      const { outcome, created, changed, removed } = report;
      if (outcome === 'written')
        logger.info({ scope, created, changed, removed }, 'the Discord commands were registered');
      else logger.debug({ scope }, 'the Discord commands are registered as they should be');
      return report;
    } catch (error) {
      const problem = new RapportError(
        'RAPPORT_E_DISCORD_COMMANDS',
        { scope, reason: reasonOf(error) },
        error,
      );
      logger.error({ scope, code: problem.code, cure: problem.cure }, problem.message);
      return { scope, outcome: 'refused', created: [], changed: [], removed: [], problem };
    }
  };
  const everywhere = (wanted: readonly RESTPostAPIApplicationCommandsJSONBody[]): Promise<ScopeReport> =>
    inOne(
      'global',
      wanted,
      () => applicationCommands.getGlobalCommands(applicationId, { with_localizations: true }),
      (body) => applicationCommands.bulkOverwriteGlobalCommands(applicationId, body),
    );
  const inGuild = (
    guild: string,
    wanted: readonly RESTPostAPIApplicationCommandsJSONBody[],
  ): Promise<ScopeReport> =>
    inOne(
      guild,
      wanted.map(forGuild),
      () => applicationCommands.getGuildCommands(applicationId, guild, { with_localizations: true }),
      (body) =>
        applicationCommands.bulkOverwriteGuildCommands(
          applicationId,
          guild,
          body as RESTPutAPIApplicationGuildCommandsJSONBody,
        ),
    );
  const { commandGuilds: guilds } = config;
  if (guilds.length === 0) scopes.push(await everywhere(commands));
  for (const guild of guilds) scopes.push(await inGuild(guild, commands));
  if (guilds.length > 0) {
    const cleared = await everywhere([]);
    if (cleared.outcome !== 'unchanged') scopes.push(cleared);
  }
  const earlier = await earlierGuilds(services, applicationId);
  for (const guild of earlier.filter((one) => !guilds.includes(one))) scopes.push(await inGuild(guild, []));
  if (earlier.length > 0 || guilds.length > 0) await noteGuilds(services, applicationId, guilds);
  return { scopes };
}

/** How long the start waits for what the store knows of earlier guilds, ms: people are answered without it. */
const storeMs = 1_000;
const guildsKey = (applicationId: string): string => `discord:command-guilds:${applicationId}`;

/** The guilds in which commands were registered at the last start. */
async function earlierGuilds(
  { store, clock, logger }: InteractionsOptions['services'],
  applicationId: string,
): Promise<string[]> {
  try {
    const noted = await within(clock, storeMs, store.values.get(guildsKey(applicationId)));
    const kept: unknown = noted === late ? [] : JSON.parse(noted ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch (error) {
    logger.info({ reason: reasonOf(error) }, 'where Discord commands were registered before is not known');
    return [];
  }
}

/** One that was left since took its commands with it, so that a refusal to take them away is not tried again. */
async function noteGuilds(
  { store, clock, logger }: InteractionsOptions['services'],
  applicationId: string,
  guilds: readonly string[],
): Promise<void> {
  try {
    await within(clock, storeMs, store.values.set(guildsKey(applicationId), JSON.stringify(guilds)));
  } catch (error) {
    logger.info({ reason: reasonOf(error) }, 'where Discord commands are registered could not be noted');
  }
}

function compare(
  scope: string,
  there: readonly APIApplicationCommand[],
  wanted: readonly RESTPostAPIApplicationCommandsJSONBody[],
): ScopeReport {
  const kind = scope === 'global' ? 'global' : 'guild';
  const known = new Map(there.map((command) => [keyOf(command), command]));
  const wantedKeys = new Set(wanted.map(keyOf));
  const created = wanted.filter((command) => !known.has(keyOf(command)));
  const changed = wanted.filter((command) => {
    const old = known.get(keyOf(command));
    return old !== undefined && commandShape(old, kind) !== commandShape(command, kind);
  });
  const removed = there.filter(
    (command) => command.type !== ApplicationCommandType.PrimaryEntryPoint && !wantedKeys.has(keyOf(command)),
  );
  const same = created.length + changed.length + removed.length === 0;
  return {
    scope,
    outcome: same ? 'unchanged' : 'written',
    created: created.map(({ name }) => name),
    changed: changed.map(({ name }) => name),
    removed: removed.map(({ name }) => name),
  };
}

/** Commands of different types may have one name. */
function keyOf({
  name,
  type,
}: {
  readonly name: string;
  readonly type?: ApplicationCommandType | undefined;
}): string {
  return `${type ?? ApplicationCommandType.ChatInput} ${name}`;
}

/** A command as it is, to be written again. */
function asBody(command: APIApplicationCommand): RESTPutAPIApplicationCommandsJSONBody[number] {
  const { id, application_id, guild_id, version, ...body } = command;
  return body as RESTPutAPIApplicationCommandsJSONBody[number];
}

type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** What Discord adds to a command and what a guild's command cannot have. */
const ofTheServer = [
  'id',
  'application_id',
  'guild_id',
  'version',
  'name_localized',
  'description_localized',
];
/** Superseded by `contexts` and `default_member_permissions`; answered all the same. */
const superseded = ['dm_permission', 'default_permission'];
const globalOnly = ['integration_types', 'contexts'];

/** A command without what makes no difference, so that two of them can be compared: as a text with sorted keys. */
function commandShape(
  command: APIApplicationCommand | RESTPostAPIApplicationCommandsJSONBody,
  scope: 'global' | 'guild',
): string {
  const left = new Set([...ofTheServer, ...superseded, ...(scope === 'guild' ? globalOnly : [])]);
  const entries = Object.entries(command).filter(([key]) => !left.has(key));
  const withDefaults = {
    type: ApplicationCommandType.ChatInput,
    description: '',
    ...Object.fromEntries(entries),
  };
  return JSON.stringify(normalised(withDefaults as Record<string, unknown>));
}

/** A command as it is registered in one guild. */
function forGuild(command: RESTPostAPIApplicationCommandsJSONBody): RESTPostAPIApplicationCommandsJSONBody {
  const { integration_types: _, contexts: __, ...rest } = command;
  return rest;
}

/** Lists whose order means nothing. */
const unordered = ['integration_types', 'contexts', 'channel_types'];

function normalised(value: unknown, key = ''): Plain | undefined {
  if (Array.isArray(value)) {
    const items = value.flatMap((item) => normalised(item) ?? []);
    if (items.length === 0) return undefined;
    return unordered.includes(key) ? items.sort() : items;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .map(([name, inner]) => [name, normalised(inner, name)] as const)
      .filter((entry): entry is readonly [string, Plain] => entry[1] !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  // Absent and false (`required`, `autocomplete`, `nsfw`) say the same, as do absent and null.
  if (value === null || value === undefined || value === false) return undefined;
  return typeof value === 'string' || typeof value === 'number' || value === true ? value : undefined;
}

/** What the platform calls the commands: by these ids a message can hold a command that is run with one click. */
export class CommandIds {
  readonly #ids = new Map<string, ReadonlyMap<string, string>>();

  /** @param scope a guild, or `global`. */
  set(scope: string, commands: readonly { readonly name: string; readonly id: string }[]): void {
    this.#ids.set(scope, new Map(commands.map(({ name, id }) => [name, id])));
  }

  /** A command (`memory add`) as a message shows it; one to click where its id is known. */
  mention(path: string, guild?: string): string {
    const [name = ''] = path.split(' ');
    const id = (guild && this.#ids.get(guild)?.get(name)) || this.#ids.get('global')?.get(name);
    return id ? `</${path}:${id}>` : `\`/${path}\``;
  }
}
