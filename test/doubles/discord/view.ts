import {
  type APIMessageTopLevelComponent,
  type ButtonStyle,
  ComponentType,
  MessageFlags,
  type MessageType,
} from 'discord-api-types/v10';
import { isSystem } from './world/messages.js';
import { flatten, listOf, type Node, nodeOf } from './world/nodes.js';
import { presentAuthor } from './world/present-message.js';
import type { MessageRecord, Pings, Version } from './world/records.js';
import type { World } from './world/world.js';

export interface SeenButton {
  readonly label: string;
  readonly emoji: string | null;
  readonly customId: string | null;
  readonly url: string | null;
  readonly style: ButtonStyle;
  readonly disabled: boolean;
}

export interface SeenSelect {
  readonly customId: string;
  readonly placeholder: string | null;
  readonly options: readonly { readonly label: string; readonly value: string }[];
  readonly disabled: boolean;
}

/** A message as it stands on people's screens. */
export interface SeenMessage {
  readonly id: string;
  readonly channelId: string;
  /** The content, or what the Text Displays of a Components V2 message say, one a line. */
  readonly text: string;
  readonly author: {
    readonly id: string;
    readonly name: string;
    /** An address where a webhook gave one, a hash for users with a picture. */
    readonly avatar: string | null;
    readonly kind: 'person' | 'bot' | 'webhook';
  };
  readonly embeds: MessageRecord['embeds'];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly buttons: readonly SeenButton[];
  readonly selects: readonly SeenSelect[];
  readonly attachments: readonly { readonly name: string; readonly size: number; readonly url: string }[];
  readonly replyTo: string | null;
  readonly threadId: string | null;
  /** Whom it notified. */
  readonly pings: Pings;
  readonly reactions: readonly { readonly emoji: string; readonly users: readonly string[] }[];
  /** How often it was changed; a deferred answer that got its text counts as one. */
  readonly edits: number;
  readonly versions: readonly Version[];
  readonly at: number;
  readonly editedAt: number | null;
  readonly deleted: boolean;
  /** The one person who sees it. */
  readonly ephemeralFor: string | null;
  /** A deferred answer that says "is thinking". */
  readonly thinking: boolean;
  readonly nonce: string | number | null;
  readonly type: MessageType;
  readonly flags: number;
}

/** Whose screen, and whether what was deleted is listed too. */
export interface ViewOptions {
  readonly viewer?: string;
  readonly deleted?: boolean;
  /** List also what Discord itself wrote: that a thread was opened, and a thread's pointer to its message. */
  readonly system?: boolean;
}

/** A channel's messages as people see them, oldest first: other people's ephemeral ones only without a viewer. */
export function seenMessages(world: World, channelId: string, options: ViewOptions = {}): SeenMessage[] {
  return world
    .messagesOf(channelId)
    .filter((message) => options.deleted === true || message.deletedAt === null)
    .filter((message) => options.system === true || !isSystem(message.type))
    .filter((message) => visibleTo(message, options.viewer))
    .map((message) => seen(world, message));
}

function visibleTo(message: MessageRecord, viewer: string | undefined): boolean {
  return message.ephemeralFor === null || viewer === undefined || message.ephemeralFor === viewer;
}

export function seen(world: World, message: MessageRecord): SeenMessage {
  const author = presentAuthor(world, message);
  const nodes = flatten(message.components);
  const texts = nodes.filter((node) => node.type === ComponentType.TextDisplay);
  return {
    id: message.id,
    channelId: message.channelId,
    text: [message.content, ...texts.map((node) => String(node.content))]
      .filter((one) => one !== '')
      .join('\n'),
    author: {
      id: author.id,
      name: author.global_name ?? author.username,
      avatar: message.author.persona ? message.author.persona.avatar : author.avatar,
      kind: message.author.persona ? 'webhook' : author.bot ? 'bot' : 'person',
    },
    embeds: message.embeds,
    components: message.components,
    buttons: nodes.filter((node) => node.type === ComponentType.Button).map(seenButton),
    selects: nodes.filter((node) => selectTypes.has(node.type)).map(seenSelect),
    attachments: message.attachments.map((one) => ({ name: one.filename, size: one.size, url: one.url })),
    replyTo: message.reference?.message_id ?? null,
    threadId: message.threadId,
    pings: message.pings,
    reactions: message.reactions.map((one) => ({
      emoji: one.emoji.name ?? '',
      users: [...one.users],
    })),
    edits: message.versions.length - 1,
    versions: [...message.versions],
    at: message.createdAt,
    editedAt: message.editedAt,
    deleted: message.deletedAt !== null,
    ephemeralFor: message.ephemeralFor,
    thinking: (message.flags & MessageFlags.Loading) !== 0,
    nonce: message.nonce,
    type: message.type,
    flags: message.flags,
  };
}

const selectTypes: ReadonlySet<unknown> = new Set([
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
]);

function seenButton(node: Node): SeenButton {
  const emoji = nodeOf(node.emoji).name;
  return {
    label: typeof node.label === 'string' ? node.label : '',
    emoji: typeof emoji === 'string' ? emoji : null,
    customId: typeof node.custom_id === 'string' ? node.custom_id : null,
    url: typeof node.url === 'string' ? node.url : null,
    style: node.style as ButtonStyle,
    disabled: node.disabled === true,
  };
}

function seenSelect(node: Node): SeenSelect {
  return {
    customId: String(node.custom_id),
    placeholder: typeof node.placeholder === 'string' ? node.placeholder : null,
    options: listOf(node.options).map((option) => ({
      label: String(option.label),
      value: String(option.value),
    })),
    disabled: node.disabled === true,
  };
}
