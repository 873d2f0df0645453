import { z } from 'zod';
import type { Whereabouts } from '../../../src/care/where.js';
import type { Clock } from '../../../src/clock.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { late, within } from '../../../src/within.js';
import { failureReason } from './call-failure.js';
import { CallPace } from './call-pace.js';
import type { SlackClients, Workspace } from './workspace-clients.js';

/** A member of a workspace, as far as Rapport needs to know. */
export interface Member {
  /** How they are shown in Slack. */
  readonly name: string;
  readonly isBot: boolean;
  /** Administrator or owner of the workspace. */
  readonly isAdmin: boolean;
  /** Where they are, as their settings in Slack tell. */
  readonly whereabouts: Whereabouts;
}

const memberSchema = z.object({
  user: z.object({
    name: z.string().default(''),
    real_name: z.string().default(''),
    profile: z
      .object({ display_name: z.string().default(''), real_name: z.string().default('') })
      .default({ display_name: '', real_name: '' }),
    is_bot: z.boolean().default(false),
    is_admin: z.boolean().default(false),
    is_owner: z.boolean().default(false),
    is_primary_owner: z.boolean().default(false),
    /** Somebody of another workspace, met in a shared channel. */
    is_stranger: z.boolean().default(false),
    /** IANA's name. */
    tz: z.string().nullish(),
    locale: z.string().nullish(),
  }),
});

const maxMembers = 5_000;
const keptMs = 3_600_000;
/** Nobody who may be in danger waits longer for Slack to say where they are, ms. */
const whereMs = 80;

/** Names, roles and whereabouts of members, remembered for an hour. */
export class Directory {
  readonly #clients: SlackClients;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #members: RecentMap<string, Member>;
  /** Members that Slack is being asked about. */
  readonly #asking = new Map<string, Promise<Member | null>>();
  readonly #pace: CallPace;

  constructor(clients: SlackClients, clock: Clock, logger: Logger) {
    this.#clients = clients;
    this.#clock = clock;
    this.#logger = logger;
    this.#members = new RecentMap(maxMembers, { ms: keptMs, clock });
    this.#pace = new CallPace(clock);
  }

  /**
   * Null where Slack does not say, or is not asked because a crowd has just come.
   * @param fresh asks Slack in any case: roles change.
   */
  async member(workspace: Workspace, user: string, fresh = false): Promise<Member | null> {
    const key = `${workspace.team}:${user}`;
    const known = fresh ? undefined : (this.#members.get(key) ?? this.#asking.get(key));
    if (known) return known;
    const asked = this.#ask(workspace, user, fresh).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  async #ask(workspace: Workspace, user: string, fresh: boolean): Promise<Member | null> {
    if (fresh) this.#pace.count('users.info', workspace.team);
    else if (!this.#pace.take('users.info', workspace.team)) return null;
    try {
      const client = await this.#clients.of(workspace);
      const { user: found } = memberSchema.parse(await client.users.info({ user, include_locale: true }));
      const { profile } = found;
      const member: Member = {
        name: profile.display_name || profile.real_name || found.real_name || found.name,
        isBot: found.is_bot || user === 'USLACKBOT',
        isAdmin: !found.is_stranger && (found.is_admin || found.is_owner || found.is_primary_owner),
        whereabouts: { timeZone: found.tz ?? undefined, locale: found.locale ?? undefined },
      };
      this.#members.set(`${workspace.team}:${user}`, member);
      return member;
    } catch (error) {
      this.#logger.debug({ reason: failureReason(error) }, 'Slack did not say who a member is');
      return null;
    }
  }

  /** Where a person is, as far as Slack tells soon. */
  async whereabouts(workspace: Workspace, user: string): Promise<Whereabouts> {
    const member = await within(this.#clock, whereMs, this.member(workspace, user));
    return member === late ? {} : (member?.whereabouts ?? {});
  }

  /** Whether a person may change what holds for the whole workspace. */
  async isAdmin(workspace: Workspace, user: string): Promise<boolean> {
    return (await this.member(workspace, user, true))?.isAdmin ?? false;
  }
}

const openedSchema = z.object({ channel: z.object({ id: z.string().min(1) }) });

/** The direct message channels between people and the app. */
export class DirectMessages {
  readonly #clients: SlackClients;
  readonly #channels: RecentMap<string, string>;

  constructor(clients: SlackClients, clock: Clock) {
    this.#clients = clients;
    this.#channels = new RecentMap(5_000, { ms: 24 * 3_600_000, clock });
  }

  /** The id of a person's channel (`D…`); it comes into being where there is none. @throws what the WebClient throws. */
  async channelOf(workspace: Workspace, user: string): Promise<string> {
    const key = `${workspace.team}:${user}`;
    const known = this.#channels.get(key);
    if (known !== undefined) return known;
    const client = await this.#clients.of(workspace);
    const { channel } = openedSchema.parse(await client.conversations.open({ users: user }));
    this.#channels.set(key, channel.id);
    return channel.id;
  }

  /** A channel that an event named. */
  note({ team }: Workspace, user: string, channel: string): void {
    this.#channels.set(`${team}:${user}`, channel);
  }
}
