import { ChannelType, type Locale } from 'discord-api-types/v10';
import type { Clock } from '../../../../src/clock.js';
import { DoubleClock } from '../double-clock.js';
import { Gateway } from '../gateway/gateway.js';
import type { DiscordOptions } from '../options.js';
import { type LoggedRequest, RestServer } from '../rest/server.js';
import { createChannel, type NewChannel, privateChannel } from '../world/channels.js';
import {
  addMember,
  createGuild,
  grantRole,
  guildGone,
  memberChanged,
  removeMember,
  setOverwrite,
  setRolePermissions,
} from '../world/guilds.js';
import { usualBotPermissions } from '../world/permissions.js';
import { channelOf, guildOf } from '../world/present-channel.js';
import { makeUser, type NewUser, World } from '../world/world.js';

/** An id, or anything that has one. */
export type Ref = string | { readonly id: string };
export { usualBotPermissions };
export const idOf = (ref: Ref): string => (typeof ref === 'string' ? ref : ref.id);

export interface User {
  readonly id: string;
  readonly username: string;
}
export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
}
export interface Channel {
  readonly id: string;
  readonly guildId: string | null;
  readonly type: ChannelType;
  readonly name: string | null;
}

export interface GuildSetup {
  readonly id?: string;
  readonly name?: string;
  readonly owner?: Ref;
  readonly members?: readonly Ref[];
  /** False: the bot is no member; only people's own installs bring it here. */
  readonly bot?: boolean;
  /** What the bot's role allows; {@link usualBotPermissions} by default. */
  readonly botPermissions?: bigint;
  /** What everyone may do; a new server's usual rights by default. */
  readonly everyone?: bigint;
  readonly locale?: Locale;
}

/** Builds the places and the people, and changes who may do what. */
export class Places {
  readonly clock: Clock;
  readonly world: World;
  readonly gateway: Gateway;
  readonly rest: RestServer;
  #named = 0;

  constructor(options: DiscordOptions) {
    this.clock = options.clock ?? new DoubleClock();
    this.world = new World(this.clock, options);
    this.gateway = new Gateway(this.world, options);
    this.rest = new RestServer(this.world, this.gateway, options);
  }

  /**
   * Resolves with the first answer of `probe` that is neither null, undefined nor false. It is asked after everything that
   * happens in the double, and every few milliseconds for what happens in the client.
   * @param timeoutMs real time.
   * @throws Error after that time, saying what the test waited for, or what `probe` threw.
   */
  async until<T>(
    probe: () => T | null | undefined | false,
    { timeoutMs = 10_000, what = 'what the test waits for' }: { timeoutMs?: number; what?: string } = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const look = (): void => {
        try {
          const found = probe();
          if (found === null || found === undefined || found === false) return;
          stop();
          resolve(found);
        } catch (error) {
          stop();
          reject(error);
        }
      };
      const unwatch = this.world.watch(look);
      const again = setInterval(look, 5);
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`${what} did not happen within ${timeoutMs} ms; last requests:\n${this.#tail()}`));
      }, timeoutMs);
      const stop = (): void => {
        clearTimeout(timer);
        clearInterval(again);
        unwatch();
      };
      look();
    });
  }

  /** The requests so far, oldest first. @param since skip as many. */
  requestLog(since = 0): readonly LoggedRequest[] {
    return this.rest.log.slice(since);
  }

  /** Moves the double's own clock on. @throws Error where the test brought another clock. */
  advance(ms: number): void {
    if (!(this.clock instanceof DoubleClock)) throw new Error('advance the clock that the double was given');
    this.clock.advance(ms);
  }

  addUser(user: Partial<NewUser> = {}): User {
    this.#named += 1;
    const made = makeUser(this.world.ids.next(), { username: `person${this.#named}`, ...user });
    this.world.users.set(made.id, made);
    if (user.locale !== undefined) this.world.locales.set(made.id, user.locale);
    return { id: made.id, username: made.username };
  }

  addGuild(setup: GuildSetup = {}): Guild {
    const world = this.world;
    this.#named += 1;
    const ownerId = setup.owner === undefined ? this.addUser().id : idOf(setup.owner);
    const guild = createGuild(world, {
      name: setup.name ?? `Guild ${this.#named}`,
      ownerId,
      ...(setup.id === undefined ? {} : { id: setup.id }),
      ...(setup.locale === undefined ? {} : { locale: setup.locale }),
      ...(setup.everyone === undefined ? {} : { everyone: setup.everyone }),
    });
    for (const id of new Set([ownerId, ...(setup.members ?? []).map(idOf)])) addMember(world, guild, id);
    if (setup.bot !== false) this.inviteBot(guild, setup.botPermissions);
    return { id: guild.id, name: guild.name, ownerId };
  }

  /** The bot is added to a guild. */
  inviteBot(guild: Ref, permissions = usualBotPermissions): void {
    const record = guildOf(this.world, idOf(guild));
    addMember(this.world, record, this.world.bot.id, { botPermissions: permissions });
    this.gateway.announceGuild(record);
  }

  /** The bot is thrown out of a guild. */
  kickBot(guild: Ref): void {
    removeMember(this.world, guildOf(this.world, idOf(guild)), this.world.bot.id);
  }

  addChannel(guild: Ref, channel: Partial<NewChannel> = {}): Channel {
    this.#named += 1;
    return channelView(
      createChannel(this.world, idOf(guild), { name: `channel-${this.#named}`, ...channel }),
    );
  }

  /** The direct messages of a person and the bot. */
  dm(user: Ref): Channel {
    return channelView(privateChannel(this.world, [idOf(user), this.world.bot.id]));
  }

  /** Direct messages among people, without the bot: two are a DM, more a group. */
  addPrivateChannel(people: readonly Ref[]): Channel {
    const type = people.length === 2 ? ChannelType.DM : ChannelType.GroupDM;
    return channelView(privateChannel(this.world, people.map(idOf), type));
  }

  join(user: Ref, guild: Ref): void {
    addMember(this.world, guildOf(this.world, idOf(guild)), idOf(user));
  }
  leave(user: Ref, guild: Ref): void {
    removeMember(this.world, guildOf(this.world, idOf(guild)), idOf(user));
  }

  /** A moderator times somebody out, the bot itself where nobody is named. */
  timeOut(guild: Ref, { user, ms }: { user?: Ref; ms: number }): void {
    const record = guildOf(this.world, idOf(guild));
    const member = record.members.get(user === undefined ? this.world.bot.id : idOf(user));
    if (!member) throw new Error('only members can be timed out');
    member.timeoutUntil = this.clock.now() + ms;
    memberChanged(this.world, record, member);
  }

  /** Makes somebody moderator: a role with these permissions. @returns the role's id. */
  grant(user: Ref, guild: Ref, permissions: bigint): string {
    return grantRole(this.world, idOf(user), guildOf(this.world, idOf(guild)), permissions);
  }

  /** What the bot's role allows in the whole guild from now on. */
  setBotPermissions(guild: Ref, permissions: bigint): void {
    const record = guildOf(this.world, idOf(guild));
    if (record.botRoleId === null) throw new Error(`the bot is no member of guild ${record.id}`);
    setRolePermissions(this.world, record, record.botRoleId, permissions);
  }

  /** Allows or denies something in one channel; the bot itself without a target. */
  setOverwrite(channel: Ref, { target, allow, deny }: { target?: Ref; allow?: bigint; deny?: bigint }): void {
    setOverwrite(this.world, channelOf(this.world, idOf(channel)), {
      targetId: target === undefined ? this.world.bot.id : idOf(target),
      ...(allow === undefined ? {} : { allow }),
      ...(deny === undefined ? {} : { deny }),
    });
  }

  /** The guild is down for a while, or back. */
  setUnavailable(guild: Ref, unavailable: boolean): void {
    const record = guildOf(this.world, idOf(guild));
    record.unavailable = unavailable;
    if (unavailable) guildGone(this.world, record, true);
    else this.gateway.announceGuild(record);
  }

  /** A person's privacy settings take no direct messages from the bot (50007), or do again. */
  refuseDms(user: Ref, refused = true): void {
    if (refused) this.world.dmsRefused.add(idOf(user));
    else this.world.dmsRefused.delete(idOf(user));
  }

  /** A person installs the app for themselves: its commands are theirs everywhere. */
  installForUser(user: Ref): void {
    this.world.userInstalls.add(idOf(user));
  }

  #tail(): string {
    return this.rest.log
      .slice(-8)
      .map((one) => `  ${one.method} ${one.path} -> ${one.status ?? 'open'} ${one.code ?? ''}`)
      .join('\n');
  }
}

export function channelView(channel: Channel): Channel {
  return { id: channel.id, guildId: channel.guildId, type: channel.type, name: channel.name };
}
