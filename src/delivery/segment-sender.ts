import { RapportError } from '../../config/errors.js';
import type { Clock } from '../clock.js';
import type { MessageId, TurnId } from '../ids.js';
import type { Lease, OutboxSegment, Store } from '../state/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { OutgoingMessage, PlatformAdapter, Receipt, ReplyAddress } from './adapter.js';
import { nonceOf } from './nonce.js';
import type { RateBucket, RateBuckets } from './rate-bucket.js';
import { backoffMs, isRefusal, type Refusal, readRefusal } from './refusal.js';

/** What sending the messages of one turn needs. */
export interface SendContext {
  readonly adapter: PlatformAdapter;
  readonly address: ReplyAddress;
  readonly speaker: OutgoingMessage['speaker'];
  /** Goes with the last message of the reply. */
  readonly offer?: OutgoingMessage['offer'];
  readonly sessionId: OutboxSegment['sessionId'];
  readonly turnId: TurnId;
  /** The messages the reply answers. */
  readonly covers: readonly MessageId[];
  readonly lease: Lease;
  readonly store: Pick<Store, 'outbox'>;
  readonly clock: Clock;
  readonly buckets: RateBuckets;
  readonly logger: Logger;
  /** Gives up at once and rejects with its reason (lease lost, shutdown); the outbox stays for a resume. */
  readonly abandon?: AbortSignal;
}

/** What an old message of a crashed run shows once the new reply no longer needs it. */
export const emptiedText = '—';
/** Tries of one message before the delivery is given up: waits of 0.5, 1, 2, 4 and 8 s between them. */
export const maxTries = 6;
/** Fresh messages in place of deleted ones, for one segment. */
const maxGenerations = 4;
/** A text that the platform's pace held back is tried again after so long, ms. */
const heldBackMs = 250;

/** What is known of one message of the reply. */
export class Segment {
  readonly index: number;
  kind: 'reply' | 'notice' = 'reply';
  nonce: string;
  generation = 0;
  receipt: Receipt | null = null;
  /** The receipt may belong to an earlier nonce than the one noted (a crash while replacing a deleted message). */
  receiptUnsure = false;
  /** A post under this nonce may have been accepted without our knowing. */
  uncertain = false;
  /** The text the platform shows for sure; null when unknown. */
  shown: string | null = null;
  /** The message has been sent with `final: true`. */
  closed = false;
  /** It has been sent with `last: true`. */
  last = false;
  /** An intent with this nonce is in the outbox. */
  intended = false;
  /** `elapsed` of the last post or edit. */
  lastIoAt = Number.NEGATIVE_INFINITY;
  /** `elapsed` since when the platform counts the message's age. */
  ageFrom = 0;
  /** `elapsed` before which the platform's pace was found to allow nothing that is not final. */
  notBefore = Number.NEGATIVE_INFINITY;
  /** Tries that failed since the last success. */
  failures = 0;
  /** `elapsed` before which nothing is tried. */
  retryAt = Number.NEGATIVE_INFINITY;

  constructor(turn: Pick<SendContext, 'turnId' | 'covers'>, index: number, stored?: OutboxSegment) {
    const {
      turnId,
      covers: [asked],
    } = stored ?? turn;
    this.index = index;
    this.nonce = stored?.nonce ?? nonceOf(turnId, asked, index);
    if (!stored) return;
    for (let g = 1; g <= maxGenerations; g += 1)
      if (nonceOf(turnId, asked, index, g) === stored.nonce) this.generation = g;
    this.receipt = stored.receipt;
    this.receiptUnsure = this.generation > 0;
    this.uncertain = stored.receipt === null;
  }
}

/** Durable sends: intent before a message's first post, receipt after it, reconciliation in between. */
export class SegmentSender {
  readonly #context: SendContext;
  #holdsToken = false;

  constructor(context: SendContext) {
    this.#context = context;
  }

  get #bucket(): RateBucket {
    return this.#context.buckets.of(this.#context.address, this.#context.adapter.capabilities.rate);
  }

  /** Takes a token of the channel unless one is held already. */
  async reserve(): Promise<void> {
    if (this.#holdsToken) return;
    await this.#bucket.take(this.#context.abandon);
    this.#holdsToken = true;
  }

  /** Gives back a token that is held and not needed. */
  release(): void {
    if (this.#holdsToken) this.#bucket.refund();
    this.#holdsToken = false;
  }

  /** Writes the segment down. */
  async intend(segment: Segment, text: string, final: boolean): Promise<void> {
    const { turnId, sessionId, address, covers, lease, store } = this.#context;
    segment.intended = true;
    await store.outbox.intend(lease, {
      turnId,
      segment: segment.index,
      sessionId,
      kind: segment.kind,
      address,
      nonce: segment.nonce,
      text,
      final,
      covers,
      receipt: segment.receipt,
    });
  }

  /** Earliest `elapsed` at which the segment may be sent: edit interval, backoff, the platform's pace. */
  earliest(segment: Segment): number {
    const interval = segment.receipt ? this.#context.adapter.capabilities.minEditIntervalMs : 0;
    return Math.max(segment.retryAt, segment.notBefore, segment.lastIoAt + interval);
  }

  /** Whether a text that is not final may be shown now; where not, the segment is asked for again after a while. */
  mayShow(segment: Segment): boolean {
    const { adapter, address, clock } = this.#context;
    const { receipt } = segment;
    const allowed = receipt ? adapter.allowsEdit?.(address, receipt) : adapter.allowsPost?.(address);
    if (allowed ?? true) return true;
    segment.notBefore = clock.elapsed() + Math.max(heldBackMs, adapter.capabilities.minEditIntervalMs);
    return false;
  }

  /**
   * One post or edit, with a token that {@link reserve} took. A segment whose earlier post is uncertain is looked for
   * first. Null when the platform accepted; `segment.shown` then says whether this very text is known to stand there.
   * @throws whatever the store throws; never what the adapter throws.
   */
  async attempt(
    segment: Segment,
    text: string,
    { final, last }: Pick<OutgoingMessage, 'final' | 'last'>,
  ): Promise<Refusal | null> {
    const { adapter, address, clock } = this.#context;
    this.#holdsToken = false;
    segment.lastIoAt = clock.elapsed();
    const message = this.#message(segment, text, { final, last });
    let receipt = segment.receipt;
    try {
      if (receipt) {
        await adapter.edit(address, receipt, message);
        segment.shown = text;
      } else {
        const found = await this.#lookFor(segment);
        receipt = found ?? (await adapter.post(address, message, segment.nonce));
        segment.shown = found || segment.uncertain ? null : text;
      }
    } catch (thrown) {
      return this.#refused(segment, readRefusal(thrown));
    }
    segment.failures = 0;
    segment.retryAt = Number.NEGATIVE_INFINITY;
    segment.closed = final && segment.shown !== null;
    segment.last = last && segment.closed;
    if (!segment.receipt) await this.#accepted(segment, receipt);
    return null;
  }

  /**
   * Makes sure that the segment shows `text`, with as many tries as allowed.
   * @param final whether `text` is known to be the segment's last (for the outbox); what is sent is always final.
   * @param last whether the reply ends with it.
   * @param onGone called when the message cannot be edited any more and is replaced by a fresh one: returns what the
   * fresh one is to say, or null when nothing is left to say.
   * @throws RapportError RAPPORT_E_DELIVERY_FAILED when the platform refuses for good; the outbox keeps the segment.
   */
  async settle(
    segment: Segment,
    text: string,
    { final, last }: Pick<OutgoingMessage, 'final' | 'last'>,
    onGone: () => string | null,
  ): Promise<void> {
    let wanted = text;
    segment.failures = 0;
    segment.notBefore = Number.NEGATIVE_INFINITY;
    if (!segment.intended) await this.intend(segment, wanted, final);
    while (!this.#stands(segment, wanted, last)) {
      await this.#pauseUntil(this.earliest(segment));
      await this.reserve();
      const refusal = await this.attempt(segment, wanted, { final: true, last });
      this.#context.abandon?.throwIfAborted();
      if (!refusal) continue;
      if (refusal.permanent && segment.receipt) {
        const fresh = onGone();
        if (fresh === null) return;
        wanted = fresh;
        this.renew(segment, refusal);
        await this.intend(segment, wanted, final);
      } else this.giveUpIfHopeless(segment, refusal);
    }
  }

  /** Looks for a message whose receipt was lost in a crash; the receipt is stored when it is found. */
  async reconcile(segment: Segment): Promise<void> {
    if (segment.receipt || !segment.uncertain || !this.#context.adapter.findReceipt) return;
    for (;;) {
      await this.#pauseUntil(segment.retryAt);
      const found = await this.#lookFor(segment).catch((thrown: unknown) => {
        this.giveUpIfHopeless(segment, this.#refused(segment, readRefusal(thrown)));
        return 'unknown' as const;
      });
      if (found === 'unknown') continue;
      segment.failures = 0;
      if (found) await this.#accepted(segment, found);
      return;
    }
  }

  /**
   * Empties a message of a crashed run that the reply no longer needs: {@link emptiedText} where edits are possible,
   * else it stays. Where the platform refuses, the old text stays too; the reply itself stands, so this is no failure.
   */
  async empty(segment: Segment): Promise<void> {
    if (!this.#context.adapter.capabilities.canEdit) return;
    try {
      await this.reconcile(segment);
      if (segment.receipt) await this.settle(segment, emptiedText, { final: true, last: false }, () => null);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
    }
  }

  /** Says of a message that stands already that the reply ended with it. Where the platform refuses, it stays as it is. */
  async markLast(segment: Segment | undefined): Promise<void> {
    if (!segment?.receipt || segment.shown === null) return;
    try {
      await this.settle(segment, segment.shown, { final: true, last: true }, () => null);
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
    }
  }

  /** Prepares a fresh message in place of one that cannot be edited. @throws RapportError RAPPORT_E_DELIVERY_FAILED after too many. */
  renew(segment: Segment, refusal: Refusal): void {
    segment.receipt = null;
    segment.shown = null;
    segment.closed = false;
    segment.last = false;
    segment.intended = false;
    segment.failures = 0;
    segment.retryAt = Number.NEGATIVE_INFINITY;
    if (segment.receiptUnsure) {
      segment.receiptUnsure = false;
      segment.uncertain = true;
      return;
    }
    segment.generation += 1;
    if (segment.generation > maxGenerations) throw this.#failure(refusal);
    const { turnId, covers } = this.#context;
    segment.nonce = nonceOf(turnId, covers[0], segment.index, segment.generation);
    segment.uncertain = false;
  }

  /** @throws RapportError RAPPORT_E_DELIVERY_FAILED when the refusal is permanent or the tries are used up. */
  giveUpIfHopeless(segment: Segment, refusal: Refusal): void {
    if (refusal.permanent || segment.failures >= maxTries) throw this.#failure(refusal);
  }

  /** The message an uncertain post may have left; a look without a find makes the segment certain again. */
  async #lookFor(segment: Segment): Promise<Receipt | null> {
    const { adapter, address } = this.#context;
    if (!segment.uncertain || !adapter.findReceipt) return null;
    const found = await adapter.findReceipt(address, segment.nonce);
    if (!found) segment.uncertain = false;
    return found;
  }

  #stands(segment: Segment, text: string, last: boolean): boolean {
    if (!segment.receipt) return false;
    if (!this.#context.adapter.capabilities.canEdit) return true;
    return segment.closed && segment.shown === text && (segment.last || !last);
  }

  #message(segment: Segment, text: string, ending: Pick<OutgoingMessage, 'final' | 'last'>): OutgoingMessage {
    const { speaker, turnId, sessionId, offer } = this.#context;
    const withOffer = ending.last && offer !== undefined && { offer };
    return { text, speaker, kind: segment.kind, ...ending, ...withOffer, turnId, sessionId };
  }

  async #accepted(segment: Segment, receipt: Receipt): Promise<void> {
    segment.receipt = receipt;
    segment.receiptUnsure = false;
    segment.uncertain = false;
    segment.ageFrom = segment.lastIoAt;
    await this.#context.store.outbox.receipt(this.#context.turnId, segment.index, receipt);
  }

  #refused(segment: Segment, refusal: Refusal): Refusal {
    const { adapter, clock, logger } = this.#context;
    segment.failures += 1;
    segment.retryAt = clock.elapsed() + backoffMs(segment.failures, refusal.retryAfterMs);
    if (refusal.retryAfterMs > 0) this.#bucket.pause(refusal.retryAfterMs);
    const lookAgain =
      refusal.ambiguous || (!adapter.capabilities.idempotentSend && adapter.findReceipt !== undefined);
    if (!segment.receipt && lookAgain && !refusal.permanent) segment.uncertain = true;
    logger.warn(
      { turnId: this.#context.turnId, segment: segment.index, failures: segment.failures, ...refusal },
      'the platform did not accept a message',
    );
    return refusal;
  }

  async #pauseUntil(at: number): Promise<void> {
    const { clock, abandon } = this.#context;
    abandon?.throwIfAborted();
    const wait = at - clock.elapsed();
    if (wait > 0) await clock.sleep(wait, abandon);
  }

  #failure(refusal: Refusal): RapportError {
    return new RapportError('RAPPORT_E_DELIVERY_FAILED', {
      platform: this.#context.adapter.name,
      reason: refusal.reason,
      ...(refusal.permanent && { permanent: true }),
      ...(refusal.ambiguous && { ambiguous: true }),
    });
  }
}
