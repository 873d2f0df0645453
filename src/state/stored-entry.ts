import type { TranscriptEntry } from '../session/session.js';

/** An entry as it is written down: its feedback lies beside the text, because it changes on its own. */
export interface StoredEntry {
  readonly id: string;
  readonly role: TranscriptEntry['role'];
  readonly person: string | null;
  readonly feedback: 'up' | 'down' | null;
  readonly body: string;
}

export function toStored(entry: TranscriptEntry): StoredEntry {
  const { feedback, ...rest } = entry;
  return {
    id: entry.id,
    role: entry.role,
    person: entry.personId ?? null,
    feedback: feedback ?? null,
    body: JSON.stringify(rest),
  };
}

export function fromStored(body: string, feedback: string | null): TranscriptEntry {
  const entry = JSON.parse(body) as TranscriptEntry;
  return feedback === 'up' || feedback === 'down' ? { ...entry, feedback } : entry;
}
