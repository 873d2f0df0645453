import { z } from 'zod';
import { slackPerson } from '../address.js';
import { formValuesSchema } from '../views/block-kit.js';
import type { Actor } from './actor.js';

const teamSchema = z.object({ id: z.string() }).nullish();
/** The app's workspace, where a modal is open in another one (Slack Connect). */
const installedIn = z.string().nullish();
const fromInteractivity = {
  team: teamSchema,
  enterprise: teamSchema,
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().default(''),
};

/** A slash command: form fields. */
export const commandSchema = z.object({
  command: z.string(),
  text: z.string().default(''),
  team_id: z.string(),
  enterprise_id: z.string().optional(),
  user_id: z.string(),
  trigger_id: z.string(),
});

const messageSchema = z.object({
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().nullish(),
  user: z.string().optional(),
  username: z.string().optional(),
  bot_id: z.string().optional(),
});

/** Buttons, menus and fields in messages, modals and the Home tab. */
export const actionSchema = z.object({
  ...fromInteractivity,
  type: z.literal('block_actions'),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        block_id: z.string().optional(),
        value: z.string().nullish(),
      }),
    )
    .min(1),
  channel: z.object({ id: z.string() }).nullish(),
  message: messageSchema.nullish(),
  container: z
    .object({
      message_ts: z.string().optional(),
      thread_ts: z.string().optional(),
      channel_id: z.string().optional(),
      is_ephemeral: z.boolean().optional(),
    })
    .nullish(),
  view: z
    .object({
      id: z.string(),
      type: z.string(),
      callback_id: z.string().default(''),
      app_installed_team_id: installedIn,
    })
    .nullish(),
});
export type ActionPayload = z.infer<typeof actionSchema>;

export const shortcutSchema = z.object({
  ...fromInteractivity,
  type: z.enum(['shortcut', 'message_action']),
  callback_id: z.string(),
  channel: z.object({ id: z.string() }).nullish(),
  message: messageSchema.nullish(),
});
export type ShortcutPayload = z.infer<typeof shortcutSchema>;

export const submissionSchema = z.object({
  ...fromInteractivity,
  type: z.literal('view_submission'),
  view: z.object({
    id: z.string(),
    callback_id: z.string(),
    app_installed_team_id: installedIn,
    private_metadata: z.string().default(''),
    hash: z.string().default(''),
    state: z.object({ values: formValuesSchema.default({}) }).default({ values: {} }),
  }),
});
export type SubmissionPayload = z.infer<typeof submissionSchema>;

export const suggestionSchema = z.object({
  type: z.literal('block_suggestion'),
  action_id: z.string(),
  value: z.string().default(''),
});

/** Who acted, where an interaction says it: org-wide installations leave the team out. */
export function actorOf({
  team,
  enterprise,
  user,
  trigger_id,
  view,
}: Pick<ActionPayload, 'team' | 'enterprise' | 'user' | 'trigger_id'> & {
  readonly view?: { readonly app_installed_team_id?: string | null | undefined } | null | undefined;
}): Actor {
  const id = view?.app_installed_team_id ?? team?.id ?? user.team_id ?? enterprise?.id ?? '';
  return {
    workspace: { team: id, enterprise: enterprise?.id ?? '' },
    user: user.id,
    person: slackPerson(id, user.id),
    trigger: trigger_id,
  };
}

/** Who wrote a slash command. */
export function commandActor(command: z.infer<typeof commandSchema>): Actor {
  return {
    workspace: { team: command.team_id, enterprise: command.enterprise_id ?? '' },
    user: command.user_id,
    person: slackPerson(command.team_id, command.user_id),
    trigger: command.trigger_id,
  };
}
