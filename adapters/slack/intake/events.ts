import { z } from 'zod';
import type { Workspace } from '../api/workspace-clients.js';

/** A file of a message, as far as it is read. */
export const fileSchema = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().catch(0),
  url_private: z.string().optional(),
  url_private_download: z.string().optional(),
});
export type SlackFile = z.infer<typeof fileSchema>;

/** Of a list only what has the wanted form: one odd entry costs no message. */
const those = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((entries) =>
      entries.flatMap((entry): z.infer<Schema>[] => {
        const parsed = schema.safeParse(entry);
        return parsed.success ? [parsed.data] : [];
      }),
    );

/** A list of anything; what is none is empty. */
const anything = z.array(z.unknown()).catch([]);

/** A message that was forwarded, as it comes with the one that forwards it. */
const forwardedSchema = z.object({
  is_share: z.literal(true),
  text: z.string().catch(''),
  author_name: z.string().optional().catch(undefined),
  files: those(fileSchema),
  message_blocks: z.array(z.object({ message: z.object({ blocks: anything }) })).catch([]),
});
export type Forwarded = z.infer<typeof forwardedSchema>;

/** The messages that were forwarded with a message. */
export const forwardedIn = (attachments: readonly unknown[]): readonly Forwarded[] =>
  those(forwardedSchema).parse(attachments);

/** What the person looks at while they write to the agent; `{}` where nothing is in view. */
export const contextSchema = z.object({
  entities: those(
    z.union([
      z.object({
        type: z.literal('slack#/types/message_context'),
        value: z.object({ message_ts: z.string(), channel_id: z.string() }),
      }),
      z.object({ type: z.string() }),
    ]),
  ),
});
export type AppContext = z.infer<typeof contextSchema>;

const written = z.object({
  user: z.string().optional(),
  bot_id: z.string().optional(),
  app_id: z.string().optional(),
  /** Workspace of the writer: another one in a shared channel. */
  team: z.string().optional(),
  user_team: z.string().optional(),
  text: z.string().nullish(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  subtype: z.string().optional(),
  files: those(fileSchema),
  attachments: anything,
  blocks: anything,
});

/** `message` and `app_mention`: the same message may come as both. */
export const messageEventSchema = written.extend({
  type: z.enum(['message', 'app_mention']),
  channel: z.string(),
  app_context: contextSchema.optional().catch(undefined),
});
export type MessageEvent = z.infer<typeof messageEventSchema>;

/** `message_changed` and `message_deleted`. */
export const messageChangeSchema = z.object({
  type: z.literal('message'),
  subtype: z.enum(['message_changed', 'message_deleted']),
  channel: z.string(),
  /** The message as it stands now; absent when it was deleted. */
  message: written.optional(),
  previous_message: written.optional(),
  deleted_ts: z.string().optional(),
});
export type MessageChange = z.infer<typeof messageChangeSchema>;

export const homeOpenedSchema = z.object({
  type: z.literal('app_home_opened'),
  user: z.string(),
  channel: z.string(),
  tab: z.string().optional(),
  context: contextSchema.optional().catch(undefined),
});

/**
 * Documented with nothing but the context, whose person the envelope's authorization then names; the SDK's types add `user` and
 * `channel` (https://docs.slack.dev/reference/events/app_context_changed).
 */
export const contextChangedSchema = z.object({
  type: z.literal('app_context_changed'),
  user: z.string().optional(),
  channel: z.string().optional(),
  context: contextSchema.catch({ entities: [] }),
});

/** The person pressed Slack's own stop button. */
export const sessionStoppedSchema = z.object({
  type: z.literal('agent_session_stopped'),
  channel: z.string(),
  user: z.string().optional(),
  thread_ts: z.string().optional(),
});

export const tokensRevokedSchema = z.object({
  type: z.literal('tokens_revoked'),
  tokens: z.object({ bot: z.array(z.string()).nullish() }),
});

export const teamAccessSchema = z.object({
  type: z.enum(['team_access_granted', 'team_access_revoked']),
  team_ids: z.array(z.string()),
});

/** What surrounds every event. */
export const envelopeSchema = z.object({
  team_id: z.string().nullish(),
  context_team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
  api_app_id: z.string().default(''),
  authorizations: z
    .array(
      z.object({
        team_id: z.string().nullish(),
        enterprise_id: z.string().nullish(),
        user_id: z.string().nullish(),
        is_bot: z.boolean().nullish(),
        is_enterprise_install: z.boolean().nullish(),
      }),
    )
    .nullish(),
  event: z.looseObject({ type: z.string() }),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/** Through which installation something came, and who the bot is there. */
export interface Source {
  readonly workspace: Required<Workspace>;
  /** The bot's user: `U…`. */
  readonly botUser: string;
  /** The bot's own id: `B…`. */
  readonly botId: string;
  readonly appId: string;
  /** The installation is an organisation's. */
  readonly orgWide: boolean;
}

/** The workspace an event came through; null where none is named. In a shared channel the writer's may be another. */
export function workspaceOf(envelope: Omit<Envelope, 'event'>): Required<Workspace> | null {
  const [authorization] = envelope.authorizations ?? [];
  const named = [authorization?.team_id, envelope.context_team_id, envelope.team_id].filter((id) => !!id);
  // Of a channel that several workspaces of an organisation share the organisation itself may be named first.
  const team = named.find((id) => id?.startsWith('T')) ?? named[0];
  if (!team) return null;
  return { team, enterprise: authorization?.enterprise_id ?? envelope.enterprise_id ?? '' };
}
