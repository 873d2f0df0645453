import { MessageReferenceType, PermissionFlagsBits } from 'discord-api-types/v10';
import { type SeenMessage, seen } from '../view.js';
import { deleteChannel } from '../world/channels.js';
import { storeFile } from '../world/files.js';
import { isPrivate } from '../world/message-events.js';
import { createMessage, deleteMessage, deleteMessages, editMessage } from '../world/messages.js';
import { createThread } from '../world/open-thread.js';
import { channelPermissions } from '../world/permissions.js';
import { channelOf } from '../world/present-channel.js';
import { addReaction, removeReaction } from '../world/reactions.js';
import type { ChannelRecord, MessageRecord } from '../world/records.js';
import { changeThread } from '../world/threads.js';
import { typingStarted } from '../world/typing.js';
import { type Channel, channelView, idOf, Places, type Ref } from './places.js';

export interface SayOptions {
  /** Puts `<@bot>` before the text; or these people. */
  readonly mention?: boolean | readonly Ref[];
  /** The message that is answered; its author is notified unless `ping` is false. */
  readonly reply?: Ref;
  readonly ping?: boolean;
  readonly attachments?: readonly {
    readonly name: string;
    readonly text?: string;
    readonly bytes?: Uint8Array;
    readonly contentType?: string;
  }[];
}

/** What people (and other bots) do in channels. What they have no right to do throws, as a mistake of the test. */
export class Talk extends Places {
  /** Writes a message. */
  say(user: Ref, channel: Ref, text: string, options: SayOptions = {}): SeenMessage {
    const world = this.world;
    const record = this.#writable(idOf(user), idOf(channel));
    const mentioned = options.mention === true ? [world.bot.id] : (options.mention || []).map(idOf);
    const content = [...mentioned.map((id) => `<@${id}>`), text].join(' ');
    const attachments = (options.attachments ?? []).map((file) =>
      storeFile(world, record.id, {
        name: file.name,
        contentType: file.contentType ?? 'text/plain; charset=utf-8',
        bytes: file.bytes ?? new TextEncoder().encode(file.text ?? ''),
      }),
    );
    const replied = options.reply === undefined ? undefined : this.#message(idOf(options.reply));
    const message = createMessage(world, {
      channel: record,
      author: { userId: idOf(user) },
      content,
      attachments,
      ...(options.ping === false
        ? { allowedMentions: { parse: ['users', 'roles', 'everyone'] as never, replied_user: false } }
        : {}),
      ...(replied
        ? {
            reference: {
              type: MessageReferenceType.Default,
              message_id: replied.id,
              channel_id: replied.channelId,
              ...(record.guildId === null ? {} : { guild_id: record.guildId }),
            },
          }
        : {}),
    });
    return seen(world, message);
  }

  /** Somebody else's webhook writes. */
  webhookSays(channel: Ref, name: string, text: string): SeenMessage {
    const id = this.world.ids.next();
    const message = createMessage(this.world, {
      channel: channelOf(this.world, idOf(channel)),
      author: { userId: id, persona: { name, avatar: null } },
      webhookId: id,
      content: text,
    });
    return seen(this.world, message);
  }

  /** What PluralKit does with a message: its webhook writes it again under a name of the person's, and the original is deleted. */
  proxy(original: Ref, application: string, name: string): SeenMessage {
    const record = this.#message(idOf(original));
    const id = this.world.ids.next();
    const repeated = createMessage(this.world, {
      channel: channelOf(this.world, record.channelId),
      author: { userId: id, persona: { name, avatar: null } },
      webhookId: id,
      applicationId: application,
      content: record.content,
    });
    deleteMessage(this.world, record);
    return seen(this.world, repeated);
  }

  /** Changes one's own message. */
  edit(user: Ref, message: Ref, text: string): SeenMessage {
    const record = this.#message(idOf(message));
    if (record.author.userId !== idOf(user)) throw new Error('people change only their own messages');
    return seen(this.world, editMessage(this.world, record, { content: text }));
  }

  /** Deletes a message: one's own, or as a moderator. */
  delete(message: Ref): void {
    deleteMessage(this.world, this.#message(idOf(message)));
  }

  /** A moderator deletes several messages of one channel at once. */
  purge(channel: Ref, messages: readonly Ref[]): void {
    const found = messages.map((one) => this.#message(idOf(one)));
    deleteMessages(this.world, channelOf(this.world, idOf(channel)), found);
  }

  react(user: Ref, message: Ref, emoji: string): void {
    const record = this.#message(idOf(message));
    addReaction(this.world, record, idOf(user), { id: null, name: emoji });
  }
  unreact(user: Ref, message: Ref, emoji: string): void {
    removeReaction(this.world, this.#message(idOf(message)), idOf(user), emoji);
  }

  type(user: Ref, channel: Ref): void {
    typingStarted(this.world, this.#writable(idOf(user), idOf(channel)), idOf(user));
  }

  /** A person opens a thread, from a message or of their own. */
  openThread(user: Ref, channel: Ref, name: string, from?: Ref): Channel {
    const parent = this.#writable(idOf(user), idOf(channel));
    return channelView(
      createThread(this.world, {
        parent,
        name,
        ownerId: idOf(user),
        ...(from === undefined ? {} : { from: this.#message(idOf(from)) }),
      }),
    );
  }

  /** A moderator archives, locks or reopens a thread. */
  setThread(thread: Ref, change: { readonly archived?: boolean; readonly locked?: boolean }): void {
    changeThread(this.world, channelOf(this.world, idOf(thread)), change);
  }

  /** A moderator deletes a channel or thread. */
  deleteChannel(channel: Ref): void {
    deleteChannel(this.world, channelOf(this.world, idOf(channel)));
  }

  #message(id: string): MessageRecord {
    const message = this.world.anyMessage(id);
    if (!message || message.deletedAt !== null) throw new Error(`no message ${id} in the double`);
    return message;
  }

  #writable(userId: string, channelId: string): ChannelRecord {
    const world = this.world;
    const channel = channelOf(world, channelId);
    const needed = channel.thread
      ? PermissionFlagsBits.SendMessagesInThreads
      : PermissionFlagsBits.SendMessages;
    const may = isPrivate(channel)
      ? channel.recipients.includes(userId)
      : (channelPermissions(world, channel, userId) & needed) !== 0n;
    if (!may) throw new Error(`user ${userId} may not write in channel ${channelId}`);
    if (
      channel.thread?.locked &&
      !(channelPermissions(world, channel, userId) & PermissionFlagsBits.ManageThreads)
    )
      throw new Error(`thread ${channelId} is locked`);
    return channel;
  }
}
