import type { ModalView } from '@slack/types';
import type { Character } from '../../../characters/schema.js';
import type { Say } from '../../../config/locale.js';
import type { CommunitySettings } from '../../../src/commands/settings.js';
import { actionIds, viewIds } from '../actions/action-ids.js';
import { context, field, modal, option, placeholder } from './block-kit.js';
import { chosen, conversations, type FormValues, ticked, typed } from './form-values.js';

const fields = {
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
        id: fields.channels,
        label: say('slack.settings.channels'),
        hint: say('slack.settings.channelsHint'),
        element: {
          type: 'multi_conversations_select',
          action_id: fields.channels,
          filter: { include: ['public', 'private'], exclude_bot_users: true },
          ...(settings.allowedChannels.length > 0 && { initial_conversations: settings.allowedChannels }),
        },
      }),
      field({
        id: fields.character,
        label: say('slack.settings.character'),
        hint: say('slack.settings.characterHint'),
        element: {
          type: 'external_select',
          action_id: fields.character,
          min_query_length: 0,
          placeholder: placeholder(say('slack.settings.matched')),
          ...(character && { initial_option: option(character.name, character.id) }),
        },
      }),
      field({
        id: fields.daily,
        label: say('slack.settings.daily'),
        hint: say('slack.settings.dailyHint'),
        element: {
          type: 'number_input',
          action_id: fields.daily,
          is_decimal_allowed: false,
          min_value: '0',
          max_value: '100000',
          initial_value: String(settings.dailyReplies),
        },
      }),
      field({
        id: fields.reminder,
        label: say('slack.settings.reminder'),
        hint: say('slack.settings.reminderHint'),
        element: {
          type: 'number_input',
          action_id: fields.reminder,
          is_decimal_allowed: true,
          min_value: '0',
          max_value: '8760',
          initial_value: String(settings.disclosureEveryHours),
        },
      }),
      field({
        id: fields.bots,
        label: say('slack.settings.bots'),
        element: {
          type: 'checkboxes',
          action_id: fields.bots,
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
    allowedChannels: [...conversations(values, fields.channels)],
    defaultCharacterId: chosen(values, fields.character) || null,
    dailyReplies: Math.trunc(Number(typed(values, fields.daily))) || 0,
    disclosureEveryHours: Number(typed(values, fields.reminder)) || 0,
    allowBots: ticked(values, fields.bots, 'yes'),
  };
}
