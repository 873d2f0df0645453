import type { Clock } from '../../../src/clock.js';
import { systemClock } from '../../../src/clock.js';

export type Json = Record<string, unknown>;
export type Block = Json & { readonly type: string };

/** What `apps.manifest` gives Rapport: every scope it can use. A test takes some away. */
export const usualScopes = [
  'app_mentions:read',
  'assistant:write',
  'channels:history',
  'channels:join',
  'channels:read',
  'chat:write',
  'chat:write.customize',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'reactions:write',
  'users:read',
] as const;

export interface Token {
  readonly value: string;
  readonly kind: 'bot' | 'app';
  /** Null for an app-level token and for the token of an organisation-wide install. */
  readonly team: Team | null;
  readonly enterprise: string | null;
  readonly scopes: Set<string>;
  /** The error every call with it answers; null while it is good. */
  refused: 'token_revoked' | 'account_inactive' | 'invalid_auth' | null;
  /** ms since the epoch; absent where tokens do not rotate. */
  readonly expiresAt?: number;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly team: Team;
  readonly isBot: boolean;
  readonly locale: string;
  /** As they have set it, IANA's name. */
  timeZone: string;
  isAdmin: boolean;
  /** Of another workspace: met in a channel that two share. */
  isStranger?: boolean;
}

export type ChannelKind = 'channel' | 'private' | 'im' | 'mpim';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly team: Team;
  readonly members: Set<string>;
  readonly messages: Message[];
  archived: boolean;
  /** The error that posting answers, such as `restricted_action`; null while posting is allowed. */
  refusesPosts: string | null;
  /** The error that starting a stream answers, such as `channel_type_not_supported`. */
  refusesStreams: string | null;
}

export interface Stream {
  readonly mode: 'text' | 'chunks';
  readonly chunks: Json[];
  readonly startedAt: number;
  state: 'in_progress' | 'completed';
  /** Somebody pressed Slack's own stop. */
  stoppedByUser: boolean;
}

export interface Message {
  readonly ts: string;
  readonly threadTs: string | null;
  readonly channel: Channel;
  readonly user: string;
  readonly byApp: boolean;
  /** ms since the epoch. */
  readonly postedAt: number;
  readonly username: string | null;
  readonly iconUrl: string | null;
  readonly iconEmoji: string | null;
  /** Only this person sees it. */
  readonly ephemeralTo: string | null;
  readonly files: readonly Json[];
  text: string;
  /** `markdown_text` of a post or an update. */
  markdown: string | null;
  blocks: Block[];
  metadata: Json | null;
  stream: Stream | null;
  edited: boolean;
  deleted: boolean;
  reactions: string[];
}

export interface View {
  readonly id: string;
  readonly user: string;
  readonly team: Team;
  readonly type: 'modal' | 'home';
  view: Json;
  hash: string;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  readonly team: Team;
  bytes: Buffer;
  completed: boolean;
}

/** The status line under an assistant thread. */
export interface Status {
  readonly status: string;
  readonly loadingMessages: readonly string[];
  readonly username: string | null;
  readonly iconUrl: string | null;
  readonly at: number;
}

/** What an agent says of a thread: while it is `processing` Slack shows its own stop button. */
export interface AgentSession {
  readonly status: 'active' | 'processing' | 'suspended' | 'closed';
  readonly title: string | null;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly enterprise: string | null;
  readonly botUser: string;
  readonly botId: string;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly views: Map<string, View>;
  readonly homes: Map<string, View>;
  /** Open modals of each person, the top one last. */
  readonly modals: Map<string, View[]>;
  readonly files: Map<string, StoredFile>;
  /** Key `<channel>/<thread ts>`; a status that was cleared is gone. */
  readonly statuses: Map<string, Status>;
  readonly prompts: Map<string, { readonly title: string | null; readonly prompts: readonly Json[] }>;
  readonly titles: Map<string, string>;
  /** Key `<channel>/<thread ts>`. */
  readonly sessions: Map<string, AgentSession>;
  installed: boolean;
}

interface Trigger {
  readonly user: string;
  readonly team: Team;
  readonly at: number;
  used: boolean;
}

export interface ResponseUrl {
  readonly id: string;
  readonly channel: Channel;
  readonly user: string;
  readonly source: Message | null;
  readonly at: number;
  uses: number;
}

/** How long a `trigger_id` opens a view, ms. */
export const triggerLifeMs = 3_000;
/** How long a stream takes text, however active, ms (measured by several projects, documented nowhere). */
export const streamLifeMs = 300_000;

/** Everything Slack knows: the app, its tokens, the workspaces. */
export class Cloud {
  readonly clock: Clock;
  readonly app = {
    id: 'A0RAPPORT',
    clientId: '100.200',
    clientSecret: 'client-secret',
    signingSecret: 'signing-secret',
    appToken: 'xapp-1-A0RAPPORT',
    /** Tokens of new installs expire after 12 hours and come with a refresh token. */
    tokenRotation: false,
    /** Declared as an agent in its settings. */
    isAgent: true,
    /** The events its manifest subscribes to; null for all there are. */
    subscriptions: null as readonly string[] | null,
    /** Distributed outside the Marketplace: Slack hands out little of what was said (changelog of 29 May 2025). */
    isRestricted: false,
  };
  readonly teams = new Map<string, Team>();
  readonly tokens = new Map<string, Token>();
  readonly refreshTokens = new Map<string, string>();
  readonly codes = new Map<string, { readonly team: Team; readonly orgWide: boolean }>();
  readonly triggers = new Map<string, Trigger>();
  readonly responseUrls = new Map<string, ResponseUrl>();
  /** Where the HTTP server listens, without a slash at the end. */
  origin = '';
  #counter = 0;
  #lastTs = 0;

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
    this.addToken('app', this.app.appToken, null, ['connections:write', 'authorizations:read']);
  }

  /** A fresh id, such as `C00000007`. */
  id(prefix: string): string {
    this.#counter += 1;
    return `${prefix}${String(this.#counter).padStart(8, '0')}`;
  }

  /** A timestamp nobody has had: seconds and six decimals, growing. */
  ts(): string {
    const micros = Math.max(this.#lastTs + 1, Math.floor(this.clock.now() * 1000));
    this.#lastTs = micros;
    const digits = String(micros);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }

  addToken(
    kind: Token['kind'],
    value: string,
    team: Team | null,
    scopes: readonly string[],
    more: { readonly expiresAt?: number; readonly enterprise?: string } = {},
  ): Token {
    const token: Token = {
      value,
      kind,
      team,
      enterprise: more.enterprise ?? null,
      scopes: new Set(scopes),
      refused: null,
      ...(more.expiresAt === undefined ? {} : { expiresAt: more.expiresAt }),
    };
    this.tokens.set(value, token);
    return token;
  }

  addTeam(name: string, enterprise: string | null = null): Team {
    const id = this.id('T');
    const team: Team = {
      id,
      name,
      enterprise,
      botUser: this.id('U0BOT'),
      botId: this.id('B'),
      users: new Map(),
      channels: new Map(),
      views: new Map(),
      homes: new Map(),
      modals: new Map(),
      files: new Map(),
      statuses: new Map(),
      prompts: new Map(),
      titles: new Map(),
      sessions: new Map(),
      installed: true,
    };
    this.teams.set(id, team);
    this.addUser(team, 'rapport', true, team.botUser);
    return team;
  }

  addUser(team: Team, name: string, isBot = false, id = this.id('U')): User {
    const realName = name.charAt(0).toUpperCase() + name.slice(1);
    const user: User = {
      ...{ id, name, realName, team, isBot, isAdmin: false },
      ...{ locale: 'en-US', timeZone: 'Etc/UTC' },
    };
    team.users.set(id, user);
    return user;
  }

  addChannel(team: Team, name: string, kind: ChannelKind, members: readonly string[]): Channel {
    const prefix = { channel: 'C', private: 'C', im: 'D', mpim: 'G' }[kind];
    const channel: Channel = {
      id: this.id(prefix),
      name,
      kind,
      team,
      members: new Set(members),
      messages: [],
      archived: false,
      refusesPosts: null,
      refusesStreams: null,
    };
    team.channels.set(channel.id, channel);
    return channel;
  }

  /** The direct message between the app and a person, made on first use. */
  direct(team: Team, user: string): Channel {
    for (const channel of team.channels.values())
      if (channel.kind === 'im' && channel.members.has(user)) return channel;
    return this.addChannel(team, '', 'im', [user, team.botUser]);
  }

  addMessage(channel: Channel, message: Partial<Omit<Message, 'channel'>> & Pick<Message, 'user'>): Message {
    const added: Message = {
      ts: this.ts(),
      threadTs: null,
      byApp: false,
      postedAt: this.clock.now(),
      username: null,
      iconUrl: null,
      iconEmoji: null,
      ephemeralTo: null,
      files: [],
      text: '',
      markdown: null,
      blocks: [],
      metadata: null,
      stream: null,
      edited: false,
      deleted: false,
      reactions: [],
      ...message,
      channel,
    };
    channel.messages.push(added);
    return added;
  }

  trigger(user: User): string {
    const id = this.id('trigger.');
    this.triggers.set(id, { user: user.id, team: user.team, at: this.clock.now(), used: false });
    return id;
  }

  responseUrl(channel: Channel, user: string, source: Message | null): string {
    const id = this.id('R');
    this.responseUrls.set(id, { id, channel, user, source, at: this.clock.now(), uses: 0 });
    return `${this.origin}/response/${id}`;
  }

  /** Ends every stream whose time is over; nobody is told. */
  expireStreams(): void {
    const now = this.clock.now();
    for (const team of this.teams.values())
      for (const channel of team.channels.values())
        for (const { stream } of channel.messages)
          if (stream && now - stream.startedAt >= streamLifeMs) stream.state = 'completed';
  }
}
