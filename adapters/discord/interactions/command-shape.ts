import {
  type APIApplicationCommand,
  ApplicationCommandType,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';

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
export function commandShape(
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
export function forGuild(
  command: RESTPostAPIApplicationCommandsJSONBody,
): RESTPostAPIApplicationCommandsJSONBody {
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
