import type { CharacterBank } from '../../characters/bank.js';
import { displayName } from '../../characters/schema.js';
import type { Say } from '../../config/locale.js';
import type { SessionState } from '../state/session.js';
import type { Store } from '../state/store.js';

type Change = Parameters<Store['sessions']['update']>[1];

/** The session with a change applied to it; `offeredCharacterId: null` takes the offer away. */
export function withChange(session: SessionState, change: Change): SessionState {
  const { offeredCharacterId, ...rest } = change;
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
