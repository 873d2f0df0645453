import { kindOf, RapportError, reasonOf } from '../../config/errors.js';
import type { Clock } from '../clock.js';
import type { OutboxSegment } from '../state/store.js';
import type { DeliverOptions, DeliveryLimits, DeliveryNotes, DeliveryResult } from './delivery-options.js';
import { closeLine } from './fence.js';
import { isRefusal, type Refusal } from './refusal.js';
import { Segment, SegmentSender } from './segment-sender.js';
import { MessageSplitter, remainderOf, type SplitRules } from './split.js';
import { showTyping } from './typing.js';

/** Lets one loop sleep until something changes or a time has come. A timer exists only during a timed wait. */
class ChangeSignal {
  readonly #clock: Clock;
  #wakeUp: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the wait in progress, if there is one. */
  notify(): void {
    this.#wakeUp?.();
  }

  /** @param ms how long at most; Infinity waits for {@link notify} alone. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms < Number.POSITIVE_INFINITY ? new AbortController() : null;
      const wake = (): void => {
        if (this.#wakeUp !== wake) return;
        this.#wakeUp = null;
        timer?.abort();
        resolve();
      };
      this.#wakeUp = wake;
      if (timer) this.#clock.sleep(ms, timer.signal).then(wake, wake);
    });
  }
}

const defaultFlushChars = 280;
const streaming = { final: false, last: false };
/** A message is left for a new one after this share of the platform's `messageMaxAgeMs`. */
const ageShare = 0.8;

/**
 * Streams a reply to a platform as its capabilities allow: the first delta is posted at once, later text by edits
 * (time and size flush, one call in flight, newest text wins), a new message at the length or age limit, the exact
 * final text written to the outbox before the last call. On a platform without edits whole messages are posted when
 * they are full or the reply has ended; after a crash such messages stay as they are and the new reply follows them.
 *
 * The outbox holds one row a message. Row 0 becomes final last, so a reply whose rows are all final is whole and can be
 * sent again without the model (`resumeDelivery`); otherwise the turn is regenerated over the receipts.
 *
 * @throws RapportError RAPPORT_E_DELIVERY_FAILED when the platform refuses for good or too often; the whole reply is in
 * the outbox then. Errors of the store (RAPPORT_E_LEASE_LOST, RAPPORT_E_STORE_UNAVAILABLE) and the reason of `abandon`
 * end it at once. Errors of `text` never reject: they are told to the person and returned.
 */
export function deliver(options: DeliverOptions): Promise<DeliveryResult> {
  return new Delivery(options).run();
}

class Delivery {
  readonly #options: DeliverOptions;
  readonly #limits: DeliveryLimits;
  readonly #rules: SplitRules;
  readonly #splitter: MessageSplitter;
  readonly #sender: SegmentSender;
  readonly #changed: ChangeSignal;
  readonly #stored: ReadonlyMap<number, OutboxSegment>;
  readonly #segments: Segment[] = [];
  readonly #startedAt: number;
  /** Segment number of the first piece: 0, or behind the messages of a crashed run that cannot be edited. */
  #base = 0;
  /** The piece that is being sent; those before it stand. */
  #current = 0;
  /** Units of the current piece's slice that its message is known to show. */
  #shownLength = 0;
  /** New text up to this length of the open piece need not wake the loop. */
  #wakeAtLength = 0;
  #text = '';
  #firstTextAt = -1;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #sealed = false;
  #ended: DeliveryResult['status'] | null = null;
  #error: RapportError | undefined;
  #iterator: AsyncIterator<string> | null = null;
  #firstIntent: Promise<void> = Promise.resolve();

  constructor(options: DeliverOptions) {
    const { adapter, clock } = options;
    const { maxChars, fences, minEditIntervalMs } = adapter.capabilities;
    this.#options = options;
    this.#startedAt = options.typedAt ?? clock.elapsed();
    this.#limits = {
      firstFlushMs: 0,
      flushMs: minEditIntervalMs,
      flushChars: defaultFlushChars,
      ...options.limits,
    };
    this.#rules = { maxChars, fences };
    this.#splitter = new MessageSplitter(this.#rules);
    this.#sender = new SegmentSender(options);
    this.#changed = new ChangeSignal(clock);
    this.#stored = new Map((options.resume ?? []).map((row) => [row.segment, row]));
  }

  /** No text has come yet, and some may. */
  get #isSilent(): boolean {
    return !this.#ended && this.#firstTextAt < 0;
  }
  get #canEdit(): boolean {
    return this.#options.adapter.capabilities.canEdit;
  }

  async run(): Promise<DeliveryResult> {
    const options = this.#options;
    const { signal, abandon } = options;
    const stop = (): void => this.#end('stopped');
    const wake = (): void => this.#changed.notify();
    abandon?.addEventListener('abort', wake);
    signal.addEventListener('abort', stop, { once: true });
    const typing = new AbortController();
    if (signal.aborted) stop();
    else {
      void this.#consume();
      if (options.kind !== 'notice')
        void showTyping(options, typing.signal, () => this.#isSilent, options.typedAt);
    }
    try {
      await this.#prepare();
      const failure = await this.#streamed();
      this.#conclude();
      await this.#seal();
      if (failure) throw failure;
      return await this.#finish();
    } finally {
      typing.abort();
      signal.removeEventListener('abort', stop);
      abandon?.removeEventListener('abort', wake);
      this.#sender.release();
      if (!this.#ended) this.#end('stopped');
    }
  }

  /** Reads the model's text; ends the reply, never rejects. */
  async #consume(): Promise<void> {
    try {
      const iterator = this.#options.text[Symbol.asyncIterator]();
      this.#iterator = iterator;
      for (;;) {
        const next = await iterator.next();
        if (this.#ended) return;
        if (next.done) break;
        this.#push(next.value);
      }
      this.#end('complete');
    } catch (thrown) {
      if (this.#ended) return;
      this.#error =
        thrown instanceof RapportError
          ? thrown
          : new RapportError('RAPPORT_E_MODEL_INTERRUPTED', { reason: kindOf(thrown) }, thrown);
      this.#end('interrupted');
    }
  }

  #push(delta: string): void {
    const splitter = this.#splitter;
    const before = splitter.closed.length;
    this.#text += delta;
    splitter.push(delta);
    if (this.#firstTextAt < 0 && splitter.hasVisible) this.#firstTextAt = this.#options.clock.elapsed();
    if (splitter.closed.length > before || splitter.openLength >= this.#wakeAtLength) this.#changed.notify();
  }

  #end(status: DeliveryResult['status']): void {
    if (this.#ended) return;
    this.#ended = status;
    this.#changed.notify();
    if (status !== 'stopped') return;
    this.#iterator?.return?.().catch((thrown: unknown) => {
      this.#options.logger.debug({ reason: reasonOf(thrown) }, 'the model stream did not close cleanly');
    });
  }

  /** Writes the first intent while the model still thinks, so that the first word does not wait for the store. */
  async #prepare(): Promise<void> {
    if (!this.#canEdit) {
      this.#base = await this.#firstUnposted();
      return;
    }
    this.#firstIntent = this.#sender.intend(this.#segmentAt(0), '', false);
    this.#firstIntent.catch(() => undefined);
  }

  /** Without edits: the number behind the last message that a crashed run has, or may have, posted. */
  async #firstUnposted(): Promise<number> {
    let first = 0;
    for (const row of this.#stored.values()) {
      const segment = this.#segmentAt(row.segment);
      await this.#sender.reconcile(segment);
      if (segment.receipt || segment.uncertain) first = Math.max(first, row.segment + 1);
    }
    return first;
  }

  /** Runs the streaming phase; a refusing platform does not end it before the model has finished, so that nothing is lost. */
  async #streamed(): Promise<RapportError | null> {
    try {
      await this.#stream();
      return null;
    } catch (thrown) {
      if (!isRefusal(thrown)) throw thrown;
      this.#wakeAtLength = Number.POSITIVE_INFINITY;
      while (!this.#ended) {
        await this.#changed.wait(Number.POSITIVE_INFINITY);
        this.#options.abandon?.throwIfAborted();
      }
      return thrown;
    }
  }

  async #stream(): Promise<void> {
    const splitter = this.#splitter;
    while (!this.#ended) {
      this.#options.abandon?.throwIfAborted();
      if (this.#current < splitter.closed.length) {
        await this.#settleCurrent();
        continue;
      }
      const now = this.#options.clock.elapsed();
      const deadline = this.#ageDeadline();
      if (deadline <= now) {
        splitter.breakOff();
        continue;
      }
      const due = this.#dueAt();
      if (due > now) await this.#changed.wait(Math.min(due, deadline) - now);
      else if (splitter.hasVisible) await this.#flush();
      else await this.#flushPlaceholder();
    }
  }

  /** `elapsed` at which the open piece is to be posted or edited; Infinity while there is nothing to do. */
  #dueAt(): number {
    const splitter = this.#splitter;
    const limits = this.#limits;
    this.#wakeAtLength = splitter.openLength + 1;
    if (!this.#canEdit) return Number.POSITIVE_INFINITY;
    const segment = this.#segmentAt(this.#base + this.#current);
    if (!splitter.hasVisible) return this.#placeholderDueAt(segment);
    const unshown = splitter.openLength - this.#shownLength;
    if (unshown <= 0) return Number.POSITIVE_INFINITY;
    const earliest = this.#sender.earliest(segment);
    if (this.#flushedAt === Number.NEGATIVE_INFINITY) {
      this.#wakeAtLength = Number.POSITIVE_INFINITY;
      return Math.max(this.#firstTextAt + limits.firstFlushMs, earliest);
    }
    const big = unshown >= limits.flushChars;
    this.#wakeAtLength = big ? Number.POSITIVE_INFINITY : this.#shownLength + limits.flushChars;
    return big ? earliest : Math.max(this.#flushedAt + limits.flushMs, earliest);
  }

  /** Only before the first text, and where no message of the reply stands yet. */
  #placeholderDueAt(segment: Segment): number {
    const { placeholderAfterMs } = this.#options.adapter.capabilities;
    const isWanted = this.#isSilent && this.#current === 0 && this.#options.notes.placeholder !== '';
    if (placeholderAfterMs === undefined || !isWanted || segment.receipt) return Number.POSITIVE_INFINITY;
    this.#wakeAtLength = 0;
    return Math.max(this.#startedAt + placeholderAfterMs, this.#sender.earliest(segment));
  }

  /** Posts the stand-in for a text that lets itself be waited for. */
  async #flushPlaceholder(): Promise<void> {
    const segment = this.#segmentAt(0);
    await this.#firstIntent;
    if (!this.#sender.mayShow(segment)) return;
    await this.#sender.reserve();
    if (this.#ended || this.#splitter.hasVisible) return;
    const refusal = await this.#sender.attempt(segment, this.#options.notes.placeholder, streaming);
    if (refusal) this.#sender.giveUpIfHopeless(segment, refusal);
    else this.#flushedAt = segment.lastIoAt;
  }

  #ageDeadline(): number {
    const { messageMaxAgeMs } = this.#options.adapter.capabilities;
    if (messageMaxAgeMs === undefined || !this.#splitter.hasVisible) return Number.POSITIVE_INFINITY;
    const segment = this.#segmentAt(this.#base + this.#current);
    return segment.receipt ? segment.ageFrom + messageMaxAgeMs * ageShare : Number.POSITIVE_INFINITY;
  }

  /** Posts or edits the open piece once. */
  async #flush(): Promise<void> {
    const splitter = this.#splitter;
    const sender = this.#sender;
    const segment = this.#segmentAt(this.#base + this.#current);
    await this.#firstIntent;
    if (!segment.intended) await sender.intend(segment, splitter.openText(), false);
    if (!this.#sees(segment)) return;
    if (!sender.mayShow(segment)) {
      this.#flushedAt = segment.lastIoAt;
      return;
    }
    await sender.reserve();
    if (this.#ended || this.#current < splitter.closed.length) return;
    const text = splitter.openText();
    const length = splitter.openLength;
    const hadReceipt = segment.receipt !== null;
    const refusal = await sender.attempt(segment, text, streaming);
    if (!refusal) {
      this.#flushedAt = segment.lastIoAt;
      if (segment.shown !== null) this.#shownLength = length;
      return;
    }
    if (!hadReceipt) sender.giveUpIfHopeless(segment, refusal);
    else if (refusal.permanent) this.#replace(segment, refusal);
  }

  /** Whether the open piece has anything that its message does not show yet; if not, notes that it is up to date. */
  #sees(segment: Segment): boolean {
    const text = this.#splitter.openText();
    if (text !== '' && text !== segment.shown) return true;
    this.#shownLength = this.#splitter.openLength;
    return false;
  }

  /** The current message is gone: what it showed is not said again, the rest goes into a fresh one. */
  #replace(segment: Segment, refusal: Refusal): void {
    const splitter = this.#splitter;
    if (this.#current >= splitter.closed.length) {
      splitter.dropShown(this.#shownLength);
      this.#shownLength = 0;
    } else if (this.#remainder() === null) {
      this.#next();
      return;
    }
    this.#sender.renew(segment, refusal);
  }

  /** Cuts what has been shown off the current closed piece; null when nothing is left. */
  #remainder(): string | null {
    const piece = this.#splitter.closed[this.#current];
    const rest = piece ? remainderOf(piece, this.#shownLength, this.#rules) : null;
    this.#shownLength = 0;
    if (!rest) return null;
    this.#splitter.closed[this.#current] = rest;
    return rest.text;
  }

  /** Brings the current closed piece to its message and goes on to the next. */
  async #settleCurrent(): Promise<void> {
    const piece = this.#splitter.closed[this.#current];
    if (!piece) return;
    await this.#firstIntent;
    const segment = this.#segmentAt(this.#base + this.#current);
    const last = this.#sealed && this.#current === this.#splitter.closed.length - 1;
    await this.#sender.settle(segment, piece.text, { final: this.#sealed, last }, () => this.#remainder());
    this.#flushedAt = this.#options.clock.elapsed();
    this.#next();
  }

  #next(): void {
    this.#current += 1;
    this.#shownLength = 0;
  }

  /** Adds the note that the way of ending asks for and closes the last piece. */
  #conclude(): void {
    const splitter = this.#splitter;
    const options = this.#options;
    const empty = this.#firstTextAt < 0;
    if (empty && this.#ended === 'complete') {
      this.#ended = 'interrupted';
      this.#error = new RapportError('RAPPORT_E_MODEL_EMPTY', { attempts: 1 });
    }
    const note = endingNote(options.notes, this.#ended, this.#error, empty);
    if (empty) {
      this.#segmentAt(this.#base).kind = 'notice';
      splitter.push(`\n${note}`);
    } else if (note !== '') {
      const fence = splitter.openFence;
      splitter.push(`${fence ? closeLine(fence) : ''}\n\n${note}`);
    }
    splitter.finish();
    const whole = { status: this.#ended, pieces: splitter.closed.length };
    options.logger.debug(whole, 'the text of the reply is whole');
  }

  /** Writes the exact final text of every message, row 0 last. */
  async #seal(): Promise<void> {
    await this.#firstIntent;
    const pieces = this.#splitter.closed;
    const rows = Math.max(
      this.#base + pieces.length,
      this.#segments.length,
      ...[...this.#stored.keys()].map((n) => n + 1),
    );
    for (let index = rows - 1; index >= 0; index -= 1) {
      await this.#sender.intend(this.#segmentAt(index), pieces[index - this.#base]?.text ?? '', true);
    }
    this.#sealed = true;
  }

  async #finish(): Promise<DeliveryResult> {
    const pieces = this.#splitter.closed;
    const allStand = this.#current >= pieces.length;
    while (this.#current < pieces.length) await this.#settleCurrent();
    if (allStand) await this.#sender.markLast(this.#segments[this.#base + pieces.length - 1]);
    for (const segment of this.#segments.slice(this.#base + pieces.length)) await this.#sender.empty(segment);
    const segments = this.#segments
      .slice(this.#base, this.#base + pieces.length)
      .flatMap(({ index, receipt }) => (receipt ? [{ segment: index, receipt }] : []));
    const text = this.#firstTextAt < 0 ? '' : this.#text;
    return { text, segments, status: this.#ended ?? 'complete', ...(this.#error && { error: this.#error }) };
  }

  #segmentAt(index: number): Segment {
    const known = this.#segments[index];
    if (known) return known;
    if (index > this.#segments.length) this.#segmentAt(index - 1);
    const { clock, adapter, kind } = this.#options;
    const segment = new Segment(this.#options, index, this.#stored.get(index));
    const age = segment.receipt ? clock.now() - segment.receipt.at : 0;
    const tooOld = age >= (adapter.capabilities.messageMaxAgeMs ?? Number.POSITIVE_INFINITY) * ageShare;
    segment.ageFrom = clock.elapsed() - (tooOld ? 0 : age);
    segment.kind = kind ?? 'reply';
    this.#segments.push(segment);
    return segment;
  }
}

/** What is put behind a reply for the way it ended, or in its place where it is empty; '' for nothing. */
function endingNote(
  { interrupted, failure, stopped, isWithdrawn }: DeliveryNotes,
  status: DeliveryResult['status'] | null,
  error: RapportError | undefined,
  isEmpty: boolean,
): string {
  if (status === 'stopped') return isEmpty && isWithdrawn?.() ? '' : stopped;
  if (!error) return '';
  if (!isEmpty) return interrupted;
  return typeof failure === 'string' ? failure : failure(error);
}
