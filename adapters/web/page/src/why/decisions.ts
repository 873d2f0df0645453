import type { Json, StageTrace } from '../api/types.js';

export type Decision = StageTrace['decision'];
export interface TracedMemory {
  readonly aspect: string;
  readonly text: string;
  readonly score: number;
}

/** A decision's text under `key`; undefined where there is none. */
export function textAt(decision: Decision, key: string): string | undefined {
  const value = decision[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(decision: Decision, key: string): number | undefined {
  const value = decision[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A decision's list of records under `key`; whatever is not a record is left out. */
export function recordsAt(decision: Decision, key: string): Decision[] {
  const value = decision[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function memoriesAt(decision: Decision, key: string): TracedMemory[] {
  return recordsAt(decision, key).map((record) => ({
    aspect: textAt(record, 'aspect') ?? '',
    text: textAt(record, 'text') ?? '',
    score: numberAt(record, 'score') ?? 0,
  }));
}

/** A value as one line, for keys that have no view of their own. */
export function lineOf(value: Json, yes: string, no: string): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? yes : no;
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((item: Json) => lineOf(item, yes, no)).join(', ');
  return Object.entries(value)
    .filter((pair): pair is [string, Json] => pair[1] !== undefined)
    .map(([key, item]) => `${key}: ${lineOf(item, yes, no)}`)
    .join(' · ');
}

/** Pairs of a decision that are worth showing. */
export function pairsOf(decision: Decision, except: readonly string[] = []): [string, Json][] {
  return Object.entries(decision).filter(
    (pair): pair is [string, Json] =>
      pair[1] !== undefined &&
      pair[1] !== null &&
      !except.includes(pair[0]) &&
      !(typeof pair[1] === 'object' && Object.keys(pair[1]).length === 0) &&
      pair[1] !== '',
  );
}

export function isRecord(value: unknown): value is Decision {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
