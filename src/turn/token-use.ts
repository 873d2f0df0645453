import { reasonOf } from '../../config/errors.js';
import type { Clock } from '../clock.js';
import type { PersonId } from '../ids.js';
import { estimateTokens } from '../prompting/token-estimate.js';
import type { InboundMessage, TranscriptEntry } from '../state/session.js';
import type { Store } from '../state/store.js';
import type { TurnServices } from './turn-services.js';

const dayMs = 86_400_000;

/** When the UTC day ends, ms since the epoch. */
export function dayEnd(now: number): number {
  return (Math.floor(now / dayMs) + 1) * dayMs;
}

/** What a person has used of the model today where this community's rules hold (null: in private), and what the whole community has. */
export async function tokensUsed(
  { store, clock }: { readonly store: Pick<Store, 'values'>; readonly clock: Clock },
  community: string | null,
  person: PersonId,
): Promise<{ readonly person: number; readonly community: number }> {
  const [own, all] = await Promise.all([
    store.values.get(personKey(community, person, clock.now())),
    community === null ? null : store.values.get(communityKey(community, clock.now())),
  ]);
  return { person: Number(own ?? 0), community: Number(all ?? 0) };
}

/**
 * Counts the tokens of a turn for those who wrote, each an equal share, and for their community: prompt and reply, as the server
 * counted them where it does. Nothing where no limit is set. A failure is logged; the turn stands.
 */
export async function noteTokens(
  { store, config, clock, logger }: Pick<TurnServices, 'store' | 'config' | 'clock' | 'logger'>,
  messages: readonly InboundMessage[],
  entries: readonly TranscriptEntry[],
): Promise<void> {
  const { dailyTokens, dailyTokensPerCommunity } = config.limits;
  const counted = messages.filter(({ community }) => community !== undefined);
  const tokens = entries.reduce((sum, entry) => sum + tokensOf(entry), 0);
  if (tokens === 0 || counted.length === 0 || dailyTokens + dailyTokensPerCommunity === 0) return;
  const now = clock.now();
  const left = dayEnd(now) - now;
  const people = new Map(counted.map(({ personId, community }) => [personId, community ?? null]));
  const share = Math.ceil(tokens / people.size);
  const communities = new Set([...people.values()].filter((community) => community !== null));
  try {
    await Promise.all([
      ...[...people].map(([person, community]) =>
        store.values.increment(personKey(community, person, now), left, share),
      ),
      ...[...communities].map((community) =>
        store.values.increment(communityKey(community, now), left, tokens),
      ),
    ]);
  } catch (error) {
    logger.warn({ reason: reasonOf(error) }, 'the tokens of a reply were not counted');
  }
}

/** A reply that was written beforehand took none. */
function tokensOf({ trace, text }: TranscriptEntry): number {
  const model = trace?.model;
  if (!model || model.written !== undefined) return 0;
  const { usage, promptTokens } = model;
  return usage ? usage.promptTokens + usage.completionTokens : promptTokens + estimateTokens(text);
}

function day(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

function personKey(community: string | null, person: PersonId, now: number): string {
  return `tokens:${community ?? 'private'}:${person}:${day(now)}`;
}

function communityKey(community: string, now: number): string {
  return `tokens:${community}:${day(now)}`;
}
