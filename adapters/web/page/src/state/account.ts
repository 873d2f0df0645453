import { signal } from '@preact/signals';
import { api } from '../api/calls.js';
import type { Hello, Match, Persona, SessionSummary } from '../api/types.js';
import { complain } from './toasts.js';

/** The server's greeting: what runs, who speaks, what is known about the person. */
export const hello = signal<Hello | null>(null);
/** Newest conversations for the side bar. */
export const recent = signal<readonly SessionSummary[]>([]);
/** The last matches; null before the first. */
export const matches = signal<readonly Match[] | null>(null);
/** Where there is help, said by the platform beside them; '' where nothing called for it. */
export const matchNotice = signal('');

const recentCount = 8;

export const emptyPersona: Persona = { facts: [] };

export function persona(): Persona {
  return hello.value?.person.persona ?? emptyPersona;
}

export function setPersona(next: Persona): void {
  const known = hello.value;
  if (known !== null) hello.value = { ...known, person: { ...known.person, persona: next } };
}

export function setPaused(paused: boolean): void {
  const known = hello.value;
  if (known !== null) hello.value = { ...known, person: { ...known.person, paused } };
}

export async function refreshRecent(): Promise<void> {
  try {
    recent.value = (await api.sessions(recentCount, 0)).sessions;
  } catch (error) {
    complain(error);
  }
}

/** Stores what the person wrote and finds who fits. */
export async function findMatches(next: Persona): Promise<readonly Match[]> {
  const { matches: found, notice = '' } = await api.match(next);
  matchNotice.value = notice;
  setPersona(next);
  matches.value = found;
  return found;
}
