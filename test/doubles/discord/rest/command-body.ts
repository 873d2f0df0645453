import {
  type APIApplicationCommand,
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  Locale,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { type FieldError, invalidForm, parseForm } from './errors.js';

const chatName = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const locales = new Set<string>(Object.values(Locale));

const localizations = z.record(z.string(), z.string()).nullish();
const choiceSchema = z.looseObject({
  name: z.string().min(1).max(100),
  name_localizations: localizations,
  value: z.union([z.string().max(100), z.number()]),
});

const optionShape = {
  type: z.number().int().min(1).max(11),
  name: z.string(),
  description: z.string().min(1).max(100),
  name_localizations: localizations,
  description_localizations: localizations,
  required: z.boolean().optional(),
  autocomplete: z.boolean().optional(),
  choices: z.array(choiceSchema).max(25).optional(),
};
const leafSchema = z.looseObject(optionShape);
const innerSchema = z.looseObject({ ...optionShape, options: z.array(leafSchema).max(25).optional() });
const optionSchema = z.looseObject({ ...optionShape, options: z.array(innerSchema).max(25).optional() });

const commandSchema = z.looseObject({
  type: z.number().int().min(1).max(4).optional(),
  name: z.string(),
  description: z.string().max(100).optional(),
  name_localizations: localizations,
  description_localizations: localizations,
  options: z.array(optionSchema).max(25).optional(),
  default_member_permissions: z.string().regex(/^\d+$/).nullish(),
  dm_permission: z.boolean().nullish(),
  nsfw: z.boolean().optional(),
  integration_types: z.array(z.number().int().min(0).max(1)).min(1).nullish(),
  contexts: z.array(z.number().int().min(0).max(2)).nullish(),
});

type CommandBody = z.infer<typeof commandSchema>;

/** What a command is made of, apart from the ids Discord gives it. */
export type CommandFields = Omit<APIApplicationCommand, 'id' | 'application_id' | 'version' | 'guild_id'>;

/** Checks a command's definition and fills in what was left out. @throws DiscordError 50035. */
export function parseCommand(
  body: unknown,
  { path, integrationTypes, guild }: { path: FieldError['path']; integrationTypes: number[]; guild: boolean },
): CommandFields {
  const parsed = parseForm(commandSchema, body);
  const type = parsed.type ?? ApplicationCommandType.ChatInput;
  const errors = [
    ...namesOf(parsed, type, path),
    ...optionErrors(parsed.options ?? [], [...path, 'options']),
  ];
  const isChat = type === ApplicationCommandType.ChatInput;
  if (isChat && !parsed.description)
    errors.push({
      path: [...path, 'description'],
      code: 'BASE_TYPE_REQUIRED',
      message: 'This field is required',
    });
  if (!isChat && (parsed.description || parsed.options?.length))
    errors.push({
      path: [...path, 'description'],
      code: 'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID',
      message: 'Context menu commands cannot have description',
    });
  if (sizeOf(parsed) > 8_000)
    errors.push({
      path,
      code: 'APPLICATION_COMMAND_TOO_LARGE',
      message: 'Command exceeds maximum size (8000)',
    });
  if (errors.length > 0) throw invalidForm(errors);
  return {
    type,
    name: parsed.name,
    name_localizations: parsed.name_localizations ?? null,
    description: parsed.description ?? '',
    description_localizations: parsed.description_localizations ?? null,
    default_member_permissions: parsed.default_member_permissions ?? null,
    nsfw: parsed.nsfw ?? false,
    ...(parsed.options?.length ? { options: parsed.options.map(stored) } : {}),
    ...(guild
      ? {}
      : {
          dm_permission: parsed.dm_permission ?? true,
          integration_types: parsed.integration_types ?? integrationTypes,
          contexts: parsed.contexts ?? null,
        }),
  };
}

function namesOf(body: CommandBody, type: ApplicationCommandType, path: FieldError['path']): FieldError[] {
  const fits = (name: string): boolean =>
    type === ApplicationCommandType.ChatInput
      ? chatName.test(name) && name === name.toLowerCase()
      : name.length >= 1 && name.length <= 32;
  return nameErrors(body, path, fits);
}

function nameErrors(
  node: {
    name: string;
    name_localizations?: Record<string, string> | null | undefined;
    description_localizations?: Record<string, string> | null | undefined;
  },
  path: FieldError['path'],
  fits: (name: string) => boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const check = (name: string, where: FieldError['path']): void => {
    if (!fits(name))
      errors.push({
        path: where,
        code: 'APPLICATION_COMMAND_INVALID_NAME',
        message: 'Command name is invalid',
      });
  };
  check(node.name, [...path, 'name']);
  for (const [locale, name] of Object.entries(node.name_localizations ?? {})) {
    check(name, [...path, 'name_localizations', locale]);
    if (!locales.has(locale)) errors.push(strangeLocale([...path, 'name_localizations', locale]));
  }
  for (const [locale, text] of Object.entries(node.description_localizations ?? {})) {
    const where = [...path, 'description_localizations', locale];
    if (!locales.has(locale)) errors.push(strangeLocale(where));
    if (text.length < 1 || text.length > 100)
      errors.push({
        path: where,
        code: 'BASE_TYPE_BAD_LENGTH',
        message: 'Must be between 1 and 100 in length.',
      });
  }
  return errors;
}

function strangeLocale(path: FieldError['path']): FieldError {
  return { path, code: 'BASE_TYPE_CHOICES', message: 'Value is not a known locale.' };
}

type OptionBody = z.infer<typeof optionSchema>;

function optionErrors(options: readonly OptionBody[], path: FieldError['path']): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  let optional = false;
  for (const [at, option] of options.entries()) {
    const where = [...path, at];
    const fits = (name: string): boolean => chatName.test(name) && name === name.toLowerCase();
    errors.push(...nameErrors(option, where, fits));
    if (names.has(option.name))
      errors.push({
        path: where,
        code: 'APPLICATION_COMMAND_OPTIONS_NAME_INVALID',
        message: 'Option names must be unique',
      });
    names.add(option.name);
    if (option.required && optional)
      errors.push({
        path: where,
        code: 'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        message: 'Required options must be placed before non-required options',
      });
    const group = isGroup(option.type);
    if (!group && !option.required) optional = true;
    if (option.autocomplete && option.choices?.length)
      errors.push({
        path: where,
        code: 'APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE',
        message: 'Options cannot have both choices and autocomplete',
      });
    if (group !== isGroup(options[0]?.type ?? 3))
      errors.push({
        path: where,
        code: 'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
        message: 'Sub-command and sub-command group option types are mutually exclusive to all other types',
      });
    if (option.options) errors.push(...optionErrors(option.options as OptionBody[], [...where, 'options']));
  }
  return errors;
}

function isGroup(type: number): boolean {
  return (
    type === ApplicationCommandOptionType.Subcommand || type === ApplicationCommandOptionType.SubcommandGroup
  );
}

/** An option as Discord gives it back: what says nothing is left out. */
function stored(option: OptionBody): APIApplicationCommandOption {
  const { required, autocomplete, choices, options, name_localizations, description_localizations, ...rest } =
    option;
  return {
    ...rest,
    name_localizations: name_localizations ?? null,
    description_localizations: description_localizations ?? null,
    ...(required ? { required } : {}),
    ...(autocomplete ? { autocomplete } : {}),
    ...(choices?.length
      ? {
          choices: choices.map((choice) => ({
            ...choice,
            name_localizations: choice.name_localizations ?? null,
          })),
        }
      : {}),
    ...(options?.length ? { options: (options as OptionBody[]).map(stored) } : {}),
  } as unknown as APIApplicationCommandOption;
}

/** Characters of all names, descriptions and values; of localisations the longest counts. */
function sizeOf(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, one) => sum + sizeOf(one), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const { name, description, value, options, choices, name_localizations, description_localizations } =
    node as Record<string, unknown>;
  const longest = (text: unknown, translated: unknown): number =>
    Math.max(
      typeof text === 'string' ? text.length : 0,
      ...Object.values((translated ?? {}) as Record<string, string>).map((one) => one.length),
    );
  return (
    longest(name, name_localizations) +
    longest(description, description_localizations) +
    (typeof value === 'string' ? value.length : 0) +
    sizeOf(options) +
    sizeOf(choices)
  );
}
