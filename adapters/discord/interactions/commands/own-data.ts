import {
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonStyle,
  ComponentType,
} from 'discord-api-types/v10';
import {
  addMemory,
  forgetMemory,
  listMemories,
  memoryUnits,
  pinMemory,
} from '../../../../src/commands/memory.js';
import { readPersona } from '../../../../src/commands/persona.js';
import { exportPerson, pausePerson } from '../../../../src/commands/privacy.js';
import { choiceUnits } from '../../../../src/commands/steer.js';
import {
  proposalsMeant,
  rememberingModes,
  sayDecision,
  sayRemembering,
} from '../../../../src/turn/remembering.js';
import { inTime } from '../answer.js';
import { type CommandWords, everywhere } from '../command-words.js';
import { componentId } from '../component-id.js';
import { memoriesPage } from '../components/own-data.js';
import type { SlashCommand } from '../context.js';
import { message, notice, plain, shorten, text } from '../message-body.js';
import { personaForm, personaPage } from '../persona-form.js';
import { button, row } from '../reply-buttons.js';

/** `/persona`: who the person has said they are. */
export const persona: SlashCommand = {
  name: 'persona',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('persona'),
    ...everywhere,
    options: [
      { type: ApplicationCommandOptionType.Subcommand, ...words.entry('persona.show') },
      { type: ApplicationCommandOptionType.Subcommand, ...words.entry('persona.edit') },
    ],
  }),
  run: async ({ answer, services, place, say, discord }, { subcommand }) => {
    if (subcommand === 'edit') {
      const known = await inTime(discord.clock, readPersona(services, place.person));
      return answer.form(personaForm('described', known, say));
    }
    await answer.defer('person');
    await answer.show(personaPage(await readPersona(services, place.person), say));
  },
};

/** `/match`: a form about the person; sending it shows who fits them. */
export const match: SlashCommand = {
  name: 'match',
  define: (words) => ({ type: ApplicationCommandType.ChatInput, ...words.entry('match'), ...everywhere }),
  run: async ({ answer, services, place, say, discord }) => {
    const persona = await inTime(discord.clock, readPersona(services, place.person));
    await answer.form(personaForm('matched', persona, say));
  },
};

const maxChoices = 25;

/** A subcommand about one fact, which is completed as it is typed. */
function aboutFact(
  words: CommandWords,
  verb: 'forget' | 'pin' | 'unpin' | 'keep' | 'drop',
): APIApplicationCommandSubcommandOption {
  return {
    type: ApplicationCommandOptionType.Subcommand,
    ...words.entry(`memory.${verb}`),
    options: [
      {
        type: ApplicationCommandOptionType.String,
        ...words.entry(`memory.${verb}.fact`),
        required: true,
        autocomplete: true,
        max_length: choiceUnits,
      },
    ],
  };
}

/** `/memory`: what the person asked to be remembered. */
export const memory: SlashCommand = {
  name: 'memory',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('memory'),
    ...everywhere,
    options: [
      { type: ApplicationCommandOptionType.Subcommand, ...words.entry('memory.list') },
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('memory.add'),
        options: [
          {
            type: ApplicationCommandOptionType.String,
            ...words.entry('memory.add.fact'),
            required: true,
            max_length: memoryUnits,
          },
        ],
      },
      ...(['forget', 'pin', 'unpin'] as const).map((verb) => aboutFact(words, verb)),
      {
        type: ApplicationCommandOptionType.Subcommand,
        ...words.entry('memory.automatic'),
        options: [
          {
            type: ApplicationCommandOptionType.String,
            ...words.entry('memory.automatic.mode'),
            required: false,
            choices: rememberingModes.map((mode) => ({
              ...words.label(`memory.automatic.modes.${mode}`),
              value: mode,
            })),
          },
        ],
      },
      ...(['keep', 'drop'] as const).map((verb) => aboutFact(words, verb)),
    ],
  }),
  run: async ({ answer, services, place, say }, options) => {
    await answer.defer('person');
    const fact = options.text('fact') ?? '';
    switch (options.subcommand) {
      case 'automatic':
        return answer.tell(
          notice(plain(await sayRemembering(services, place.person, options.text('mode') ?? ''))),
        );
      case 'keep':
      case 'drop': {
        const waiting = await services.store.people.proposals(place.person);
        const ids = waiting.some(({ id }) => id === fact)
          ? [fact]
          : await proposalsMeant(services, place.person, fact);
        const keep = options.subcommand === 'keep';
        return answer.tell(notice(plain(await sayDecision(services, place.person, ids, keep))));
      }
      case 'add': {
        const { text } = await addMemory(services, place.person, fact);
        return answer.tell(notice(say('memory.remembered', { text: plain(text) })));
      }
      case 'forget': {
        const id = await idOf(services, place.person, fact);
        const gone = id === null ? null : await forgetMemory(services, place.person, id);
        return answer.tell(
          notice(gone ? say('memory.forgotten', { text: plain(gone.text) }) : say('discord.memory.unknown')),
        );
      }
      case 'pin':
      case 'unpin': {
        const pin = options.subcommand === 'pin';
        const id = await idOf(services, place.person, fact);
        const changed = id === null ? null : await pinMemory(services, place.person, id, pin);
        return answer.tell(
          notice(
            changed
              ? say(pin ? 'memory.pinned' : 'memory.unpinned', { text: plain(changed.text) })
              : say('discord.memory.unknown'),
          ),
        );
      }
      default:
        await answer.show(memoriesPage(await listMemories(services, place.person), say));
    }
  },
  complete: async ({ services, place }, { focused, subcommand }) => {
    const typed = focused?.typed.trim().toLowerCase() ?? '';
    const waits = subcommand === 'keep' || subcommand === 'drop';
    const facts = waits
      ? await services.store.people.proposals(place.person)
      : await listMemories(services, place.person);
    return facts
      .filter(({ text }) => text.toLowerCase().includes(typed))
      .slice(-maxChoices)
      .reverse()
      .map(({ id, text }) => ({ name: shorten(text.replace(/\s+/g, ' '), choiceUnits), value: id }));
  },
};

/** The fact that is meant: by the id of a choice, or by its words as typed. */
async function idOf(
  services: Parameters<typeof listMemories>[0],
  person: Parameters<typeof listMemories>[1],
  typed: string,
): Promise<string | null> {
  const facts = await listMemories(services, person);
  const words = typed.toLowerCase();
  const meant =
    facts.find(({ id }) => id === typed) ?? facts.find(({ text }) => text.toLowerCase() === words);
  return meant?.id ?? null;
}

const rights = ['export', 'delete', 'pause', 'resume'] as const;

/** `/privacy`: what is stored about the person, in their hands. */
export const privacy: SlashCommand = {
  name: 'privacy',
  define: (words) => ({
    type: ApplicationCommandType.ChatInput,
    ...words.entry('privacy'),
    ...everywhere,
    options: rights.map((right) => ({
      type: ApplicationCommandOptionType.Subcommand,
      ...words.entry(`privacy.${right}`),
    })),
  }),
  run: async ({ answer, services, place, say, commandIds }, { subcommand }) => {
    await answer.defer('person');
    switch (subcommand) {
      case 'export': {
        const { page, json } = await exportPerson(services, place.person);
        const files = [page, json];
        const shown = files.map(({ name }) => ({
          type: ComponentType.File as const,
          file: { url: `attachment://${name}` },
        }));
        await answer.show(
          message(text(say('discord.privacy.export')), ...shown),
          files.map(({ name, text: content, contentType }) => ({
            name,
            data: Buffer.from(content),
            contentType,
          })),
        );
        return;
      }
      case 'delete':
        await answer.show(
          message(
            text(say('discord.privacy.sure')),
            row(
              button(say('discord.buttons.erase'), null, componentId({ do: 'erase' }), ButtonStyle.Danger),
              button(say('discord.buttons.cancel'), null, componentId({ do: 'cancel' })),
            ),
          ),
        );
        return;
      default: {
        const paused = subcommand === 'pause';
        await pausePerson(services, place.person, paused);
        const resume = commandIds.mention('privacy resume', place.guild);
        await answer.tell(
          notice(paused ? say('discord.privacy.paused', { resume }) : say('discord.privacy.resumed')),
        );
      }
    }
  },
};
