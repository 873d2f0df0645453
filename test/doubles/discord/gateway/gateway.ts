import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  ApplicationFlags,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  GatewayOpcodes,
  type GatewayReadyDispatchData,
} from 'discord-api-types/v10';
import { WebSocketServer } from 'ws';
import { z } from 'zod';
import type { DiscordOptions } from '../options.js';
import { presentGuildCreate } from '../world/present-guild.js';
import type { GuildRecord } from '../world/records.js';
import { shardOf } from '../world/snowflake.js';
import type { Dispatch, World } from '../world/world.js';
import { GatewayConnection, type Received } from './connection.js';
import { GatewayControl } from './control.js';
import { sendMemberChunks } from './member-chunks.js';
import { GatewaySession, type Identity } from './session.js';
import { StartLimit } from './start-limit.js';

const identifySchema = z.object({
  token: z.string(),
  intents: z.number().int(),
  properties: z.record(z.string(), z.unknown()),
  shard: z.tuple([z.number().int(), z.number().int()]).optional(),
  large_threshold: z.number().int().min(50).max(250).optional(),
});
const resumeSchema = z.object({ token: z.string(), session_id: z.string(), seq: z.number().int() });

const knownIntents = Object.values(GatewayIntentBits)
  .filter((bit) => typeof bit === 'number')
  .reduce((all, bit) => all | bit, 0);
/** Guilds that one shard may hold. */
const shardCapacity = 2_500;

/** Discord's gateway: connections come and go, sessions stay for a while. */
export class Gateway {
  readonly control = new GatewayControl();
  readonly sessions = new Map<string, GatewaySession>();
  readonly connections = new Set<GatewayConnection>();
  readonly starts: StartLimit;
  /** Both without a path; the second is the one that READY hands out. */
  url = '';
  resumeUrl = '';
  readonly #world: World;
  readonly #options: DiscordOptions;
  readonly #server = new WebSocketServer({ noServer: true });

  constructor(world: World, options: DiscordOptions) {
    this.#world = world;
    this.#options = options;
    this.starts = new StartLimit(world.clock, options);
    world.onDispatch((dispatch) => this.#deliver(dispatch));
  }

  get heartbeatIntervalMs(): number {
    return this.#options.heartbeatIntervalMs ?? 41_250;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const cut = this.control.takeCut('UPGRADE', 'before');
    if (cut) {
      socket.end(cut.code === undefined ? '' : `HTTP/1.1 ${cut.code} Unavailable\r\n\r\n`);
      return;
    }
    const url = new URL(request.url ?? '/', 'http://double');
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new GatewayConnection(webSocket, {
        control: this.control,
        now: () => this.#world.clock.now(),
        resumeUrl: url.pathname.startsWith('/resume'),
        onMessage: (from, message) => this.#receive(from, message),
        onClose: (from, code) => this.#closed(from, code),
      });
      this.connections.add(connection);
      if (url.searchParams.get('v') !== '10')
        connection.close(GatewayCloseCodes.InvalidAPIVersion, 'Invalid API version.');
      else connection.hello(this.heartbeatIntervalMs);
      this.#world.touch();
    });
  }

  /** Ends every connection and takes no more. */
  stop(): void {
    for (const connection of this.connections) connection.cut();
    this.#server.close();
  }

  /** Cuts every connection: with a close frame where a code is given, else plainly. */
  dropAll(code?: number): void {
    for (const connection of [...this.connections]) {
      if (code === undefined) connection.cut();
      else connection.close(code);
    }
  }

  /** Op 7: asks every client to come back and resume. */
  requestReconnect(): void {
    for (const connection of this.connections) connection.send({ op: GatewayOpcodes.Reconnect });
  }

  /** Op 1: asks every client for a heartbeat at once. */
  requestHeartbeat(): void {
    for (const connection of this.connections) connection.send({ op: GatewayOpcodes.Heartbeat });
  }

  /** Op 9: ends every session; with `resumable` they can be taken up again. */
  invalidateSessions(resumable = false): void {
    for (const session of [...this.sessions.values()]) {
      session.connection?.send({ op: GatewayOpcodes.InvalidSession, d: resumable });
      if (!resumable) this.forget(session);
    }
  }

  /** Ends a session for good: it cannot be resumed. */
  forget(session: GatewaySession): void {
    this.sessions.delete(session.id);
    session.connection = null;
  }

  /** Tells every session of a guild that the bot sees now: it came, or its outage is over. */
  announceGuild(guild: GuildRecord): void {
    for (const session of this.#liveSessions())
      if (shardOf(guild.id, session.identity.shard[1]) === session.identity.shard[0])
        this.#sendGuild(session, guild);
  }

  #deliver(dispatch: Dispatch): void {
    for (const session of this.#liveSessions()) if (session.wants(dispatch)) session.deliver(dispatch);
  }

  /** Sessions with a connection, or that can still be resumed. */
  #liveSessions(): GatewaySession[] {
    const window = this.#options.resumeWindowMs ?? 180_000;
    const now = this.#world.clock.now();
    for (const session of this.sessions.values())
      if (session.lostAt !== null && now - session.lostAt > window) this.forget(session);
    return [...this.sessions.values()];
  }

  #receive(connection: GatewayConnection, message: Received): void {
    if (message.op === GatewayOpcodes.Heartbeat) {
      if (this.control.cut('HEARTBEAT', 'before', connection)) return;
      connection.heartbeat(this.heartbeatIntervalMs);
    } else if (message.op === GatewayOpcodes.Identify) this.#identify(connection, message.d);
    else if (message.op === GatewayOpcodes.Resume) this.#resume(connection, message.d);
    else if (!connection.session) connection.close(GatewayCloseCodes.NotAuthenticated, 'Not authenticated.');
    else if (message.op === GatewayOpcodes.RequestGuildMembers)
      sendMemberChunks(this.#world, connection.session, message.d);
    else if (message.op !== GatewayOpcodes.PresenceUpdate && message.op !== GatewayOpcodes.VoiceStateUpdate)
      connection.close(GatewayCloseCodes.UnknownOpcode, 'Unknown opcode.');
    this.#world.touch();
  }

  #identify(connection: GatewayConnection, data: unknown): void {
    if (this.control.cut('IDENTIFY', 'before', connection)) return;
    const parsed = identifySchema.safeParse(data);
    if (!parsed.success) {
      connection.close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
      return;
    }
    const { token, intents, shard = [0, 1], large_threshold: largeThreshold = 50 } = parsed.data;
    const refusal = connection.session
      ? ([GatewayCloseCodes.AlreadyAuthenticated, 'Already authenticated.'] as const)
      : this.#refusal(token, intents, shard);
    if (refusal) {
      connection.close(...refusal);
      return;
    }
    const invalid = this.control.takeInvalid();
    if (invalid !== undefined || !this.starts.take(shard[0])) {
      connection.send({ op: GatewayOpcodes.InvalidSession, d: invalid ?? false });
      return;
    }
    this.#open(connection, { intents, shard, largeThreshold });
  }

  #refusal(
    token: string,
    intents: number,
    [shard, count]: readonly [number, number],
  ): readonly [GatewayCloseCodes, string] | null {
    const { application } = this.#world;
    if (token !== application.token && token !== `Bot ${application.token}`)
      return [GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.'];
    if (count < 1 || shard < 0 || shard >= count) return [GatewayCloseCodes.InvalidShard, 'Invalid shard.'];
    if (this.#guildsOf(shard, count).length > shardCapacity)
      return [GatewayCloseCodes.ShardingRequired, 'Sharding required.'];
    if (intents < 0 || intents & ~knownIntents)
      return [GatewayCloseCodes.InvalidIntents, 'Invalid intent(s).'];
    if (intents & ~allowedIntents(application.flags))
      return [GatewayCloseCodes.DisallowedIntents, 'Disallowed intent(s).'];
    return null;
  }

  #open(connection: GatewayConnection, identity: Identity): void {
    const session = new GatewaySession(randomBytes(16).toString('hex'), identity, connection);
    this.sessions.set(session.id, session);
    connection.session = session;
    const guilds = this.#guildsOf(...identity.shard);
    const { application, bot } = this.#world;
    session.dispatch(GatewayDispatchEvents.Ready, {
      v: 10,
      user: { ...bot, verified: true, mfa_enabled: false, email: null },
      guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.resumeUrl,
      shard: [...identity.shard],
      application: {
        id: application.id,
        flags: application.flags as ApplicationFlags,
        flags_new: String(application.flags),
      },
    } satisfies GatewayReadyDispatchData);
    for (const guild of guilds) if (!guild.unavailable) this.#sendGuild(session, guild);
  }

  #sendGuild(session: GatewaySession, guild: GuildRecord): void {
    if (!session.has(GatewayIntentBits.Guilds)) return;
    const options = {
      allMembers: session.has(GatewayIntentBits.GuildMembers),
      largeThreshold: session.identity.largeThreshold,
    };
    session.dispatch(GatewayDispatchEvents.GuildCreate, presentGuildCreate(this.#world, guild, options));
  }

  #resume(connection: GatewayConnection, data: unknown): void {
    if (this.control.cut('RESUME', 'before', connection)) return;
    const parsed = resumeSchema.safeParse(data);
    if (!parsed.success) {
      connection.close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
      return;
    }
    const { token, session_id: id, seq } = parsed.data;
    if (token !== this.#world.application.token && token !== `Bot ${this.#world.application.token}`) {
      connection.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      return;
    }
    const invalid = this.control.takeInvalid();
    const session = this.#liveSessions().find((one) => one.id === id);
    const missed = session?.missedSince(seq) ?? null;
    if (invalid !== undefined || !session || !missed) {
      connection.send({ op: GatewayOpcodes.InvalidSession, d: invalid ?? false });
      return;
    }
    if (seq > session.seq) {
      connection.close(GatewayCloseCodes.InvalidSeq, 'Invalid seq.');
      return;
    }
    const replaced = session.connection;
    session.connection = connection;
    session.lostAt = null;
    session.resumes += 1;
    connection.session = session;
    replaced?.cut();
    for (const sent of missed) connection.sendDispatch(sent);
    session.dispatch(GatewayDispatchEvents.Resumed, { _trace: [] });
  }

  #closed(connection: GatewayConnection, code: number): void {
    this.connections.delete(connection);
    const session = connection.session;
    if (session && session.connection === connection) {
      session.connection = null;
      session.lostAt = this.#world.clock.now();
      if (code === 1_000 || code === 1_001) this.forget(session);
    }
    this.#world.touch();
  }

  #guildsOf(shard: number, count: number): GuildRecord[] {
    return this.#world.botGuilds().filter((guild) => shardOf(guild.id, count) === shard);
  }
}

/** Every intent that needs no privilege, and those the application was granted. */
function allowedIntents(flags: number): number {
  let allowed = knownIntents;
  const needs = [
    [
      GatewayIntentBits.GuildMembers,
      ApplicationFlags.GatewayGuildMembers | ApplicationFlags.GatewayGuildMembersLimited,
    ],
    [
      GatewayIntentBits.GuildPresences,
      ApplicationFlags.GatewayPresence | ApplicationFlags.GatewayPresenceLimited,
    ],
    [
      GatewayIntentBits.MessageContent,
      ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited,
    ],
  ] as const;
  for (const [intent, grant] of needs) if (!(flags & grant)) allowed &= ~intent;
  return allowed;
}
