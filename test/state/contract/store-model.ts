import { expect } from 'vitest';
import { type SessionId, type TurnId, turnId } from '../../../src/ids.js';

/** What a store promises about one session, as plainly as it can be said. */
export class StoreModel {
  /** Waiting message ids, in the order of recording. */
  inbox: string[] = [];
  /** Transcript entry ids. */
  lines: string[] = [];
  turnCount = 0;
  exists = false;
  /** Whether the running turn has an unsettled segment. */
  intended = false;
  #lease: { holder: string; fence: number; until: number } | null = null;
  #latestFence = 0;
  readonly #seenUntil = new Map<string, number>();
  readonly #recorded = new Map<string, number>();
  readonly #answered = new Map<string, number>();
  readonly #dropped = new Map<string, number>();

  readonly #session: SessionId;
  readonly #now: () => number;
  readonly #dedupeMs: number;

  constructor(session: SessionId, now: () => number, dedupeMs: number) {
    this.#session = session;
    this.#now = now;
    this.#dedupeMs = dedupeMs;
  }

  turnId(): TurnId {
    return turnId(this.#session, this.turnCount + 1);
  }

  record(id: string): 'recorded' | 'duplicate' {
    const known = (this.#seenUntil.get(id) ?? 0) > this.#now();
    if (!known) this.#seenUntil.set(id, this.#now() + this.#dedupeMs);
    if (known || this.inbox.includes(id)) return 'duplicate';
    this.inbox.push(id);
    count(this.#recorded, id);
    return 'recorded';
  }

  /** Whether the lease is granted; `fence` is what the store gave. */
  acquire(holder: string, ttlMs: number, fence: number | null): boolean {
    const held = this.#lease;
    if (held && held.holder !== holder && held.until > this.#now()) return false;
    if (fence !== null) {
      expect(fence).toBeGreaterThan(this.#latestFence);
      this.#latestFence = fence;
      this.#lease = { holder, fence, until: this.#now() + ttlMs };
    }
    return true;
  }

  holds(fence: number): boolean {
    return this.#lease?.fence === fence;
  }

  renew(ttlMs: number): void {
    if (this.#lease) this.#lease.until = this.#now() + ttlMs;
  }

  release(): void {
    this.#lease = null;
  }

  releaseIfEmpty(fence: number): 'released' | 'kept' | 'lost' {
    if (!this.holds(fence)) return 'lost';
    if (this.inbox.length > 0) return 'kept';
    this.#lease = null;
    return 'released';
  }

  commit(taken: readonly string[]): void {
    this.inbox = this.inbox.filter((id) => !taken.includes(id));
    for (const id of taken) count(this.#answered, id);
    this.lines.push(...taken.map((id) => `${id}@${this.turnCount}`));
    this.turnCount += 1;
    this.exists = true;
    this.intended = false;
  }

  remove(): boolean {
    const found = this.exists || this.inbox.length > 0;
    for (const id of this.inbox) count(this.#dropped, id);
    this.inbox = [];
    this.lines = [];
    this.turnCount = 0;
    this.exists = false;
    this.intended = false;
    this.#lease = null;
    return found;
  }

  /** Every record was answered once, waits, or went with a removed session. */
  checkNothingTwice(): void {
    for (const [id, times] of this.#recorded) {
      const waiting = this.inbox.includes(id) ? 1 : 0;
      expect((this.#answered.get(id) ?? 0) + (this.#dropped.get(id) ?? 0) + waiting).toBe(times);
    }
  }
}

function count(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}
