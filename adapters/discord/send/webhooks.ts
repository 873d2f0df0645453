import type { ChannelsAPI } from '@discordjs/core/http-only';
import { RESTJSONErrorCodes } from 'discord-api-types/v10';
import { z } from 'zod';
import { reasonOf } from '../../../config/errors.js';
import type { Clock } from '../../../src/clock.js';
import { RecentMap } from '../../../src/recent-map.js';
import type { Store } from '../../../src/state/store.js';
import type { Logger } from '../../../src/telemetry/logger.js';
import { discordCode, isPassing } from './refusals.js';

const webhookSchema = z.object({ id: z.string().regex(/^\d+$/), token: z.string().min(1) });

/** A webhook of this application, through which characters speak under their own name and face. */
export type Webhook = z.infer<typeof webhookSchema>;

/** What the webhook itself is called; every message names its character. */
const webhookTitle = 'Rapport';
const remembered = 2_000;
/** How long a channel without the permission (or without room) is not asked again, ms. */
const deniedMs = 600_000;
/** The same after a failure that may pass. */
const failedMs = 30_000;

export interface WebhooksOptions {
  readonly api: Pick<ChannelsAPI, 'getWebhooks' | 'createWebhook'>;
  readonly store: Pick<Store, 'values'>;
  readonly applicationId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One webhook a channel, created when first needed and found again after a restart. */
export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #known = new RecentMap<string, Webhook>(remembered);
  readonly #deniedUntil = new RecentMap<string, number>(remembered);
  readonly #asking = new Map<string, Promise<Webhook | null>>();

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  /**
   * The webhook of a channel (not of a thread), made where there is none; null where the bot may not manage webhooks or none
   * can be had now. Never rejects.
   */
  async of(channel: string): Promise<Webhook | null> {
    const known = this.#known.get(channel);
    if (known) return known;
    if ((this.#deniedUntil.get(channel) ?? 0) > this.#options.clock.elapsed()) return null;
    const asking =
      this.#asking.get(channel) ?? this.#ask(channel).finally(() => this.#asking.delete(channel));
    this.#asking.set(channel, asking);
    return asking;
  }

  /** The webhook that wrote a message, for editing it; null where it is gone. */
  async find(channel: string, id: string): Promise<Webhook | null> {
    const webhook = await this.of(channel);
    return webhook?.id === id ? webhook : null;
  }

  /** The webhook was deleted: the next reply makes a new one. */
  async forget(channel: string): Promise<void> {
    this.#known.delete(channel);
    await this.#options.store.values.remove(this.#key(channel));
  }

  async #ask(channel: string): Promise<Webhook | null> {
    const { store, clock, logger } = this.#options;
    try {
      const stored = read(await store.values.get(this.#key(channel)));
      const webhook = stored ?? (await this.#own(channel)) ?? (await this.#create(channel));
      this.#known.set(channel, webhook);
      if (!stored) await store.values.set(this.#key(channel), JSON.stringify(webhook));
      return webhook;
    } catch (error) {
      this.#deniedUntil.set(channel, clock.elapsed() + (isPassing(error) ? failedMs : deniedMs));
      const missing = discordCode(error) === RESTJSONErrorCodes.MissingPermissions;
      logger.info(
        { channel, reason: reasonOf(error), ...(missing && { permission: 'Manage Webhooks' }) },
        "no webhook in this channel: characters speak under the bot's own name",
      );
      return null;
    }
  }

  /** A webhook that this application made earlier. */
  async #own(channel: string): Promise<Webhook | null> {
    const webhooks = await this.#options.api.getWebhooks(channel);
    const own = webhooks.find(
      ({ application_id, token }) => application_id === this.#options.applicationId && token,
    );
    return own?.token ? { id: own.id, token: own.token } : null;
  }

  async #create(channel: string): Promise<Webhook> {
    const { id, token = '' } = await this.#options.api.createWebhook(channel, { name: webhookTitle });
    return { id, token };
  }

  #key(channel: string): string {
    return `discord:webhook:${this.#options.applicationId}:${channel}`;
  }
}

function read(text: string | null): Webhook | null {
  if (text === null) return null;
  try {
    return webhookSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
