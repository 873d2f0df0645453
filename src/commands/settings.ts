import { z } from 'zod';
import { dutiesTowards } from '../care/duties.js';
import type { CommandServices } from './command-services.js';

/** What the administrators of a community (`discord:<guild>`, `slack:<team>`) may set. */
export const communitySettingsSchema = z.strictObject({
  /** Channels where the characters answer; empty: everywhere they can. */
  allowedChannels: z.array(z.string().min(1).max(64)).max(500),
  /** Who answers where nobody was chosen; null: the matcher chooses. */
  defaultCharacterId: z.string().min(1).max(64).nullable(),
  /** Replies a person gets a UTC day; 0: no limit. */
  dailyReplies: z.int().min(0).max(100_000),
  /** Hours after which a person is told again that this is an AI; 0: only at the beginning. */
  disclosureEveryHours: z.number().min(0).max(8_760),
  /** Whether messages of other bots are answered. */
  allowBots: z.boolean(),
});

export type CommunitySettings = z.infer<typeof communitySettingsSchema>;

const storedSchema = communitySettingsSchema.partial().strip();

/** What holds where a community has set nothing, and in private conversations. */
export function defaultSettings({ config }: Pick<CommandServices, 'config'>): CommunitySettings {
  return {
    allowedChannels: [],
    defaultCharacterId: null,
    dailyReplies: config.limits.dailyReplies,
    disclosureEveryHours: dutiesTowards(config.care, false).remindHours,
    allowBots: false,
  };
}

/** The settings of a community; those of the operator for `null` (a private conversation). */
export async function readSettings(
  services: Pick<CommandServices, 'store' | 'config' | 'logger'>,
  community: string | null,
): Promise<CommunitySettings> {
  const stored = community === null ? {} : await readStored(services, community);
  return { ...defaultSettings(services), ...stored };
}

/**
 * Changes settings of a community; what is not named stays, also where the operator's defaults change later.
 * `undefined` gives a setting back to the operator's default.
 */
export async function saveSettings(
  services: Pick<CommandServices, 'store' | 'config' | 'logger'>,
  community: string,
  change: { readonly [Name in keyof CommunitySettings]?: CommunitySettings[Name] | undefined },
): Promise<CommunitySettings> {
  const changed = storedSchema.parse({ ...(await readStored(services, community)), ...change });
  await services.store.values.set(keyOf(community), JSON.stringify(changed));
  return { ...defaultSettings(services), ...defined(changed) };
}

/** Forgets what a community has set (the bot was removed from it). */
export async function removeSettings(
  { store }: Pick<CommandServices, 'store'>,
  community: string,
): Promise<void> {
  await store.values.remove(keyOf(community));
}

/** Whether the characters answer in a channel; `ids` are the channel's own and its parent's (of a thread). */
export function channelAllowed({ allowedChannels }: CommunitySettings, ids: readonly string[]): boolean {
  return allowedChannels.length === 0 || ids.some((id) => allowedChannels.includes(id));
}

type Stored = { -readonly [Name in keyof CommunitySettings]?: CommunitySettings[Name] };

async function readStored(
  { store, logger }: Pick<CommandServices, 'store' | 'logger'>,
  community: string,
): Promise<Stored> {
  const text = await store.values.get(keyOf(community));
  if (text === null) return {};
  const parsed = z.preprocess(parseJson, storedSchema).safeParse(text);
  if (parsed.success) return defined(parsed.data);
  logger.warn(
    { community, problems: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) },
    'the stored settings of a community cannot be read; the defaults hold',
  );
  return {};
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

function defined(settings: z.infer<typeof storedSchema>): Stored {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function keyOf(community: string): string {
  return `settings:${community}`;
}
