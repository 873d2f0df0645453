import type { SessionId } from '../src/ids.js';
import type { TranscriptEntry } from '../src/state/session.js';
import type { StoredTexts } from './stored-texts.js';

/** An entry as it is written down: its feedback lies beside the text, because it changes on its own. */
export interface StoredEntry {
  readonly id: string;
  readonly role: TranscriptEntry['role'];
  readonly person: string | null;
  readonly feedback: 'up' | 'down' | null;
  readonly body: string;
}

/** The trace is written behind the rest, on a line of its own (JSON has none within): few readers of an entry want it, and it is most of it. */
export function toStored(entry: TranscriptEntry, session: SessionId, texts: StoredTexts): StoredEntry {
  const { feedback, trace, ...rest } = entry;
  const lines = [rest, ...(trace === undefined ? [] : [trace])].map((part) => JSON.stringify(part));
  return {
    id: entry.id,
    role: entry.role,
    person: entry.personId ?? null,
    feedback: feedback ?? null,
    body: texts.seal(lines.join('\n'), 'entry', session),
  };
}

/** The entry; its trace is parsed when it is first asked for. */
export function fromStored(
  stored: string,
  feedback: string | null,
  session: SessionId,
  texts: StoredTexts,
): TranscriptEntry {
  const body = texts.open(stored, 'entry', session);
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
