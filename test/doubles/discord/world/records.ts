import type {
  APIApplicationCommand,
  APIAttachment,
  APIAuthorizingIntegrationOwnersMap,
  APIEmbed,
  APIMessageInteractionMetadata,
  APIMessageReference,
  APIMessageTopLevelComponent,
  APIModalInteractionResponseCallbackData,
  APIOverwrite,
  APIPartialEmoji,
  APIRole,
  ChannelType,
  InteractionContextType,
  InteractionResponseType,
  InteractionType,
  Locale,
  MessageType,
  ThreadAutoArchiveDuration,
} from 'discord-api-types/v10';

/** What the double remembers. Times are ms since the epoch of its clock; what goes over the wire is made in present-*.ts. */
export interface MemberRecord {
  readonly userId: string;
  nick: string | null;
  roles: string[];
  readonly joinedAt: number;
  timeoutUntil: number | null;
}

export interface GuildRecord {
  readonly id: string;
  name: string;
  readonly ownerId: string;
  readonly locale: Locale;
  readonly roles: Map<string, APIRole>;
  readonly members: Map<string, MemberRecord>;
  /** The bot's own role, while the bot is a member. */
  botRoleId: string | null;
  unavailable: boolean;
}

export interface ThreadRecord {
  readonly ownerId: string;
  archived: boolean;
  locked: boolean;
  invitable: boolean;
  autoArchive: ThreadAutoArchiveDuration;
  archiveChangedAt: number;
  readonly createdAt: number;
  readonly members: Map<string, number>;
  messages: number;
  totalSent: number;
  /** The last post or un-archiving, from which the auto-archive time counts. */
  activeAt: number;
}

export interface ChannelRecord {
  readonly id: string;
  readonly type: ChannelType;
  readonly guildId: string | null;
  name: string | null;
  topic: string | null;
  readonly parentId: string | null;
  overwrites: APIOverwrite[];
  /** The people of a direct message or group, the bot included where it takes part. */
  readonly recipients: string[];
  readonly position: number;
  nsfw: boolean;
  slowmodeSeconds: number;
  lastMessageId: string | null;
  readonly thread: ThreadRecord | null;
}

export interface Author {
  readonly userId: string;
  /** Set for webhook messages: the name and face shown instead of a user's. */
  readonly persona?: { readonly name: string; readonly avatar: string | null };
}

export interface ReactionRecord {
  readonly emoji: APIPartialEmoji;
  readonly users: Set<string>;
}

/** Whom a message notified. */
export interface Pings {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly everyone: boolean;
}

export interface Version {
  readonly content: string;
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly at: number;
}

export interface MessageRecord {
  readonly id: string;
  readonly channelId: string;
  readonly author: Author;
  readonly type: MessageType;
  readonly createdAt: number;
  content: string;
  editedAt: number | null;
  flags: number;
  embeds: APIEmbed[];
  components: APIMessageTopLevelComponent[];
  attachments: APIAttachment[];
  mentions: string[];
  mentionRoles: string[];
  mentionEveryone: boolean;
  readonly pings: Pings;
  readonly nonce: string | number | null;
  readonly reference: APIMessageReference | null;
  readonly webhookId: string | null;
  readonly applicationId: string | null;
  readonly interaction: APIMessageInteractionMetadata | null;
  readonly reactions: ReactionRecord[];
  pinned: boolean;
  threadId: string | null;
  /** The one person who sees an ephemeral message. */
  readonly ephemeralFor: string | null;
  deletedAt: number | null;
  /** Every state it has had, the current one last. */
  readonly versions: Version[];
}

export interface WebhookRecord {
  readonly id: string;
  readonly token: string;
  readonly guildId: string;
  channelId: string;
  name: string;
  avatar: string | null;
  readonly creatorId: string;
  /** The application that made it, and that alone is shown its token. */
  readonly applicationId: string | null;
}

export interface CommandRecord {
  readonly guildId: string | null;
  readonly command: APIApplicationCommand;
}

/** What the application answered first. */
export interface InteractionCallback {
  readonly type: InteractionResponseType;
  readonly at: number;
  /** The message it made or changed. */
  readonly messageId: string | null;
  readonly ephemeral: boolean;
  readonly modal: APIModalInteractionResponseCallbackData | null;
  readonly choices: readonly { readonly name: string; readonly value: string | number }[] | null;
}

export interface InteractionRecord {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly createdAt: number;
  readonly userId: string;
  readonly channelId: string;
  readonly guildId: string | null;
  readonly context: InteractionContextType;
  readonly owners: APIAuthorizingIntegrationOwnersMap;
  readonly metadata: APIMessageInteractionMetadata;
  /** The message whose component was used, or from whose component the modal came. */
  readonly sourceMessageId: string | null;
  readonly commandName: string | null;
  readonly commandType: number | null;
  /** True where the person's install alone brings the app here and others may not see its answers. */
  readonly privateOnly: boolean;
  callback: InteractionCallback | null;
  /** What `@original` means; follow-ups are listed apart. */
  originalId: string | null;
  readonly followUpIds: string[];
}
