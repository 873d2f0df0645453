import {
  type APIAllowedMentions,
  type APIEmbed,
  type APIMessageTopLevelComponent,
  MessageFlags,
} from 'discord-api-types/v10';
import { z } from 'zod';
import { ComponentCheck } from './components.js';
import { type FieldError, invalidForm, parseForm, refusals } from './errors.js';
import { numbered } from './modals.js';

const text = (max: number) => z.string().max(max);

const embedSchema = z.looseObject({
  title: text(256).nullish(),
  description: text(4_096).nullish(),
  url: z.string().nullish(),
  color: z.number().int().min(0).max(0xffffff).nullish(),
  footer: z.looseObject({ text: text(2_048) }).nullish(),
  author: z.looseObject({ name: text(256) }).nullish(),
  fields: z
    .array(z.looseObject({ name: text(256).min(1), value: text(1_024).min(1) }))
    .max(25)
    .nullish(),
});

const allowedMentionsSchema = z.looseObject({
  parse: z.array(z.enum(['users', 'roles', 'everyone'])).optional(),
  users: z.array(z.string()).max(100).optional(),
  roles: z.array(z.string()).max(100).optional(),
  replied_user: z.boolean().optional(),
});

const attachmentSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).optional(),
  filename: z.string().optional(),
  description: text(1_024).nullish(),
});

const messageFields = {
  content: z.union([text(2_000), z.null()]).optional(),
  embeds: z.array(embedSchema).max(10).nullish(),
  components: z.array(z.unknown()).nullish(),
  flags: z.number().int().nullish(),
  allowed_mentions: allowedMentionsSchema.nullish(),
  attachments: z.array(attachmentSchema).max(10).nullish(),
  tts: z.boolean().optional(),
};

const createSchema = z.looseObject({
  ...messageFields,
  nonce: z.union([text(25), z.number().int()]).optional(),
  enforce_nonce: z.boolean().optional(),
  message_reference: z
    .looseObject({
      message_id: z.string().optional(),
      channel_id: z.string().optional(),
      guild_id: z.string().optional(),
      type: z.number().optional(),
      fail_if_not_exists: z.boolean().optional(),
    })
    .nullish(),
});

const webhookSchema = z.looseObject({
  ...messageFields,
  username: z.string().trim().min(1).max(80).nullish(),
  avatar_url: z.string().nullish(),
  thread_name: text(100).optional(),
});

const editSchema = z.looseObject(messageFields);

/** What every message body has in common once it is parsed. */
export interface MessageBody {
  readonly content: string | null | undefined;
  readonly embeds: APIEmbed[] | null | undefined;
  readonly components: APIMessageTopLevelComponent[] | null | undefined;
  readonly flags: number | null | undefined;
  readonly allowedMentions: APIAllowedMentions | undefined;
  readonly attachments: readonly z.infer<typeof attachmentSchema>[] | null | undefined;
}

export interface CreateBody extends MessageBody {
  readonly nonce: string | number | null;
  readonly enforceNonce: boolean;
  readonly reference: z.infer<typeof createSchema>['message_reference'];
}

export interface WebhookBody extends MessageBody {
  readonly username: string | null;
  readonly avatarUrl: string | null;
  readonly threadName: string | null;
}

/** @throws DiscordError 50035 or 50006. */
export function parseCreate(body: unknown, files: number): CreateBody {
  const parsed = parseForm(createSchema, body);
  const message = common(parsed);
  requireContent(message, files);
  return {
    ...message,
    nonce: parsed.nonce ?? null,
    enforceNonce: parsed.enforce_nonce ?? false,
    reference: parsed.message_reference,
  };
}

/** @throws DiscordError 50035 or 50006. */
export function parseWebhook(body: unknown, files: number): WebhookBody {
  const parsed = parseForm(webhookSchema, body);
  const forbidden = /clyde|discord/i.exec(parsed.username ?? '');
  if (forbidden)
    throw invalidForm([
      {
        path: ['username'],
        code: 'USERNAME_INVALID_CONTAINS',
        message: `Username cannot contain "${forbidden[0].toLowerCase()}"`,
      },
    ]);
  const message = common(parsed);
  requireContent(message, files);
  return {
    ...message,
    username: parsed.username ?? null,
    avatarUrl: parsed.avatar_url ?? null,
    threadName: parsed.thread_name ?? null,
  };
}

/** @throws DiscordError 50035. @param was the flags of the message that is edited. */
export function parseEdit(body: unknown, was: number): MessageBody {
  return common(parseForm(editSchema, body), was);
}

/** Refuses a message with nothing in it. @throws DiscordError 50006. */
export function requireContent(message: MessageBody, files: number): void {
  const empty =
    !message.content?.trim() &&
    (message.embeds ?? []).length === 0 &&
    (message.components ?? []).length === 0 &&
    files === 0;
  if (empty) throw refusals.emptyMessage();
}

function common(parsed: z.infer<typeof editSchema>, was = 0): MessageBody {
  const v2 = (((parsed.flags ?? 0) | was) & MessageFlags.IsComponentsV2) !== 0;
  const errors: FieldError[] = v2 ? legacyFields(parsed) : [];
  errors.push(...new ComponentCheck(v2).run(parsed.components ?? []).errors);
  const embedText = (parsed.embeds ?? []).reduce((sum, embed) => sum + embedLength(embed), 0);
  if (embedText > 6_000)
    errors.push({
      path: ['embeds'],
      code: 'MAX_EMBED_SIZE_EXCEEDED',
      message: 'Embed size exceeds maximum size of 6000',
    });
  if (errors.length > 0) throw invalidForm(errors);
  return {
    content: parsed.content,
    embeds: parsed.embeds as APIEmbed[] | null | undefined,
    components: numbered(parsed.components) as APIMessageTopLevelComponent[] | null | undefined,
    flags: parsed.flags,
    allowedMentions: (parsed.allowed_mentions ?? undefined) as APIAllowedMentions | undefined,
    attachments: parsed.attachments,
  };
}

function legacyFields(parsed: z.infer<typeof editSchema>): FieldError[] {
  const used = [
    ...(parsed.content ? ['content'] : []),
    ...((parsed.embeds ?? []).length > 0 ? ['embeds'] : []),
  ];
  return used.map((field) => ({
    path: [field],
    code: 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
    message: `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
  }));
}

function embedLength(embed: z.infer<typeof embedSchema>): number {
  const fields = (embed.fields ?? []).reduce((sum, field) => sum + field.name.length + field.value.length, 0);
  return (
    (embed.title?.length ?? 0) +
    (embed.description?.length ?? 0) +
    (embed.footer?.text.length ?? 0) +
    (embed.author?.name.length ?? 0) +
    fields
  );
}
