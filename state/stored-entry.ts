import type { TranscriptEntry } from '../src/state/session.js';

/** An entry as it is written down: its feedback lies beside the text, because it changes on its own. */
export interface StoredEntry {
  readonly id: string;
  readonly role: TranscriptEntry['role'];
  readonly person: string | null;
  readonly feedback: 'up' | 'down' | null;
  readonly body: string;
}

/** The trace is written behind the rest, on a line of its own (JSON has none within): few readers of an entry want it, and it is most of it. */
export function toStored(entry: TranscriptEntry): StoredEntry {
  const { feedback, trace, ...rest } = entry;
  const body = JSON.stringify(rest);
  return {
    id: entry.id,
    role: entry.role,
    person: entry.personId ?? null,
    feedback: feedback ?? null,
    body: trace === undefined ? body : `${body}\n${JSON.stringify(trace)}`,
  };
}

/** The entry; its trace is parsed when it is first asked for. */
export function fromStored(body: string, feedback: string | null): TranscriptEntry {
  const end = body.indexOf('\n');
  const entry = JSON.parse(end < 0 ? body : body.slice(0, end)) as TranscriptEntry;
  if (end >= 0)
    Object.defineProperty(entry, 'trace', {
      enumerable: true,
      configurable: true,
      get: () => {
        const value: unknown = JSON.parse(body.slice(end + 1));
        Object.defineProperty(entry, 'trace', { enumerable: true, configurable: true, value });
        return value;
      },
    });
  return feedback === 'up' || feedback === 'down' ? Object.assign(entry, { feedback }) : entry;
}
