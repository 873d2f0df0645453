import type { TurnId } from '../../src/ids.js';
import type { Lease, OutboxSegment, Store } from '../../src/state/store.js';

/** One write of the outbox, in order. */
export type OutboxWrite =
  | { readonly what: 'intend'; readonly segment: number; readonly text: string; readonly final: boolean }
  | { readonly what: 'receipt'; readonly segment: number; readonly id: string };

/** The outbox part of a store, in memory. It survives the "process" that writes to it. */
export class OutboxDouble implements Pick<Store, 'outbox'> {
  readonly rows = new Map<string, OutboxSegment>();
  readonly writes: OutboxWrite[] = [];
  /** Called before (`false`) and after (`true`) each write takes effect. */
  gate: (what: OutboxWrite['what'], after: boolean) => Promise<void> = async () => undefined;

  readonly outbox: Store['outbox'] = {
    intend: async (_lease: Lease, segment: OutboxSegment): Promise<void> => {
      await this.gate('intend', false);
      const key = `${segment.turnId}/${segment.segment}`;
      this.rows.set(key, { ...segment, receipt: this.rows.get(key)?.receipt ?? segment.receipt });
      this.writes.push({
        what: 'intend',
        segment: segment.segment,
        text: segment.text,
        final: segment.final,
      });
      await this.gate('intend', true);
    },
    receipt: async (turn: TurnId, segment, receipt): Promise<void> => {
      await this.gate('receipt', false);
      const key = `${turn}/${segment}`;
      const row = this.rows.get(key);
      if (!row) throw new Error(`a receipt for ${key}, which was never intended`);
      this.rows.set(key, { ...row, receipt });
      this.writes.push({ what: 'receipt', segment, id: receipt.platformMessageId });
      await this.gate('receipt', true);
    },
    pending: async () => this.pending,
  };

  get pending(): OutboxSegment[] {
    return [...this.rows.values()].sort((a, b) => a.segment - b.segment);
  }
}
