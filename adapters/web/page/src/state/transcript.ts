import type { CharacterCard, Entry, LiveMessage, WaitingMessage } from '../api/types.js';

/** What a person wrote and the server has not shown back yet. */
export interface Outgoing {
  /** Made here and kept over every try, so that the server can drop doubles. */
  readonly id: string;
  readonly text: string;
  readonly at: number;
  readonly state: 'sending' | 'waiting' | 'failed' | 'recorded';
  readonly problem?: {
    readonly text: string;
    readonly cure: string;
    /** The same message can never pass: there is nothing to send again. */
    readonly hopeless?: boolean;
  };
}

/** A reply that is being delivered, with the time it was first seen here (ms since the epoch). */
export interface LiveReply extends LiveMessage {
  readonly since: number;
}

/** Puts entries into a transcript: known ids are replaced in place, new ones are appended in order. */
export function mergeEntries(known: readonly Entry[], incoming: readonly Entry[]): Entry[] {
  const byId = new Map(incoming.map((entry) => [entry.id, entry]));
  const merged = known.map((entry) => {
    const newer = byId.get(entry.id);
    byId.delete(entry.id);
    return newer ?? entry;
  });
  return [...merged, ...byId.values()];
}

/**
 * Replaces the newest part of a transcript by the server's page of it. Lines older than the page stay if they are
 * known to come before it; everything else is the server's to say (a regenerated reply disappears this way).
 */
export function replaceNewest(known: readonly Entry[], page: readonly Entry[]): Entry[] {
  const first = page[0];
  if (first === undefined) return [];
  const at = known.findIndex((entry) => entry.id === first.id);
  return at === -1 ? [...page] : [...known.slice(0, at), ...page];
}

/** Live messages whose turn is not committed yet. */
export function withoutCommitted(live: readonly LiveReply[], committed: readonly Entry[]): LiveReply[] {
  const turns = new Set(committed.filter((entry) => entry.role !== 'seeker').map((entry) => entry.turnId));
  return live.filter((message) => !turns.has(message.turnId));
}

/** Replaces the text of a live message, or adds it. */
export function putLive(live: readonly LiveReply[], message: LiveMessage, now: number): LiveReply[] {
  const known = live.find((other) => other.messageId === message.messageId);
  if (known === undefined) return [...live, { ...message, since: now }];
  return live.map((other) => (other === known ? { ...message, since: known.since } : other));
}

/** What the server has on record and this tab does not show as its own: written in another tab, or before a reload. */
export function waitingElsewhere(
  waiting: readonly WaitingMessage[],
  outgoing: readonly Outgoing[],
): WaitingMessage[] {
  return waiting.filter(({ id }) => !outgoing.some((message) => message.id === id));
}

/** Outgoing messages that the transcript does not show yet. */
export function withoutShown<T extends { readonly id: string }>(
  outgoing: readonly T[],
  entries: readonly Entry[],
): T[] {
  const own = entries.filter((entry) => entry.role === 'seeker').map((entry) => entry.id);
  return outgoing.filter(({ id }) => !own.some((known) => known === id || known.endsWith(id)));
}

/** The face beside a line: the character's own, or the bare name of somebody who spoke here before. */
export function faceOf(speaker: string, character: CharacterCard): { name: string; avatar?: string } {
  const { name, shortName, avatar } = character;
  return speaker === name || speaker === shortName ? { name, avatar } : { name: speaker };
}
