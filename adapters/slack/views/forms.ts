import type { ModalView } from '@slack/types';
import { type Character, mbtiTypes } from '../../../characters/schema.js';
import type { Say } from '../../../config/locale.js';
import { memoryUnits } from '../../../src/commands/memory.js';
import { type PersonaForm, personaLimits } from '../../../src/commands/persona.js';
import type { CommunitySettings } from '../../../src/commands/settings.js';
import type { SeekerPersona } from '../../../src/memory/profile.js';
import { actionIds, quoteMetadata, viewIds } from '../actions/action-ids.js';
import { escapeText } from '../intake/plain-text.js';
import {
  chosen,
  context,
  conversations,
  cut,
  type FormValues,
  field,
  modal,
  option,
  placeholder,
  section,
  ticked,
  typed,
} from './block-kit.js';

const textField = 'text';

/** One fact to be remembered. */
export const rememberView = (say: Say): ModalView =>
  modal({
    callback: viewIds.remember,
    title: say('slack.memory.title'),
    submit: say('slack.memory.submit'),
    close: say('slack.cancel'),
    blocks: [
      field({
        id: textField,
        label: say('slack.memory.label'),
        element: {
          type: 'plain_text_input',
          action_id: textField,
          max_length: memoryUnits,
          placeholder: placeholder(say('slack.memory.hint')),
        },
      }),
    ],
  });

/** "Ask a character about this": what is asked about somebody's words. */
export const askView = (text: string, author: string, say: Say): ModalView =>
  modal({
    callback: viewIds.ask,
    title: say('slack.ask.title'),
    submit: say('slack.ask.submit'),
    close: say('slack.cancel'),
    metadata: quoteMetadata(text, author),
    blocks: [
      section(`> ${escapeText(cut(text, 400)).replaceAll('\n', '\n> ')}`),
      field({
        id: textField,
        label: say('slack.ask.question'),
        hint: say('slack.ask.private'),
        element: {
          type: 'plain_text_input',
          action_id: textField,
          multiline: true,
          max_length: 1_000,
          placeholder: placeholder(say('slack.ask.hint')),
        },
      }),
    ],
  });

/** What was typed into the one field of a small form. */
export const readText = (values: FormValues): string => typed(values, textField).trim();

/** A few sentences to be read and closed. */
export const infoView = (title: string, text: string, say: Say): ModalView =>
  modal({ callback: viewIds.info, title, close: say('slack.close'), blocks: [section(text)] });

/** Longest text Slack takes in a field, UTF-16 units. */
const longestField = 3_000;
const personaFields = { worry: 'worry', facts: 'facts', mbti: 'mbti', name: 'name' } as const;

/** Who the person is: to find them somebody (`match`), or to be kept (`persona`). What is known already stands in it. */
export function personaView(kind: 'match' | 'persona', persona: SeekerPersona, say: Say): ModalView {
  const facts = cut(persona.facts.join('\n'), longestField);
  const type = mbtiTypes.find((known) => known === persona.mbti);
  return modal({
    callback: kind === 'match' ? viewIds.match : viewIds.persona,
    title: say(`slack.${kind}.title`),
    submit: say(`slack.${kind}.submit`),
    close: say('slack.cancel'),
    blocks: [
      context(say(`slack.${kind}.intro`)),
      field({
        id: personaFields.worry,
        label: say('slack.persona.worry'),
        element: {
          type: 'plain_text_input',
          action_id: personaFields.worry,
          multiline: true,
          max_length: personaLimits.worry,
          placeholder: placeholder(say('slack.persona.worryHint')),
          ...(persona.worry && { initial_value: persona.worry }),
        },
      }),
      field({
        id: personaFields.facts,
        label: say('slack.persona.facts'),
        hint: say('slack.persona.factsHint'),
        element: {
          type: 'plain_text_input',
          action_id: personaFields.facts,
          multiline: true,
          max_length: longestField,
          ...(facts && { initial_value: facts }),
        },
      }),
      field({
        id: personaFields.mbti,
        label: say('slack.persona.mbti'),
        element: {
          type: 'static_select',
          action_id: personaFields.mbti,
          placeholder: placeholder(say('slack.persona.mbtiHint')),
          options: mbtiTypes.map((name) => option(name, name)),
          ...(type && { initial_option: option(type, type) }),
        },
      }),
      field({
        id: personaFields.name,
        label: say('slack.persona.name'),
        element: {
          type: 'plain_text_input',
          action_id: personaFields.name,
          max_length: personaLimits.name,
          ...(persona.name && { initial_value: persona.name }),
        },
      }),
    ],
  });
}

/** What was typed into {@link personaView}. */
export function readPersonaForm(values: FormValues): PersonaForm {
  return {
    worry: typed(values, personaFields.worry),
    facts: typed(values, personaFields.facts),
    mbti: chosen(values, personaFields.mbti),
    name: typed(values, personaFields.name),
  };
}

const settingsFields = {
  channels: 'channels',
  character: actionIds.defaultCharacter,
  daily: 'daily',
  reminder: 'reminder',
  bots: 'bots',
} as const;

/** What holds for the whole workspace, for its administrators. */
export function settingsView(
  settings: CommunitySettings,
  character: Character | undefined,
  say: Say,
): ModalView {
  const bots = option(say('slack.settings.allowBots'), 'yes');
  return modal({
    callback: viewIds.settings,
    title: say('slack.settings.title'),
    submit: say('slack.settings.submit'),
    close: say('slack.cancel'),
    blocks: [
      context(say('slack.settings.intro')),
      field({
        id: settingsFields.channels,
        label: say('slack.settings.channels'),
        hint: say('slack.settings.channelsHint'),
        element: {
          type: 'multi_conversations_select',
          action_id: settingsFields.channels,
          filter: { include: ['public', 'private'], exclude_bot_users: true },
          ...(settings.allowedChannels.length > 0 && { initial_conversations: settings.allowedChannels }),
        },
      }),
      field({
        id: settingsFields.character,
        label: say('slack.settings.character'),
        hint: say('slack.settings.characterHint'),
        element: {
          type: 'external_select',
          action_id: settingsFields.character,
          min_query_length: 0,
          placeholder: placeholder(say('slack.settings.matched')),
          ...(character && { initial_option: option(character.name, character.id) }),
        },
      }),
      field({
        id: settingsFields.daily,
        label: say('slack.settings.daily'),
        hint: say('slack.settings.dailyHint'),
        element: {
          type: 'number_input',
          action_id: settingsFields.daily,
          is_decimal_allowed: false,
          min_value: '0',
          max_value: '100000',
          initial_value: String(settings.dailyReplies),
        },
      }),
      field({
        id: settingsFields.reminder,
        label: say('slack.settings.reminder'),
        hint: say('slack.settings.reminderHint'),
        element: {
          type: 'number_input',
          action_id: settingsFields.reminder,
          is_decimal_allowed: true,
          min_value: '0',
          max_value: '8760',
          initial_value: String(settings.disclosureEveryHours),
        },
      }),
      field({
        id: settingsFields.bots,
        label: say('slack.settings.bots'),
        element: {
          type: 'checkboxes',
          action_id: settingsFields.bots,
          options: [bots],
          ...(settings.allowBots && { initial_options: [bots] }),
        },
      }),
    ],
  });
}

/** What was entered into {@link settingsView}; an emptied number is 0. */
export function readSettingsForm(values: FormValues): CommunitySettings {
  return {
    allowedChannels: [...conversations(values, settingsFields.channels)],
    defaultCharacterId: chosen(values, settingsFields.character) || null,
    dailyReplies: Math.trunc(Number(typed(values, settingsFields.daily))) || 0,
    disclosureEveryHours: Number(typed(values, settingsFields.reminder)) || 0,
    allowBots: ticked(values, settingsFields.bots, 'yes'),
  };
}
