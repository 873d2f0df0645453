import {
  type Channel,
  type Cloud,
  type Json,
  type Message,
  type StoredFile,
  type Team,
  type User,
  usualScopes,
} from './cloud.js';
import type { Delivery } from './delivery.js';
import type { EventSender } from './event-sender.js';
import type { Events } from './events.js';
import type { Faults } from './faults.js';
import type { Rates } from './rates.js';
import type { ApiRequest, ApiServer } from './server.js';
import type { SocketMode } from './socket-mode.js';

/** What a double is made of. */
export interface SlackParts {
  readonly cloud: Cloud;
  readonly api: ApiServer;
  readonly events: Events;
  readonly sockets: SocketMode;
  readonly http: EventSender;
  readonly faults: Faults;
  readonly rates: Rates;
}

/** What there is on Slack: workspaces, people, channels, tokens, and what the app has called. */
export class SlackWorld {
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
  protected readonly api: ApiServer;

  constructor({ cloud, api, events, sockets, http, faults, rates }: SlackParts) {
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

  /** The message with this timestamp, wherever it stands. @throws Error when there is none. */
  messageBy(ts: string): Message {
    for (const team of this.cloud.teams.values())
      for (const channel of team.channels.values()) {
        const found = channel.messages.find((message) => message.ts === ts);
        if (found) return found;
      }
    throw new Error(`there is no message ${ts}`);
  }
}
