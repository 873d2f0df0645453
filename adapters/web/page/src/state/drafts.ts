import type { Outgoing } from './transcript.js';

const draftKey = (session: string): string => `rapport.draft.${session}`;
const outgoingKey = (session: string): string => `rapport.outgoing.${session}`;

/** What was typed and not sent yet; kept for this browser tab. */
export function loadDraft(session: string): string {
  return sessionStorage.getItem(draftKey(session)) ?? '';
}

export function saveDraft(session: string, text: string): void {
  if (text === '') sessionStorage.removeItem(draftKey(session));
  else sessionStorage.setItem(draftKey(session), text);
}

/** Messages that were sent but not recorded by the server; they outlive a reload and a closed browser. */
export function loadOutgoing(session: string): Outgoing[] {
  const stored = localStorage.getItem(outgoingKey(session));
  if (stored === null) return [];
  try {
    return JSON.parse(stored) as Outgoing[];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

export function saveOutgoing(session: string, outgoing: readonly Outgoing[]): void {
  const unsent = outgoing.filter(({ state }) => state !== 'recorded');
  if (unsent.length === 0) localStorage.removeItem(outgoingKey(session));
  else localStorage.setItem(outgoingKey(session), JSON.stringify(unsent));
}

/** Forgets whatever this browser kept of the conversations. */
export function forgetLocal(): void {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) {
      if (key.startsWith('rapport.draft.') || key.startsWith('rapport.outgoing.')) storage.removeItem(key);
    }
  }
}
