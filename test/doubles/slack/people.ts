import { isJson } from './arguments.js';
import { elementsOf, visibleBlocks } from './blocks.js';
import type { AgentSession, Block, Channel, Json, Message, StoredFile, User, View } from './cloud.js';
import type { Delivery } from './delivery.js';
import type { Signing } from './event-sender.js';
import { channelType } from './events.js';
import { pressedElement, stateOf } from './inputs.js';
import { messageView } from './message-view.js';
import { fileJson } from './methods/files.js';
import { viewView } from './methods/views.js';
import type { Seen } from './seen.js';
import { SlackWorld } from './world.js';

export interface SayOptions {
  /** Thread to say it in: a root message or its timestamp. */
  readonly thread?: Message | string;
  /** Puts a mention of the app in front. */
  readonly mention?: boolean;
  readonly files?: readonly StoredFile[];
  readonly signing?: Signing;
  /** Further fields of the event. */
  readonly extra?: Json;
}

export interface Said {
  readonly message: Message;
  /** `message` and, for a mention, `app_mention`. */
  readonly deliveries: readonly Delivery[];
}

/** What people do on Slack; each act tells the app as Slack would. */
export class SlackPeople extends SlackWorld {
  /** Somebody writes. The app hears of it as far as its membership and scopes allow. */
  say(user: User, channel: Channel, text: string, options: SayOptions = {}): Said {
    const bot = channel.team.botUser;
    const words = options.mention ? `<@${bot}> ${text}` : text;
    const thread = typeof options.thread === 'object' ? options.thread.ts : (options.thread ?? null);
    const message = this.cloud.addMessage(channel, {
      user: user.id,
      text: words,
      threadTs: thread,
      files: (options.files ?? []).map((file) => fileJson(this.cloud.origin, file)),
    });
    const event = { ...this.events.messageEvent(message), ...options.extra };
    const deliveries: Delivery[] = [];
    if (this.events.hears(channel)) deliveries.push(this.events.event(channel.team, event, options.signing));
    const mentioned = words.includes(`<@${bot}>`) && channel.kind !== 'im';
    if (mentioned && this.events.granted(channel.team).has('app_mentions:read') && channel.members.has(bot)) {
      const { channel_type: _type, subtype: _subtype, ...rest } = event;
      deliveries.push(this.events.event(channel.team, { ...rest, type: 'app_mention' }, options.signing));
    }
    return { message, deliveries };
  }

  /** Somebody changes what they wrote. */
  editMessage(message: Message, text: string): Delivery {
    const before = messageView(message, this.cloud.app.id);
    message.text = text;
    message.edited = true;
    return this.#changed(message, {
      subtype: 'message_changed',
      message: {
        ...messageView(message, this.cloud.app.id),
        edited: { user: message.user, ts: this.cloud.ts() },
      },
      previous_message: before,
    });
  }

  /** Somebody deletes a message, their own or the app's. */
  deleteMessage(message: Message): Delivery {
    message.deleted = true;
    return this.#changed(message, {
      subtype: 'message_deleted',
      deleted_ts: message.ts,
      previous_message: messageView(message, this.cloud.app.id),
    });
  }

  #changed(message: Message, more: Json): Delivery {
    const { channel } = message;
    const ts = this.cloud.ts();
    return this.events.event(channel.team, {
      type: 'message',
      hidden: true,
      channel: channel.id,
      channel_type: channelType(channel),
      ts,
      event_ts: ts,
      ...more,
    });
  }

  /** Somebody types a slash command. The answer of the app is `(await ack).payload`. */
  command(user: User, channel: Channel, command: string, text = '', signing: Signing = {}): Delivery {
    return this.events.send(
      'slash_commands',
      {
        token: 'verification-token',
        team_id: user.team.id,
        team_domain: user.team.name,
        ...(user.team.enterprise ? { enterprise_id: user.team.enterprise } : {}),
        channel_id: channel.id,
        channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
        user_id: user.id,
        user_name: user.name,
        command,
        text,
        api_app_id: this.cloud.app.id,
        is_enterprise_install: 'false',
        response_url: this.cloud.responseUrl(channel, user.id, null),
        trigger_id: this.cloud.trigger(user),
      },
      signing,
    );
  }

  /**
   * Somebody presses what stands in a message (or in a view, by its id), named by `action_id`, by its label, or for
   * feedback buttons by `positive` or `negative`.
   * @throws Error when nothing of that name is there.
   */
  press(
    user: User,
    where: Message | Seen | View,
    name: string,
    options: { readonly value?: string; readonly signing?: Signing } = {},
  ): Delivery {
    if ('view' in where) return this.#pressInView(user, where, name, options);
    const message = 'channel' in where ? where : this.messageBy(where.ts);
    const { channel } = message;
    const action = this.#actionIn(visibleBlocks(message), name, options.value);
    const interaction = this.#interaction(user, 'block_actions', {
      channel: { id: channel.id, name: channel.name || 'directmessage' },
      message: messageView(message, this.cloud.app.id),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: message.ephemeralTo !== null,
        ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
      },
      response_url: this.cloud.responseUrl(channel, user.id, message),
      actions: [action],
    });
    return this.events.send('interactive', interaction, options.signing);
  }

  #pressInView(
    user: User,
    view: View,
    name: string,
    options: { readonly value?: string; readonly signing?: Signing },
  ): Delivery {
    const blocks = Array.isArray(view.view.blocks) ? (view.view.blocks as Block[]) : [];
    const interaction = this.#interaction(user, 'block_actions', {
      view: viewView(view, this.cloud.app.id),
      container: { type: 'view', view_id: view.id },
      actions: [this.#actionIn(blocks, name, options.value)],
    });
    return this.events.send('interactive', interaction, options.signing);
  }

  #actionIn(blocks: readonly Block[], name: string, value?: string): Json {
    for (const block of blocks) {
      for (const element of elementsOf(block)) {
        const pressed = pressedElement(element, name, value);
        if (pressed) return { ...pressed, block_id: block.block_id, action_ts: this.cloud.ts() };
      }
    }
    throw new Error(`nothing called ${name} can be pressed there`);
  }

  /** A shortcut: about a message, or from anywhere. */
  shortcut(user: User, callbackId: string, message?: Message, signing: Signing = {}): Delivery {
    const about = message
      ? {
          channel: { id: message.channel.id, name: message.channel.name || 'directmessage' },
          message: messageView(message, this.cloud.app.id),
          message_ts: message.ts,
          response_url: this.cloud.responseUrl(message.channel, user.id, null),
        }
      : {};
    const type = message ? 'message_action' : 'shortcut';
    const interaction = this.#interaction(user, type, {
      callback_id: callbackId,
      action_ts: this.cloud.ts(),
      ...about,
    });
    return this.events.send('interactive', interaction, signing);
  }

  /** Somebody opens the app: its Home tab, or the Messages tab (the agent view). */
  openHome(user: User, tab: 'home' | 'messages' = 'home', context: Json = {}): Delivery {
    const home = user.team.homes.get(user.id);
    return this.events.event(user.team, {
      type: 'app_home_opened',
      user: user.id,
      channel: this.dm(user).id,
      tab,
      event_ts: this.cloud.ts(),
      ...(home && tab === 'home' ? { view: viewView(home, this.cloud.app.id) } : {}),
      ...(tab === 'messages' ? { context: { entities: [], ...context } } : {}),
    });
  }

  /** Somebody looks at something else while the app is open: nothing but the context is told, and the authorization names them. */
  lookAt(user: User, entities: readonly Json[] = []): Delivery {
    const context = entities.length > 0 ? { entities } : {};
    return this.events.event(user.team, { type: 'app_context_changed', context }, {}, user.id);
  }

  /** What a thread's agent session says; null where the app has made none. */
  agentSession(channel: Channel, thread: Message | string): AgentSession | null {
    const ts = typeof thread === 'string' ? thread : thread.ts;
    return channel.team.sessions.get(`${channel.id}/${ts}`) ?? null;
  }

  /**
   * Somebody presses the stop button that Slack shows while a session is `processing`: the app's streams there end.
   * @throws Error where no button is shown: the session is not processing, or the app does not subscribe to the event.
   */
  stopSession(user: User, channel: Channel, thread: Message): Delivery {
    if (this.agentSession(channel, thread)?.status !== 'processing') throw new Error('nothing is processing');
    if (this.cloud.app.subscriptions?.includes('agent_session_stopped') === false)
      throw new Error('the app does not hear of the stop button, so Slack shows none');
    const streams = channel.messages.filter(
      ({ stream, threadTs }) => stream?.state === 'in_progress' && threadTs === thread.ts,
    );
    for (const message of streams) this.stopStream(message);
    return this.events.event(channel.team, {
      type: 'agent_session_stopped',
      channel: channel.id,
      user: user.id,
      thread_ts: thread.ts,
      streaming_message_ts: streams.map(({ ts }) => ts),
      event_ts: this.cloud.ts(),
    });
  }

  /** The modal on top of a person's screen. @throws Error when there is none. */
  modal(user: User): View {
    const view = user.team.modals.get(user.id)?.at(-1);
    if (!view) throw new Error(`${user.name} has no modal open`);
    return view;
  }
  /** A person's Home tab. @throws Error when none was published. */
  home(user: User): View {
    const view = user.team.homes.get(user.id);
    if (!view) throw new Error(`nothing was published for ${user.name}`);
    return view;
  }

  /**
   * Somebody submits the modal on top. `values` by `action_id` (or `block_id`): what was typed or chosen. The answer of
   * the app changes the stack of modals, as on Slack.
   */
  submitView(user: User, values: Readonly<Record<string, unknown>> = {}, signing: Signing = {}): Delivery {
    const view = this.modal(user);
    const shown = viewView(view, this.cloud.app.id, stateOf(view, values));
    const delivery = this.events.send(
      'interactive',
      this.#interaction(user, 'view_submission', { view: shown, response_urls: [] }),
      signing,
    );
    void delivery.ack.then(({ payload }) => this.#afterSubmit(user, view, payload));
    return delivery;
  }

  /** Somebody closes the modal on top; the app is told where the view asks for it. */
  closeView(user: User): Delivery | null {
    const view = this.modal(user);
    user.team.modals.set(user.id, (user.team.modals.get(user.id) ?? []).slice(0, -1));
    if (view.view.notify_on_close !== true) return null;
    return this.events.send(
      'interactive',
      this.#interaction(user, 'view_closed', { view: viewView(view, this.cloud.app.id), is_cleared: false }),
    );
  }

  #afterSubmit(user: User, view: View, payload: Json): void {
    const stack = user.team.modals.get(user.id) ?? [];
    const rest = stack.slice(0, -1);
    const next = payload.view;
    switch (payload.response_action) {
      case 'errors':
        return;
      case 'clear':
        user.team.modals.set(user.id, []);
        return;
      case 'update':
        if (isJson(next)) Object.assign(view, { view: next, hash: this.cloud.id('hash.') });
        return;
      case 'push': {
        if (!isJson(next)) return;
        const pushed: View = {
          id: this.cloud.id('V'),
          user: user.id,
          team: user.team,
          type: 'modal',
          view: next,
          hash: this.cloud.id('hash.'),
        };
        user.team.views.set(pushed.id, pushed);
        user.team.modals.set(user.id, [...stack, pushed]);
        return;
      }
      default:
        user.team.modals.set(user.id, rest);
    }
  }

  /** Somebody presses Slack's own stop of a stream. */
  stopStream(message: Message | Seen): void {
    const { stream } = 'channel' in message ? message : this.messageBy(message.ts);
    if (!stream) throw new Error('that is no stream');
    stream.stoppedByUser = true;
    stream.state = 'completed';
  }

  #interaction(user: User, type: string, more: Json): Json {
    return {
      type,
      token: 'verification-token',
      api_app_id: this.cloud.app.id,
      team: { id: user.team.id, domain: user.team.name },
      enterprise: user.team.enterprise ? { id: user.team.enterprise, name: 'Enterprise' } : null,
      is_enterprise_install: false,
      user: { id: user.id, username: user.name, name: user.name, team_id: user.team.id },
      trigger_id: this.cloud.trigger(user),
      ...more,
    };
  }
}
