import type { MessageId, PersonId } from '../ids.js';
import { dayEnd, tokensUsed } from '../turn/token-use.js';
import type { CommandServices } from './command-services.js';
import type { CommunitySettings } from './settings.js';

export interface TurnRequest {
  /** `discord:<guild>`, `slack:<team>`; null in a private conversation, where the operator's limit holds. */
  readonly community: string | null;
  readonly person: PersonId;
  /** The platform's id of the message: the same message is counted once, however often the platform sends it. */
  readonly message: MessageId;
}

/** The allowance of the day is used up. */
export interface UsedUp {
  readonly limit: number;
  /** When the next replies may be had, ms since the epoch. */
  readonly resetsAt: number;
  /** What the person is told. */
  readonly notice: string;
  /** True for the first message of the day that is refused: a platform may tell the person once only. */
  readonly first: boolean;
}

/** Counts a message against the daily allowance of its writer (a person, a community, a UTC day). */
export async function takeTurn(
  { store, clock, say }: Pick<CommandServices, 'store' | 'clock' | 'say'>,
  { dailyReplies: limit }: Pick<CommunitySettings, 'dailyReplies'>,
  { community, person, message }: TurnRequest,
): Promise<'ok' | UsedUp> {
  if (limit === 0) return 'ok';
  const now = clock.now();
  const resetsAt = dayEnd(now);
  const left = resetsAt - now;
  const day = `allowance:${community ?? 'private'}:${person}:${new Date(now).toISOString().slice(0, 10)}`;
  const counted = `${day}:${message}`;
  const before = await store.values.get(counted);
  const count = before === null ? await store.values.increment(day, left) : Number(before);
  if (before === null) await store.values.set(counted, String(count), left);
  if (count <= limit) return 'ok';
  const hours = hoursOf(left);
  return {
    limit,
    resetsAt,
    first: count === limit + 1,
    notice: say(hours === 1 ? 'allowance.usedUpSoon' : 'allowance.usedUp', { limit, hours }),
  };
}

/** Whether a person, or the community they are in, has used up the tokens of the day; what they are told then. */
export async function tokensUsedUp(
  { store, clock, say, config }: Pick<CommandServices, 'store' | 'clock' | 'say' | 'config'>,
  { community, person }: Pick<TurnRequest, 'community' | 'person'>,
): Promise<UsedUp | null> {
  const { dailyTokens, dailyTokensPerCommunity } = config.limits;
  if (dailyTokens === 0 && dailyTokensPerCommunity === 0) return null;
  const used = await tokensUsed({ store, clock }, community, person);
  const own = dailyTokens > 0 && used.person >= dailyTokens;
  const all = dailyTokensPerCommunity > 0 && used.community >= dailyTokensPerCommunity;
  if (!own && !all) return null;
  const now = clock.now();
  const resetsAt = dayEnd(now);
  const told = `told:tokens:${community ?? 'private'}:${person}:${resetsAt}`;
  const key = own ? 'allowance.tokens' : 'allowance.tokensOfCommunity';
  return {
    limit: own ? dailyTokens : dailyTokensPerCommunity,
    resetsAt,
    first: (await store.values.increment(told, resetsAt - now)) === 1,
    notice: say(key, { hours: hoursOf(resetsAt - now) }),
  };
}

function hoursOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 3_600_000));
}
