import type { OutboxSegment } from '../state/store.js';
import type { Receipt } from './adapter.js';
import type { DeliveryNotes, DeliveryResult } from './delivery-options.js';
import { Segment, SegmentSender, type SendContext } from './segment-sender.js';

export interface ResumeOptions extends Omit<SendContext, 'turnId' | 'covers' | 'address' | 'sessionId'> {
  /** Unsettled segments of one turn, in any order. */
  readonly segments: readonly OutboxSegment[];
  /** The notes the crashed run was given: they tell how the reply ended. */
  readonly notes: Pick<DeliveryNotes, 'interrupted' | 'stopped'>;
}

export type ResumeResult =
  /** The reply stands, sent from the outbox alone; commit it. */
  | ({ readonly outcome: 'delivered' } & Omit<DeliveryResult, 'error'>)
  /** The model had not finished: ask it again and pass `resume` to `deliver`, which edits these messages. */
  | { readonly outcome: 'regenerate'; readonly resume: readonly OutboxSegment[] };

/**
 * Takes up a turn whose process died. When every row is final the stored text is sent: rows without a receipt are looked
 * for (`findReceipt`) and else posted under their nonce, rows with one are edited once to make sure. Otherwise lost
 * receipts are looked for and handed over for a regeneration.
 *
 * The returned text is put together from the messages ({@link joinSegments}): exact but for white space at their seams.
 * @throws RapportError RAPPORT_E_DELIVERY_FAILED, RAPPORT_E_LEASE_LOST, RAPPORT_E_STORE_UNAVAILABLE as `deliver` does;
 * the outbox stays as it is.
 */
export async function resumeDelivery(options: ResumeOptions): Promise<ResumeResult> {
  const rows = [...options.segments].sort((a, b) => a.segment - b.segment);
  const first = rows[0];
  if (!first) return { outcome: 'regenerate', resume: [] };
  const { turnId, covers, address, sessionId } = first;
  const sender = new SegmentSender({ ...options, turnId, covers, address, sessionId });
  try {
    if (!rows.every((row) => row.final))
      return { outcome: 'regenerate', resume: await reconciled(sender, rows) };
    const receipts = await sendFinal(sender, rows);
    return { outcome: 'delivered', ...readBack(rows, options.notes), segments: receipts };
  } finally {
    sender.release();
  }
}

async function reconciled(sender: SegmentSender, rows: readonly OutboxSegment[]): Promise<OutboxSegment[]> {
  const found: OutboxSegment[] = [];
  for (const row of rows) {
    const segment = new Segment(row, row.segment, row);
    await sender.reconcile(segment);
    found.push({ ...row, receipt: segment.receipt });
  }
  return found;
}

async function sendFinal(
  sender: SegmentSender,
  rows: readonly OutboxSegment[],
): Promise<{ segment: number; receipt: Receipt }[]> {
  const receipts: { segment: number; receipt: Receipt }[] = [];
  const end = rows.findLast(({ text }) => text !== '');
  for (const row of rows) {
    const segment = new Segment(row, row.segment, row);
    segment.kind = row.kind;
    segment.intended = true;
    if (row.text === '') {
      await sender.empty(segment);
      continue;
    }
    await sender.settle(segment, row.text, { final: true, last: row === end }, () => row.text);
    if (segment.receipt) receipts.push({ segment: row.segment, receipt: segment.receipt });
  }
  return receipts;
}

/** What the character said and how the reply ended, from its messages in order; '' where only the platform spoke. */
export function readBack(
  rows: readonly OutboxSegment[],
  notes: ResumeOptions['notes'],
): { text: string; status: DeliveryResult['status'] } {
  const shown = rows.filter((row) => row.text !== '');
  if (shown.some((row) => row.kind === 'notice')) {
    return { text: '', status: shown.some((row) => row.text === notes.stopped) ? 'stopped' : 'interrupted' };
  }
  const text = joinSegments(shown.map((row) => row.text));
  for (const status of ['interrupted', 'stopped'] as const) {
    const note = notes[status];
    if (note !== '' && text.endsWith(note)) return { text: text.slice(0, -note.length).trimEnd(), status };
  }
  return { text, status: 'complete' };
}

const fenceSeam = /^(`{3,8})([^\n`]*)\n/;

/**
 * The text of a split reply from its messages. A fence closed at the end of one and opened again in the next is made
 * whole; a seam after a sentence becomes a paragraph break, any other a space.
 */
export function joinSegments(texts: readonly string[]): string {
  return texts.reduce((before, next) => {
    if (before === '') return next;
    const open = fenceSeam.exec(next);
    const close = open ? `\n${open[1]}` : '';
    if (open && before.endsWith(close))
      return `${before.slice(0, -close.length)}\n${next.slice(open[0].length)}`;
    return `${before}${/[\p{L}\p{N},;:]$/u.test(before) ? ' ' : '\n\n'}${next}`;
  }, '');
}
