import { signal } from '@preact/signals';
import { api } from '../api/calls.js';
import { ApiError } from '../api/request.js';
import { explain } from './toasts.js';
import type { Outgoing } from './transcript.js';

const firstWaitMs = 1_000;
const longestWaitMs = 20_000;

/** What the outbox reports about a message it sent. */
export interface OutboxEvents {
  /** A message is about to be sent. */
  readonly sending: () => void;
  readonly recorded: () => void;
  /** It was not taken (the person is paused): nothing was recorded, the text goes back to the draft. */
  readonly refused: (message: Outgoing, notice: string | undefined) => void;
}

/** Sends a person's messages one after the other, in order, and tries again with the same id while the server is away. */
export class Outbox {
  readonly messages = signal<readonly Outgoing[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = firstWaitMs;
  #working = false;
  #stopped = false;

  readonly #sessionId: string;
  readonly #events: OutboxEvents;

  constructor(sessionId: string, events: OutboxEvents) {
    this.#sessionId = sessionId;
    this.#events = events;
    this.messages.value = loadOutgoing(sessionId);
  }

  start(): void {
    this.#stopped = false;
    addEventListener('online', this.flush);
    this.flush();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    removeEventListener('online', this.flush);
  }

  add(text: string): void {
    this.#set([...this.messages.value, { id: newId(), text, at: Date.now(), state: 'sending' }]);
    this.flush();
  }

  retry(id: string): void {
    this.#update(id, { state: 'sending' });
    this.flush();
  }

  /** Takes a message out, e.g. because it is edited again or shown by the transcript now. */
  keep(predicate: (message: Outgoing) => boolean): void {
    const kept = this.messages.value.filter(predicate);
    if (kept.length !== this.messages.value.length) this.#set(kept);
  }

  /** Sends whatever waits; called on new messages, when online again and when the event stream is back. */
  readonly flush = (): void => {
    clearTimeout(this.#timer);
    if (!this.#working) void this.#work();
  };

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (let next = this.#next(); next !== undefined && !this.#stopped; next = this.#next()) {
        if (!(await this.#send(next))) break;
      }
    } finally {
      this.#working = false;
    }
  }

  #next(): Outgoing | undefined {
    return this.messages.value.find(({ state }) => state === 'sending' || state === 'waiting');
  }

  /** Whether the next message may be sent. */
  async #send(message: Outgoing): Promise<boolean> {
    this.#events.sending();
    try {
      const { status, notice } = await api.sendMessage(this.#sessionId, {
        id: message.id,
        text: message.text,
      });
      this.#wait = firstWaitMs;
      if (status === 'paused' || status === 'refused') {
        this.keep(({ id }) => id !== message.id);
        this.#events.refused(message, notice);
      } else {
        this.#update(message.id, { state: 'recorded' });
        this.#events.recorded();
      }
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.retryable) {
        this.#update(message.id, { state: 'waiting' });
        if (!this.#stopped) this.#timer = setTimeout(this.flush, this.#wait);
        this.#wait = Math.min(this.#wait * 2, longestWaitMs);
        return false;
      }
      const hopeless = error instanceof ApiError && !error.mayPass;
      this.#update(message.id, { state: 'failed', problem: { ...explain(error), hopeless } });
      return true;
    }
  }

  #update(id: string, change: Pick<Outgoing, 'state' | 'problem'>): void {
    this.#set(
      this.messages.value.map((message) => {
        if (message.id !== id) return message;
        const { problem: _old, ...rest } = message;
        return { ...rest, ...change };
      }),
    );
  }

  #set(messages: readonly Outgoing[]): void {
    this.messages.value = messages;
    saveOutgoing(this.#sessionId, messages);
  }
}

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
function loadOutgoing(session: string): Outgoing[] {
  const stored = localStorage.getItem(outgoingKey(session));
  if (stored === null) return [];
  try {
    return JSON.parse(stored) as Outgoing[];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function saveOutgoing(session: string, outgoing: readonly Outgoing[]): void {
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

/** A random UUID (version 4); `crypto.randomUUID` is missing on plain-http addresses other than loopback. */
export function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
