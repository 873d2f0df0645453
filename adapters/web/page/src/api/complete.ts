import { words } from '../state/words.js';
import type { CharacterCard, Session, SessionSummary } from './types.js';

/** A session as the server sends it: its character may have left the bank, and then no model serves it. */
export type RawSession = Omit<Session, 'character' | 'model'> & {
  readonly character: CharacterCard | null;
  readonly model: Session['model'] | null;
};
export type RawSummary = Omit<SessionSummary, 'character'> & { readonly character: CharacterCard | null };

/** Stands for a character that is no longer in the bank, so that old conversations can still be read. */
function missing(): CharacterCard {
  const name = words().character.gone;
  return { id: '', name, shortName: name, kind: '', tags: [], helpsWith: '', avatar: '', greeting: '' };
}

export function completeSession({ session }: { readonly session: RawSession }): { session: Session } {
  const { character, model } = session;
  return {
    session: { ...session, character: character ?? missing(), model: model ?? { name: '', demo: false } },
  };
}

export function completeSummary(summary: RawSummary): SessionSummary {
  return { ...summary, character: summary.character ?? missing() };
}
