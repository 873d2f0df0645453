import type { CharacterBank } from '../../characters/bank.js';
import { reasonOf } from '../../config/errors.js';
import type { Config } from '../../config/schema.js';
import type { Clock } from '../clock.js';
import type { Facets } from '../matching/facets.js';
import { continuedTurns, type MatchObservation } from '../matching/match-observation.js';
import type { PersonaScorer } from '../matching/persona-scorer.js';
import type { SeekerPersona } from '../memory/profile.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import type { Store } from '../state/store.js';
import type { Logger } from '../telemetry/logger.js';

export interface FeedbackServices {
  readonly store: Store;
  readonly scorer: PersonaScorer;
  readonly bank: CharacterBank;
  readonly config: Pick<Config, 'matching'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The person's first lines that say what a match should be about. */
const openingLines = 8;
/** Lines looked through for them and for moods. */
const page = 200;

/**
 * What a person thinks of a reply (`vote`; null takes it back) as an observation of the match. Call it after the feedback
 * was stored with the transcript. Nothing is kept of paused people, of calls that bring their own history, and where learning is off.
 * Never throws: feedback that cannot be learned from is still feedback.
 */
export function observeVote(
  services: FeedbackServices,
  session: SessionState,
  entryId: string,
  vote: 'up' | 'down' | null,
): Promise<void> {
  return observe(services, session, ({ votes, ...observation }) => {
    const { [entryId]: _, ...others } = votes;
    return { ...observation, votes: vote ? { ...others, [entryId]: vote } : others };
  });
}

/**
 * What the course of a conversation tells about the match: that it began, how the person's mood moved, and that it was gone
 * on with. Call it after a turn was committed; it looks at the few turns that matter. Never throws.
 */
export async function observeTurn(services: FeedbackServices, session: SessionState): Promise<void> {
  const { turnCount } = session;
  if (turnCount !== 1 && turnCount % moodTurns !== 0) return;
  await observe(services, session, (observation, entries) => {
    const moods = moodsOf(entries);
    const [first] = moods;
    const last = moods.at(-1);
    return {
      ...observation,
      continued: observation.continued || turnCount >= continuedTurns,
      ...(moods.length > 1 && first !== undefined && last !== undefined && { mood: { first, last } }),
    };
  });
}

/** The mood is looked at every so many turns. */
const moodTurns = 4;

async function observe(
  services: FeedbackServices,
  session: SessionState,
  change: (before: MatchObservation, entries: readonly TranscriptEntry[]) => MatchObservation,
): Promise<void> {
  const { store, config, logger } = services;
  if (!config.matching.learning.enabled || session.ephemeral || !session.characterId) return;
  try {
    const { ownerId, id, characterId } = session;
    const profile = await store.people.profile(ownerId);
    if (profile?.paused) return;
    const [known, { entries }] = await Promise.all([
      store.matching.observation(ownerId, id, characterId),
      store.transcript.page(id, { limit: page }),
    ]);
    const persona = session.shared ? undefined : profile?.persona;
    const before = known ?? (await begin(services, session, seekerOf(session, persona, entries)));
    if (!before) return;
    await store.matching.save(change(before, entries));
    // Whoever was erased meanwhile must not come back by what was being written about them.
    if (!(await store.sessions.get(id))) await store.matching.forget(ownerId, id, characterId);
  } catch (error) {
    logger.warn({ session: session.id, reason: reasonOf(error) }, 'feedback on a match could not be kept');
  }
}

/** A first observation: what the match consists of. Null for a character that is never matched. */
async function begin(
  { scorer, bank, clock }: FeedbackServices,
  { ownerId, id, characterId }: SessionState,
  seeker: SeekerPersona,
): Promise<MatchObservation | null> {
  const ranking = await scorer.rank(seeker, bank.all, bank.all.length, { explore: false });
  const facets: Facets | undefined = ranking.find(({ character }) => character.id === characterId)?.facets;
  if (!facets) return null;
  return {
    personId: ownerId,
    sessionId: id,
    characterId,
    at: clock.now(),
    scorer: scorer.kind,
    facets,
    votes: {},
    continued: false,
  };
}

/** Who the person was to the matcher when the conversation began. */
function seekerOf(
  { ownerId }: SessionState,
  persona: SeekerPersona | undefined,
  entries: readonly TranscriptEntry[],
): SeekerPersona {
  const written = entries
    .filter(({ role, personId }) => role === 'seeker' && personId === ownerId)
    .slice(0, openingLines)
    .map(({ text }) => text);
  return {
    ...(persona ?? { facts: [] }),
    worry: [persona?.worry, ...written].filter(Boolean).join(' '),
  };
}

/** The person's moods, oldest first, as the turns' traces hold them (0–5). */
function moodsOf(entries: readonly TranscriptEntry[]): number[] {
  return entries
    .flatMap(({ trace }) => trace?.stages ?? [])
    .filter(({ stage }) => stage === 'emotion')
    .map(({ decision }) => decision.mood)
    .filter((mood) => typeof mood === 'number');
}
