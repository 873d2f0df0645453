import {
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Locale,
  PermissionFlagsBits,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { CommandWords, discordLocales } from '../../../../adapters/discord/interactions/command-words.js';
import { defineCommands } from '../../../../adapters/discord/interactions/commands/all-commands.js';
import { loadLocale } from '../../../../app/settings.js';
import { loadAttributes } from '../../../../config/attributes.js';
import type { Say } from '../../../../config/locale.js';
import type { CommandServices } from '../../../../src/commands/command-services.js';

const { say } = loadLocale('en');
/** With every command that an operator can allow. */
const config = { characters: { imports: { discord: 'own' } } };
const services = { say, attributes: loadAttributes(), config } as unknown as CommandServices;
const define = (words = new CommandWords(say, [])): RESTPostAPIApplicationCommandsJSONBody[] =>
  defineCommands(words, services);

/** Discord's rule for names of slash commands and options. */
const nameRule = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

type Entry = RESTPostAPIApplicationCommandsJSONBody | APIApplicationCommandOption;

function entriesOf(entry: Entry): Entry[] {
  const inner = ('options' in entry ? (entry.options ?? []) : []) as APIApplicationCommandOption[];
  return [entry, ...inner.flatMap(entriesOf)];
}

/** All the text that counts towards Discord's 8,000 of a command, at its longest localisation. */
function sizeOf(entry: Entry): number {
  const longest = (text: string | undefined, others?: object | null): number =>
    Math.max(text?.length ?? 0, ...Object.values(others ?? {}).map((one) => String(one).length));
  const own =
    longest(entry.name, entry.name_localizations) +
    ('description' in entry ? longest(entry.description, entry.description_localizations) : 0);
  const choices = 'choices' in entry ? (entry.choices ?? []) : [];
  const chosen = choices.reduce((sum, choice) => sum + choice.name.length + String(choice.value).length, 0);
  const inner = ('options' in entry ? (entry.options ?? []) : []) as APIApplicationCommandOption[];
  return own + chosen + inner.reduce((sum, option) => sum + sizeOf(option), 0);
}

describe('the commands as Discord is told of them', () => {
  const commands = define();

  it('are those that are promised', () => {
    expect(commands.map(({ name }) => name)).toEqual([
      'chat',
      'match',
      'character',
      'persona',
      'memory',
      'country',
      'age',
      'safety',
      'human',
      'steer',
      'style',
      'why',
      'reset',
      'privacy',
      'settings',
      'help',
      'Ask a character about this',
    ]);
  });

  it('keep to the limits of names, descriptions, choices and size', () => {
    for (const command of commands) {
      expect(sizeOf(command), command.name).toBeLessThanOrEqual(8_000);
      const isMenu = command.type === ApplicationCommandType.Message;
      for (const entry of entriesOf(command)) {
        if (isMenu) {
          expect(entry.name.length).toBeLessThanOrEqual(32);
          expect('description' in entry).toBe(false);
          continue;
        }
        expect(entry.name, command.name).toMatch(nameRule);
        expect(entry.name).toBe(entry.name.toLowerCase());
        const description = 'description' in entry ? (entry.description ?? '') : '';
        expect(description.length, `${command.name} ${entry.name}`).toBeGreaterThan(0);
        expect(description.length, `${command.name} ${entry.name}`).toBeLessThanOrEqual(100);
        const options = ('options' in entry ? (entry.options ?? []) : []) as APIApplicationCommandOption[];
        expect(options.length).toBeLessThanOrEqual(25);
        expect(new Set(options.map(({ name }) => name)).size).toBe(options.length);
        const required = options.map((option) => 'required' in option && option.required === true);
        expect(required, 'required options come first').toEqual([...required].sort().reverse());
        const choices = 'choices' in entry ? (entry.choices ?? []) : [];
        expect(choices.length).toBeLessThanOrEqual(25);
        expect(choices.every(({ name }) => name.length > 0 && name.length <= 100)).toBe(true);
        if (choices.length > 0) expect('autocomplete' in entry && entry.autocomplete).toBeFalsy();
        if ('max_length' in entry) expect(entry.max_length).toBeLessThanOrEqual(6_000);
      }
    }
  });

  it('can be used everywhere by whoever has them, but settings only by those who manage a server', () => {
    for (const command of commands) {
      const isSettings = command.name === 'settings';
      expect(command.integration_types, command.name).toEqual(
        isSettings
          ? [ApplicationIntegrationType.GuildInstall]
          : [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
      );
      expect(command.contexts, command.name).toEqual(
        isSettings
          ? [InteractionContextType.Guild]
          : [
              InteractionContextType.Guild,
              InteractionContextType.BotDM,
              InteractionContextType.PrivateChannel,
            ],
      );
      expect(command.default_member_permissions, command.name).toBe(
        isSettings ? String(PermissionFlagsBits.ManageGuild) : undefined,
      );
    }
  });

  it('hide nothing behind the name of an attribute that Discord would refuse', () => {
    const odd = {
      ...services,
      attributes: { attributes: { 'Not A Name': { x: 'do x' }, tone: { warm: 'be warm' } } },
    } as CommandServices;
    const style = defineCommands(new CommandWords(say, []), odd).find(({ name }) => name === 'style');
    expect(style && 'options' in style ? style.options?.map(({ name }) => name) : null).toEqual(['tone']);
  });
});

describe('the words of commands in other languages', () => {
  /** A locale whose texts are those of English, marked. */
  const marked: Say = (key, values) => (key.endsWith('.name') ? `${say(key)}x` : `${say(key, values)} (x)`);
  const words = new CommandWords(say, [{ locales: [Locale.German, Locale.French], say: marked }]);

  it('stand beside those of the operator for names, descriptions and choices', () => {
    const commands = define(words);
    const menu = commands.find(({ type }) => type === ApplicationCommandType.Message);
    const shown = 'Ask a character about this (x)';
    expect(menu?.name_localizations).toEqual({ de: shown, fr: shown });
    for (const entry of commands.filter((command) => command !== menu).flatMap(entriesOf)) {
      // The options of /style are the operator's own attributes.
      if (!('description_localizations' in entry)) continue;
      expect(entry.name_localizations).toEqual({ de: `${entry.name}x`, fr: `${entry.name}x` });
      const description = 'description' in entry ? entry.description : '';
      expect(entry.description_localizations).toEqual({ de: `${description} (x)`, fr: `${description} (x)` });
    }
    const steer = commands.find(({ name }) => name === 'steer');
    const modes = steer && 'options' in steer ? steer.options?.at(-1) : undefined;
    expect(modes?.type === ApplicationCommandOptionType.String && modes.choices?.[0]).toMatchObject({
      name_localizations: { de: 'once: the next reply (x)' },
    });
  });

  it('are left out where a name is the same', () => {
    const same = new CommandWords(say, [{ locales: [Locale.German], say }]);
    expect(same.entry('chat')).toEqual({
      name: 'chat',
      description: 'Say something to a character',
      description_localizations: { de: 'Say something to a character' },
    });
  });

  it('are sent under Discord’s own names of languages', () => {
    expect(discordLocales('en')).toEqual(['en-US', 'en-GB']);
    expect(discordLocales('de')).toEqual(['de']);
    expect(discordLocales('pt-BR')).toEqual(['pt-BR']);
    expect(discordLocales('xx')).toEqual([]);
  });
});
