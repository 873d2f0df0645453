import {
  type APIApplicationCommandInteractionDataBasicOption,
  type APIApplicationCommandInteractionDataOption,
  ApplicationCommandOptionType,
  type InteractionType,
} from 'discord-api-types/v10';

type Option = APIApplicationCommandInteractionDataOption<
  InteractionType.ApplicationCommand | InteractionType.ApplicationCommandAutocomplete
>;
type BasicOption = APIApplicationCommandInteractionDataBasicOption<
  InteractionType.ApplicationCommand | InteractionType.ApplicationCommandAutocomplete
>;

/** What a person filled in behind a slash command. */
export interface CommandOptions {
  /** Null for a command that has none. */
  readonly subcommand: string | null;
  /** Text, trimmed; undefined where nothing was given. */
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean | undefined;
  /** The option that is being typed, with what stands in it so far. */
  readonly focused: { readonly name: string; readonly typed: string } | null;
}

export function readOptions(given: readonly Option[] = []): CommandOptions {
  const [first] = given;
  const nested = first?.type === ApplicationCommandOptionType.Subcommand ? first : null;
  const basic = (nested ? (nested.options ?? []) : given).filter(isBasic);
  const value = (name: string): string | number | boolean | undefined =>
    basic.find((option) => option.name === name)?.value;
  const focused = basic.find((option) => 'focused' in option && option.focused === true);
  return {
    subcommand: nested?.name ?? null,
    text: (name) => {
      const text = value(name);
      return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
    },
    number: (name) => {
      const number = value(name);
      return typeof number === 'number' ? number : undefined;
    },
    flag: (name) => {
      const flag = value(name);
      return typeof flag === 'boolean' ? flag : undefined;
    },
    focused: focused ? { name: focused.name, typed: String(focused.value) } : null,
  };
}

function isBasic(option: Option): option is BasicOption {
  return 'value' in option;
}
