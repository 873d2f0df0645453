import type { CharacterBank } from '../../characters/bank.js';
import { type Character, displayName } from '../../characters/schema.js';
import type { Say } from '../../config/locale.js';
import type { Care } from '../care/care.js';
import { noSteering } from '../guidance/steering-state.js';
import { type PersonId, type SessionId, turnId } from '../ids.js';
import type { MatchReason } from '../matching/persona-scorer.js';
import type { PlatformName, ReplyAddress } from '../state/address.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import type { Store } from '../state/store.js';

export interface NewSession {
  readonly id: SessionId;
  readonly platform: PlatformName;
  readonly ownerId: PersonId;
  readonly character: Character;
  readonly matchReasons: readonly MatchReason[];
  readonly address: ReplyAddress;
  readonly shared: boolean;
  readonly at: number;
}

/** The state of a session that has just begun. */
export function newSession({ character, at, ...given }: NewSession, say: Say): SessionState {
  return {
    ...given,
    characterId: character.id,
    title: say('session.title', { name: displayName(character) }),
    createdAt: at,
    updatedAt: at,
    turnCount: 0,
    steering: noSteering,
    recentAspects: [],
    recentStrategies: [],
    disclosed: false,
  };
}

/**
 * What a session opened from a page begins with: that this is an AI, the character's greeting, and the care answer where
 * the person said something in their persona that asks for it.
 */
export function openingEntries(
  session: SessionState,
  character: Character,
  care: Care,
  careAnswer?: string,
): TranscriptEntry[] {
  const turn = turnId(session.id, 0);
  const name = displayName(character);
  const line = {
    turnId: turn,
    action: 'speaking' as const,
    at: session.createdAt,
    status: 'complete' as const,
    speakerName: name,
  };
  const disclosure: TranscriptEntry = {
    ...line,
    id: `${turn}:disclosure`,
    role: 'notice',
    text: care.disclosure(name),
  };
  const greeting: TranscriptEntry = {
    ...line,
    id: `${turn}:greeting`,
    role: 'supporter',
    text: character.greeting,
  };
  const crisis: TranscriptEntry[] = careAnswer
    ? [{ ...line, id: `${turn}:care`, role: 'notice', text: careAnswer }]
    : [];
  return [disclosure, ...crisis, ...(character.greeting ? [greeting] : [])];
}

type Change = Parameters<Store['sessions']['update']>[1];

/** The session with a change applied to it; `offeredCharacterId: null` takes the offer away. */
export function withChange(session: SessionState, change: Change): SessionState {
  const { offeredCharacterId, summary: _, ...rest } = change;
  const { offeredCharacterId: offered, ...kept } = { ...session, ...rest };
  const left = offeredCharacterId === undefined ? offered : (offeredCharacterId ?? undefined);
  return { ...kept, ...(left !== undefined && { offeredCharacterId: left }) };
}

/** What taking or declining the offered character changes; nothing where none is on offer. */
export function applyOffer(session: SessionState, accept: boolean, bank: CharacterBank, say: Say): Change {
  const offered = session.offeredCharacterId ? bank.get(session.offeredCharacterId) : undefined;
  if (!offered || !accept) return { offeredCharacterId: null };
  const name = displayName(offered);
  return {
    characterId: offered.id,
    matchReasons: [{ facet: 'chosen', score: 1, text: say('match.chosen', { name }) }],
    title: say('session.title', { name }),
    offeredCharacterId: null,
  };
}
