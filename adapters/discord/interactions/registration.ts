import {
  type APIApplicationCommand,
  ApplicationCommandType,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPutAPIApplicationCommandsJSONBody,
  type RESTPutAPIApplicationGuildCommandsJSONBody,
} from 'discord-api-types/v10';
import { RapportError, reasonOf } from '../../../config/errors.js';
import type { CommandIds } from './command-ids.js';
import { commandShape, forGuild } from './command-shape.js';
import type { InteractionsOptions } from './interactions-options.js';

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
 * nothing is written where it is the same already. A refusal is logged and does not throw: the bot answers messages without
 * its commands, too.
 */
export async function registerCommands(
  options: Pick<InteractionsOptions, 'api' | 'applicationId' | 'config' | 'logger'>,
  commands: readonly RESTPostAPIApplicationCommandsJSONBody[],
  ids: CommandIds,
): Promise<RegistrationReport> {
  const { api, applicationId, config, logger } = options;
  const { applicationCommands } = api;
  const scopes: ScopeReport[] = [];
  const inOne = async (
    scope: string,
    wanted: readonly RESTPostAPIApplicationCommandsJSONBody[],
    read: () => Promise<APIApplicationCommand[]>,
    write: (body: RESTPutAPIApplicationCommandsJSONBody) => Promise<APIApplicationCommand[]>,
  ): Promise<void> => {
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
      scopes.push(report);
    } catch (error) {
      const problem = new RapportError(
        'RAPPORT_E_DISCORD_COMMANDS',
        { scope, reason: reasonOf(error) },
        error,
      );
      logger.error({ scope, code: problem.code, cure: problem.cure }, problem.message);
      scopes.push({ scope, outcome: 'refused', created: [], changed: [], removed: [], problem });
    }
  };
  if (config.commandGuilds.length === 0)
    await inOne(
      'global',
      commands,
      () => applicationCommands.getGlobalCommands(applicationId, { with_localizations: true }),
      (body) => applicationCommands.bulkOverwriteGlobalCommands(applicationId, body),
    );
  for (const guild of config.commandGuilds)
    await inOne(
      guild,
      commands.map(forGuild),
      () => applicationCommands.getGuildCommands(applicationId, guild, { with_localizations: true }),
      (body) =>
        applicationCommands.bulkOverwriteGuildCommands(
          applicationId,
          guild,
          body as RESTPutAPIApplicationGuildCommandsJSONBody,
        ),
    );
  return { scopes };
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
