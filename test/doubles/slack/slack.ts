import type { Clock } from '../../../src/clock.js';
import { isJson } from './arguments.js';
import { elementsOf, pingsOf, visibleBlocks, visibleText } from './blocks.js';
import {
  type Block,
  type Channel,
  Cloud,
  type Json,
  type Message,
  type StoredFile,
  type Team,
  type User,
  usualScopes,
  type View,
} from './cloud.js';
import type { Delivery } from './delivery.js';
import { EventSender, type SignedRequest, type Signing } from './event-sender.js';
import { channelType, Events } from './events.js';
import { Faults } from './faults.js';
import { messageView } from './message-view.js';
import { fileJson } from './methods/files.js';
import { viewView } from './methods/views.js';
import { Rates } from './rates.js';
import { type ApiRequest, ApiServer } from './server.js';
import { SocketMode } from './socket-mode.js';

export type { Channel, Message, Team, User } from './cloud.js';
export type { Delivery } from './delivery.js';
export type { ApiRequest } from './server.js';

export interface SlackOptions {
  /** Time of everything but sockets and HTTP. Default: the system's. */
  readonly clock?: Clock;
  /** Whether Slack counts calls and answers 429. Default true. */
  readonly rates?: boolean;
}

/** A message as a person in the channel sees it. */
export interface Seen {
  readonly ts: string;
  readonly threadTs: string | null;
  /** The name it stands under. */
  readonly name: string;
  readonly iconUrl: string | null;
  readonly byApp: boolean;
  readonly text: string;
  /** Labels of the buttons, feedback buttons as `positive` and `negative`. */
  readonly buttons: readonly string[];
  /** `action_id`s of everything that can be pressed. */
  readonly actions: readonly string[];
  readonly streaming: boolean;
  /** Slack shows "(edited)". */
  readonly edited: boolean;
  /** Only this person sees it. */
  readonly ephemeralTo: string | null;
  /** Whom it calls. */
  readonly pings: readonly string[];
}

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

/** Starts Slack on a loopback port: one app, installed in one workspace (`team`). */
export async function startSlack(options: SlackOptions = {}): Promise<SlackDouble> {
  const cloud = new Cloud(options.clock);
  const faults = new Faults();
  const rates = new Rates(cloud);
  rates.enabled = options.rates ?? true;
  const api = new ApiServer(cloud, faults, rates);
  const sockets = new SocketMode(api.server);
  const http = new EventSender(cloud);
  const events = new Events(cloud, sockets, http);
  await api.listen(events);
  return new SlackDouble(cloud, api, events, sockets, http, faults, rates);
}

/** Slack on the wire: what a test does to it, and what people see. */
export class SlackDouble {
  readonly cloud: Cloud;
  readonly events: Events;
  readonly sockets: SocketMode;
  readonly http: EventSender;
  readonly faults: Faults;
  readonly rates: Rates;
  /** The first workspace. */
  readonly team: Team;
  /** The app's token in the first workspace. */
  readonly botToken: string;
  /** What was posted to response URLs, oldest first. */
  readonly responses: { readonly user: string; readonly channel: string; readonly body: Json }[] = [];
  private readonly api: ApiServer;

  constructor(
    cloud: Cloud,
    api: ApiServer,
    events: Events,
    sockets: SocketMode,
    http: EventSender,
    faults: Faults,
    rates: Rates,
  ) {
    this.cloud = cloud;
    this.api = api;
    this.events = events;
    this.sockets = sockets;
    this.http = http;
    this.faults = faults;
    this.rates = rates;
    this.team = cloud.addTeam('acme');
    this.botToken = this.install(this.team);
    api.onResponse = ({ user, channel }, body) => this.responses.push({ user, channel: channel.id, body });
  }

  /** For `slackApiUrl`. */
  get apiUrl(): string {
    return `${this.cloud.origin}/api/`;
  }
  get appToken(): string {
    return this.cloud.app.appToken;
  }
  get signingSecret(): string {
    return this.cloud.app.signingSecret;
  }
  /** Every call of the Web API, oldest first. */
  get requests(): readonly ApiRequest[] {
    return this.api.requests;
  }
  /** The calls of one method. */
  calls(method: string): readonly ApiRequest[] {
    return this.api.requests.filter((request) => request.method === method);
  }
  /** Every event the app was told of. */
  get deliveries(): readonly Delivery[] {
    return this.events.deliveries;
  }

  // What there is

  /** Another workspace, with the app installed unless `installed` is false. */
  workspace(
    name: string,
    options: { readonly enterprise?: string; readonly installed?: boolean } = {},
  ): Team {
    const team = this.cloud.addTeam(name, options.enterprise ?? null);
    team.installed = options.installed ?? true;
    return team;
  }
  /** Installs the app and returns its bot token. */
  install(team: Team, scopes: readonly string[] = usualScopes): string {
    team.installed = true;
    return this.cloud.addToken('bot', this.cloud.id('xoxb-'), team, scopes).value;
  }
  /** What somebody who allows the app gets: the code for `oauth.v2.access`. */
  consent(team: Team, orgWide = false): string {
    const code = this.cloud.id('code.');
    this.cloud.codes.set(code, { team, orgWide });
    return code;
  }
  /** Takes scopes from, or gives them to, a token. */
  scopes(
    change: { readonly without?: readonly string[]; readonly with?: readonly string[] },
    token = this.botToken,
  ): void {
    const granted = this.cloud.tokens.get(token)?.scopes;
    for (const scope of change.without ?? []) granted?.delete(scope);
    for (const scope of change.with ?? []) granted?.add(scope);
  }
  /** Makes a token useless. */
  revoke(
    token = this.botToken,
    error: 'token_revoked' | 'account_inactive' | 'invalid_auth' = 'token_revoked',
  ): void {
    const known = this.cloud.tokens.get(token);
    if (known) known.refused = error;
  }
  /** Removes the app from a workspace. */
  uninstall(team = this.team): readonly Delivery[] {
    return this.events.uninstalled(team);
  }
  user(name: string, team = this.team): User {
    return this.cloud.addUser(team, name);
  }
  /** The direct message between a person and the app. */
  dm(user: User): Channel {
    return this.cloud.direct(user.team, user.id);
  }
  /** A channel with these people; the app is a member unless `bot` is false. */
  channel(
    name: string,
    people: readonly User[] = [],
    options: { readonly kind?: Channel['kind']; readonly bot?: boolean; readonly team?: Team } = {},
  ): Channel {
    const team = options.team ?? people[0]?.team ?? this.team;
    const members = people.map(({ id }) => id);
    if (options.bot ?? true) members.push(team.botUser);
    return this.cloud.addChannel(team, name, options.kind ?? 'channel', members);
  }
  /** A file a person has uploaded. */
  file(team: Team, name: string, bytes: string | Buffer, mimetype = 'text/plain'): StoredFile {
    const file: StoredFile = {
      id: this.cloud.id('F'),
      name,
      mimetype,
      team,
      bytes: Buffer.from(bytes),
      completed: true,
    };
    team.files.set(file.id, file);
    return file;
  }

  // What people do

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
    message.text = text;
    message.edited = true;
    return this.changed(message, {
      subtype: 'message_changed',
      message: {
        ...messageView(message, this.cloud.app.id),
        edited: { user: message.user, ts: this.cloud.ts() },
      },
      previous_message: messageView(message, this.cloud.app.id),
    });
  }

  /** Somebody deletes a message, their own or the app's. */
  deleteMessage(message: Message): Delivery {
    message.deleted = true;
    return this.changed(message, {
      subtype: 'message_deleted',
      deleted_ts: message.ts,
      previous_message: messageView(message, this.cloud.app.id),
    });
  }

  private changed(message: Message, more: Json): Delivery {
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
    if ('view' in where) return this.pressInView(user, where, name, options);
    const message = 'channel' in where ? where : this.messageBy(where.ts);
    const { channel } = message;
    const action = this.actionIn(visibleBlocks(message), name, options.value);
    const interaction = this.interaction(user, 'block_actions', {
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

  private pressInView(
    user: User,
    view: View,
    name: string,
    options: { readonly value?: string; readonly signing?: Signing },
  ): Delivery {
    const blocks = Array.isArray(view.view.blocks) ? (view.view.blocks as Block[]) : [];
    const interaction = this.interaction(user, 'block_actions', {
      view: viewView(view, this.cloud.app.id),
      container: { type: 'view', view_id: view.id },
      actions: [this.actionIn(blocks, name, options.value)],
    });
    return this.events.send('interactive', interaction, options.signing);
  }

  private actionIn(blocks: readonly Block[], name: string, value?: string): Json {
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
    const interaction = this.interaction(user, type, {
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
      this.interaction(user, 'view_submission', { view: shown, response_urls: [] }),
      signing,
    );
    void delivery.ack.then(({ payload }) => this.afterSubmit(user, view, payload));
    return delivery;
  }

  /** Somebody closes the modal on top; the app is told where the view asks for it. */
  closeView(user: User): Delivery | null {
    const view = this.modal(user);
    user.team.modals.set(user.id, (user.team.modals.get(user.id) ?? []).slice(0, -1));
    if (view.view.notify_on_close !== true) return null;
    return this.events.send(
      'interactive',
      this.interaction(user, 'view_closed', { view: viewView(view, this.cloud.app.id), is_cleared: false }),
    );
  }

  private afterSubmit(user: User, view: View, payload: Json): void {
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

  private interaction(user: User, type: string, more: Json): Json {
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

  // What people see

  /** Everything that stands in a channel (or in one of its threads), oldest first, as this person sees it. */
  whatUsersSee(
    channel: Channel,
    where: { readonly thread?: Message | string; readonly as?: User } = {},
  ): readonly Seen[] {
    this.cloud.expireStreams();
    const thread = typeof where.thread === 'object' ? where.thread.ts : where.thread;
    return channel.messages
      .filter(
        (message) =>
          !message.deleted &&
          (message.ephemeralTo === null || message.ephemeralTo === where.as?.id) &&
          (thread === undefined || message.ts === thread || message.threadTs === thread),
      )
      .map((message) => this.seen(message));
  }

  /** What the app has said there, oldest first. */
  replies(
    channel: Channel,
    where: { readonly thread?: Message | string; readonly as?: User } = {},
  ): readonly Seen[] {
    return this.whatUsersSee(channel, where).filter(({ byApp }) => byApp);
  }

  private seen(message: Message): Seen {
    const elements = visibleBlocks(message).flatMap(elementsOf);
    const actions = elements.flatMap(({ action_id: id }) => (typeof id === 'string' ? [id] : []));
    return {
      ts: message.ts,
      threadTs: message.threadTs,
      name: message.username ?? message.channel.team.users.get(message.user)?.name ?? message.user,
      iconUrl: message.iconUrl,
      byApp: message.byApp,
      text: visibleText(message),
      buttons: elements.flatMap(labelsOf),
      actions,
      streaming: message.stream?.state === 'in_progress',
      edited: message.edited,
      ephemeralTo: message.ephemeralTo,
      pings: pingsOf(message),
    };
  }

  /** The message with this timestamp, wherever it stands. @throws Error when there is none. */
  messageBy(ts: string): Message {
    for (const team of this.cloud.teams.values())
      for (const channel of team.channels.values()) {
        const found = channel.messages.find((message) => message.ts === ts);
        if (found) return found;
      }
    throw new Error(`there is no message ${ts}`);
  }

  /** Resolves once `condition` holds; looked at after every call of the app, every acknowledgement and now. */
  async until<T>(
    condition: () => T | null | undefined | false,
    what = 'the condition',
    limitMs = 10_000,
  ): Promise<T> {
    const now = condition();
    if (now) return now;
    return new Promise<T>((resolve, reject) => {
      const look = (): void => {
        const value = condition();
        if (!value) return;
        finish();
        resolve(value);
      };
      const unwatch = this.api.watch(look);
      const poll = setInterval(look, 20);
      const limit = setTimeout(() => {
        finish();
        reject(new Error(`${what} did not come true within ${limitMs} ms`));
      }, limitMs);
      const finish = (): void => {
        unwatch();
        clearInterval(poll);
        clearTimeout(limit);
      };
    });
  }

  // What Slack itself does

  /** Asks an HTTP address for the `url_verification` challenge; returns what it answered. */
  async verifyUrl(challenge = 'challenge'): Promise<string> {
    const body = JSON.stringify({ token: 'verification-token', type: 'url_verification', challenge });
    const { payload, text } = await this.http.transmit(this.http.sign(body, false));
    return typeof payload.challenge === 'string' ? payload.challenge : text;
  }

  /** Tells an HTTP address that this minute's events were too many and are not sent. */
  async eventsLimited(team = this.team): Promise<number> {
    const body = JSON.stringify({
      token: 'verification-token',
      type: 'app_rate_limited',
      team_id: team.id,
      minute_rate_limited: Math.floor(this.cloud.clock.now() / 60_000) * 60,
      api_app_id: this.cloud.app.id,
    });
    return (await this.http.transmit(this.http.sign(body, false))).status;
  }

  /** Sends a request that was sent before once more, byte for byte. */
  async replay(request: SignedRequest): Promise<number> {
    return (await this.http.transmit(request)).status;
  }

  /** Sends an event again as a retry, whether it was acknowledged or not. */
  redeliver(delivery: Delivery, reason = 'timeout'): Promise<void> {
    return this.events.again(delivery, reason);
  }

  async close(): Promise<void> {
    this.events.close();
    await this.sockets.close();
    await this.api.close();
  }
}

function pressedElement(element: Json, name: string, value?: string): Json | null {
  const type = element.type;
  const id = element.action_id;
  const base = { type, action_id: id };
  if (type === 'feedback_buttons') {
    for (const side of ['positive', 'negative'] as const) {
      const button = element[`${side}_button`];
      if (isJson(button) && (name === side || (id === name && value === button.value)))
        return { ...base, value: button.value, text: button.text };
    }
    return null;
  }
  const label = isJson(element.text) ? element.text.text : undefined;
  if (id !== name && label !== name) return null;
  if (type === 'button' || type === 'icon_button')
    return { ...base, value: element.value, text: element.text };
  if (value === undefined) return base;
  if (type === 'overflow' || String(type).endsWith('static_select') || type === 'radio_buttons')
    return { ...base, selected_option: { text: { type: 'plain_text', text: value }, value } };
  if (type === 'checkboxes') {
    const chosen = value === '' ? [] : value.split(',');
    return {
      ...base,
      selected_options: chosen.map((one) => ({ text: { type: 'plain_text', text: one }, value: one })),
    };
  }
  return { ...base, value };
}

function labelsOf(element: Json): string[] {
  if (element.type === 'feedback_buttons') return ['positive', 'negative'];
  if (element.type !== 'button' && element.type !== 'icon_button') return [];
  return isJson(element.text) ? [String(element.text.text ?? '')] : [];
}

/** `state.values` of a submission: each input with what was typed, or with its initial value. */
function stateOf(view: View, values: Readonly<Record<string, unknown>>): Json {
  const blocks = Array.isArray(view.view.blocks) ? view.view.blocks.filter(isJson) : [];
  const state: Record<string, Json> = {};
  for (const [index, block] of blocks.entries()) {
    const blockId = String(block.block_id ?? `block-${index}`);
    for (const element of elementsOf(block)) {
      const actionId = element.action_id;
      if (typeof actionId !== 'string' || element.type === 'button') continue;
      const given = values[actionId] ?? values[blockId];
      state[blockId] = { ...state[blockId], [actionId]: inputState(element, given) };
    }
  }
  return state;
}

function inputState(element: Json, given: unknown): Json {
  const type = String(element.type);
  const option = (value: unknown): Json => ({
    text: { type: 'plain_text', text: String(value) },
    value: String(value),
  });
  if (type === 'checkboxes' || type.startsWith('multi_')) {
    const chosen = Array.isArray(given) ? given.map(option) : (element.initial_options ?? []);
    return { type, selected_options: chosen };
  }
  if (type === 'radio_buttons' || type.endsWith('select')) {
    return {
      type,
      selected_option: given === undefined ? (element.initial_option ?? null) : option(given),
    };
  }
  return { type, value: given === undefined ? (element.initial_value ?? null) : given };
}
