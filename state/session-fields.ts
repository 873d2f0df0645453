import type { SessionState } from '../src/state/session.js';
import type { SessionSummary, Store } from '../src/state/store.js';

/** What `Store.sessions.update` takes. */
export type SessionChange = Parameters<Store['sessions']['update']>[1];

/** The fields that may change outside a turn. */
export const changeableFields = [
  'steering',
  'style',
  'title',
  'characterId',
  'matchReasons',
  'disclosed',
  'address',
  'offeredCharacterId',
  'factsRead',
  'summary',
  'forgotten',
] as const satisfies readonly (keyof SessionChange)[];

export type ChangeableField = (typeof changeableFields)[number];

/** The fields a change names, with `null` where the field is to be removed; other keys are ignored. */
export function changedFields(change: SessionChange): [ChangeableField, unknown][] {
  return changeableFields.flatMap((field): [ChangeableField, unknown][] =>
    change[field] === undefined ? [] : [[field, change[field]]],
  );
}

/** What of a session holds nobody's words and nothing about how they are: the only fields that are never encrypted one by one. */
const plainFields: ReadonlySet<string> = new Set<keyof SessionState>([
  'id',
  'platform',
  'ownerId',
  'shared',
  'characterId',
  'createdAt',
  'updatedAt',
  'turnCount',
  'recentAspects',
  'recentStrategies',
  'disclosed',
  'disclosedAt',
  'offeredCharacterId',
  'address',
  'factsRead',
  'ephemeral',
]);

export function isPlainField(field: string): boolean {
  return plainFields.has(field);
}

/** The row of a session in its owner's list. */
export function summaryOf(state: SessionState): SessionSummary {
  return {
    id: state.id,
    characterId: state.characterId,
    title: state.title,
    updatedAt: state.updatedAt,
    turnCount: state.turnCount,
  };
}
