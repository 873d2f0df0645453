import { batch, signal } from '@preact/signals';
import { api } from '../api/calls.js';
import { listen } from '../api/events.js';
import type { ApiError } from '../api/request.js';
import type {
  Entry,
  LiveMessage,
  Problem,
  Session,
  SessionEvents,
  SessionPage,
  Steering,
  WaitingMessage,
} from '../api/types.js';
import { refreshRecent } from './account.js';
import { go } from './location.js';
import { loadDraft, newId, Outbox, saveDraft } from './outbox.js';
import { hrefs } from './route.js';
import { attempt, complain } from './toasts.js';
import {
  type LiveReply,
  mergeEntries,
  type Outgoing,
  putLive,
  replaceNewest,
  withoutCommitted,
  withoutShown,
} from './transcript.js';

/** How often a page looks again while something waits that this process is not answering. */
const lookAgainMs = 3_000;

/** One open conversation: what the server says about it, live, and what the person does in it. */
export class Conversation {
  readonly session = signal<Session | null>(null);
  readonly entries = signal<readonly Entry[]>([]);
  readonly live = signal<readonly LiveReply[]>([]);
  /** Recorded and not answered yet, as the server says. */
  readonly waiting = signal<readonly WaitingMessage[]>([]);
  readonly before = signal<number | null>(null);
  readonly answering = signal(false);
  readonly connected = signal(true);
  readonly draft = signal('');
  /** Why the last turn gave no reply. */
  readonly problem = signal<Problem | null>(null);
  /** The conversation cannot be opened. */
  readonly gone = signal<ApiError | null>(null);
  /** The last finished reply, for screen readers. */
  readonly announced = signal('');
  /** The turn that is being answered anew; its old reply is dimmed. */
  readonly redoing = signal<string | null>(null);
  readonly outbox: Outbox;
  #close: (() => void) | null = null;
  #looking: ReturnType<typeof setInterval> | undefined;
  /** Whether no news of a turn came since something was asked for; the news may overtake the answer to the request. */
  #awaiting = false;

  constructor(readonly id: string) {
    this.draft.value = loadDraft(id);
    this.outbox = new Outbox(id, {
      sending: this.#awaitTurn,
      recorded: this.#expectTurn,
      refused: this.#onRefused,
    });
  }

  open(): void {
    this.#close = listen(this.id, {
      opened: () => {
        this.connected.value = true;
        void this.refresh();
        this.outbox.flush();
      },
      lost: () => {
        this.connected.value = false;
      },
      gone: (error) => {
        this.gone.value = error;
      },
      on: {
        turn: this.#onTurn,
        message: this.#onMessage,
        entries: this.#onEntries,
        session: this.#onSession,
        waiting: this.#onWaiting,
      },
    });
    this.outbox.start();
    this.#looking = setInterval(this.#lookAgain, lookAgainMs);
    document.addEventListener('visibilitychange', this.#onVisible);
  }

  close(): void {
    this.#close?.();
    this.outbox.stop();
    clearInterval(this.#looking);
    document.removeEventListener('visibilitychange', this.#onVisible);
  }

  /** What was not taken goes back to where it was written; help for somebody in danger is shown all the same. */
  readonly #onRefused = ({ id, text }: Outgoing, notice: string | undefined): void => {
    this.write(this.draft.value === '' ? text : `${text}\n${this.draft.value}`);
    if (notice === undefined) return;
    const line = { id: `refused:${id}`, turnId: `refused:${id}`, role: 'notice', speakerName: '' } as const;
    const shown: Entry = {
      ...line,
      text: notice,
      action: 'speaking',
      at: Date.now(),
      status: 'complete',
      hasTrace: false,
    };
    this.entries.value = mergeEntries(this.entries.value, [shown]);
  };

  /** Fetches the newest page, so that nothing is missed after a break. */
  async refresh(): Promise<void> {
    try {
      this.#show(await api.session(this.id));
    } catch (error) {
      complain(error);
    }
  }

  write(text: string): void {
    this.draft.value = text;
    saveDraft(this.id, text);
  }

  send(): void {
    const text = this.draft.value.trim();
    if (text === '') return;
    this.outbox.add(text);
    this.write('');
  }

  /** Takes a message that was not sent back into the draft. */
  unsend(id: string): void {
    const message = this.outbox.messages.value.find((other) => other.id === id);
    if (message === undefined) return;
    this.outbox.keep((other) => other.id !== id);
    this.write([message.text, this.draft.value].filter((part) => part !== '').join('\n'));
  }

  async stop(): Promise<void> {
    await attempt(() => api.stop(this.id));
  }

  async regenerate(turnId: string | null): Promise<void> {
    this.#awaitTurn();
    this.redoing.value = turnId;
    const accepted = await attempt(() => api.regenerate(this.id, newId()));
    if (accepted) this.#expectTurn();
    else this.redoing.value = null;
  }

  async loadOlder(): Promise<void> {
    const before = this.before.value;
    if (before === null) return;
    await attempt(async () => {
      const page = await api.olderEntries(this.id, before);
      batch(() => {
        const known = new Set(this.entries.value.map(({ id }) => id));
        this.entries.value = [...page.entries.filter(({ id }) => !known.has(id)), ...this.entries.value];
        this.before.value = page.before;
      });
    });
  }

  async steer(steering: Steering): Promise<void> {
    await attempt(async () => this.#onSession(await api.steer(this.id, steering)));
  }

  async answerOffer(accept: boolean): Promise<void> {
    await attempt(async () => {
      const { session } = await api.answerOffer(this.id, accept);
      if (session.id === this.id) this.#onSession({ session });
      else go(hrefs.chat(session.id));
    });
    if (accept) void refreshRecent();
  }

  async rate(entry: Entry, feedback: 'up' | 'down' | null): Promise<boolean> {
    return attempt(async () => {
      await api.feedback(this.id, entry.id, feedback);
      this.entries.value = this.entries.value.map((other) =>
        other.id === entry.id ? { ...other, feedback } : other,
      );
    });
  }

  #show(page: SessionPage): void {
    batch(() => {
      const entries = replaceNewest(this.entries.value, page.entries);
      if (entries.length === page.entries.length) this.before.value = page.before;
      this.session.value = page.session;
      this.entries.value = entries;
      this.answering.value = page.answering;
      this.live.value = page.answering ? withoutCommitted(this.live.value, entries) : [];
      if (!page.answering) this.redoing.value = null;
      this.waiting.value = page.waiting;
      this.#dropShown();
    });
  }

  readonly #awaitTurn = (): void => {
    this.problem.value = null;
    this.#awaiting = true;
  };

  readonly #expectTurn = (): void => {
    if (this.#awaiting) this.answering.value = true;
  };

  readonly #onTurn = (event: SessionEvents['turn']): void => {
    this.#awaiting = false;
    if (event.state === 'started') {
      this.answering.value = true;
      this.problem.value = null;
      return;
    }
    batch(() => {
      this.answering.value = false;
      this.problem.value = event.error ?? null;
    });
    void this.refresh();
    void refreshRecent();
  };

  readonly #onMessage = (message: LiveMessage): void => {
    const committed = this.entries.value.some(
      ({ turnId, role }) => turnId === message.turnId && role !== 'seeker',
    );
    if (committed && this.redoing.value !== message.turnId) return;
    this.live.value = putLive(this.live.value, message, Date.now());
    if (message.final) this.announced.value = `${message.speaker.name}: ${message.text}`;
  };

  readonly #onEntries = ({ entries, removed = [] }: SessionEvents['entries']): void => {
    batch(() => {
      const kept = this.entries.value.filter(({ id }) => !removed.includes(id));
      this.entries.value = mergeEntries(kept, entries);
      this.live.value = withoutCommitted(this.live.value, entries);
      this.#dropShown();
    });
  };

  readonly #onSession = ({ session }: SessionEvents['session']): void => {
    this.session.value = session;
  };

  readonly #onWaiting = ({ waiting }: SessionEvents['waiting']): void => {
    batch(() => {
      this.waiting.value = waiting;
      this.#dropShown();
    });
  };

  /** Another process may be answering, or take over from one that died: its news do not come here. */
  readonly #lookAgain = (): void => {
    if (this.waiting.value.length > 0 && !this.answering.value) void this.refresh();
  };

  readonly #onVisible = (): void => {
    if (document.visibilityState === 'visible') void this.refresh();
  };

  #dropShown(): void {
    const shown = new Set(withoutShown(this.outbox.messages.value, this.entries.value).map(({ id }) => id));
    this.outbox.keep(({ id }) => shown.has(id));
    this.waiting.value = withoutShown(this.waiting.value, this.entries.value);
  }
}
