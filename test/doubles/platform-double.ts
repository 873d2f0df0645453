import type { Clock } from '../../src/clock.js';
import type {
  AdapterCapabilities,
  InboundHandler,
  OutgoingMessage,
  PlatformAdapter,
  PlatformName,
  Receipt,
  ReplyAddress,
} from '../../src/delivery/adapter.js';
import { deliveryRefused, type Refusal } from '../../src/delivery/refusal.js';

/** A message as it stands on the platform. */
export interface PostedMessage {
  readonly id: string;
  readonly channel: string;
  readonly nonce: string;
  readonly speaker: string;
  readonly kind: OutgoingMessage['kind'];
  readonly postedAt: number;
  text: string;
  final: boolean;
  last: boolean;
  deleted: boolean;
}

/** One call of the adapter, in the order they came. */
export interface PlatformCall {
  readonly verb: 'post' | 'edit' | 'find';
  /** `elapsed` of the clock, ms. */
  readonly at: number;
  readonly text: string;
  readonly final: boolean;
  /** Id of the message where it was accepted. */
  id: string | null;
}

/** How a call fails. `accepted`: it takes effect all the same, only the answer is lost. */
export interface Failure extends Partial<Refusal> {
  readonly accepted?: boolean;
  /** Thrown as it is instead of a RapportError. */
  readonly thrown?: unknown;
}

export interface PlatformOptions {
  readonly capabilities?: Partial<AdapterCapabilities>;
  /** Whether a lost receipt can be looked up by nonce. */
  readonly findReceipt?: boolean;
  /** How long each call takes, ms. */
  readonly latencyMs?: number;
  readonly name?: PlatformName;
}

/** Capabilities near Discord's; override what a test is about. */
export const usualCapabilities: AdapterCapabilities = {
  maxChars: 2000,
  canEdit: true,
  minEditIntervalMs: 1000,
  rate: { burst: 5, refillMs: 1000 },
  idempotentSend: true,
  fences: true,
  typing: false,
};

/** A platform in memory. It keeps the order of calls, remembers nonces and fails as told. */
export class PlatformDouble implements PlatformAdapter {
  readonly name: PlatformName;
  readonly capabilities: AdapterCapabilities;
  readonly messages: PostedMessage[] = [];
  readonly calls: PlatformCall[] = [];
  readonly findReceipt?: (address: ReplyAddress, nonce: string) => Promise<Receipt | null>;
  /** `elapsed` of each typing indicator. */
  readonly typings: number[] = [];
  /** Called before (`false`) and after (`true`) each call takes effect; a promise that never resolves is a crash. */
  gate: (verb: PlatformCall['verb'], after: boolean) => Promise<void> = async () => undefined;
  readonly #clock: Clock;
  readonly #latencyMs: number;
  readonly #failures: { verb: PlatformCall['verb']; failure: Failure }[] = [];
  #handler: InboundHandler | null = null;

  constructor(clock: Clock, options: PlatformOptions = {}) {
    this.#clock = clock;
    this.name = options.name ?? 'discord';
    this.#latencyMs = options.latencyMs ?? 0;
    this.capabilities = { ...usualCapabilities, ...options.capabilities };
    if (options.findReceipt) this.findReceipt = (_address, nonce) => this.#find(nonce);
  }

  async start(handler: InboundHandler): Promise<void> {
    this.#handler = handler;
  }
  async stop(): Promise<void> {
    this.#handler = null;
  }
  /** Hands a message to whoever started the platform. */
  receive(...message: Parameters<InboundHandler>): ReturnType<InboundHandler> {
    if (!this.#handler) throw new Error('the platform has not been started');
    return this.#handler(...message);
  }

  async typing(): Promise<void> {
    this.typings.push(this.#clock.elapsed());
  }

  /** The next call of this verb fails so; several queue up. */
  failNext(verb: PlatformCall['verb'], failure: Failure = {}): void {
    this.#failures.push({ verb, failure });
  }
  /** Somebody deletes a message: edits of it are refused for good from now on. */
  delete(id: string): void {
    const message = this.messages.find((known) => known.id === id);
    if (message) message.deleted = true;
  }
  /** Texts a person sees, oldest first. */
  get visible(): string[] {
    return this.messages.filter((message) => !message.deleted).map((message) => message.text);
  }

  post(address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt> {
    const known = this.messages.find((posted) => posted.nonce === nonce);
    return this.#call({ verb: 'post', text: message.text, final: message.final }, (call) => {
      this.#check(message, nonce);
      const posted = this.capabilities.idempotentSend && known ? known : this.#store(address, message, nonce);
      call.id = posted.id;
      return { platformMessageId: posted.id, at: this.#clock.now() };
    });
  }

  edit(_address: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void> {
    return this.#call({ verb: 'edit', text: message.text, final: message.final }, (call) => {
      if (!this.capabilities.canEdit) throw new Error('the engine edited on a platform without edits');
      this.#check(message, '');
      const posted = this.messages.find((known) => known.id === receipt.platformMessageId);
      if (!posted || posted.deleted || this.#tooOld(posted)) {
        throw deliveryRefused(this.name, { reason: 'Unknown Message', permanent: true });
      }
      posted.text = message.text;
      posted.final = message.final;
      posted.last = message.last;
      call.id = posted.id;
    });
  }

  #find(nonce: string): Promise<Receipt | null> {
    return this.#call({ verb: 'find', text: '', final: false }, (call) => {
      const posted = this.messages.find((known) => known.nonce === nonce && !known.deleted);
      call.id = posted?.id ?? null;
      return posted ? { platformMessageId: posted.id, at: posted.postedAt } : null;
    });
  }

  async #call<T>(what: Omit<PlatformCall, 'at' | 'id'>, effect: (call: PlatformCall) => T): Promise<T> {
    const call: PlatformCall = { ...what, at: this.#clock.elapsed(), id: null };
    this.calls.push(call);
    await this.gate(what.verb, false);
    const planned = this.#failures.findIndex((failure) => failure.verb === what.verb);
    const failure = planned < 0 ? undefined : this.#failures.splice(planned, 1)[0]?.failure;
    const result = failure && !failure.accepted ? undefined : effect(call);
    if (this.#latencyMs > 0) await this.#clock.sleep(this.#latencyMs);
    await this.gate(what.verb, true);
    if (!failure) return result as T;
    throw failure.thrown ?? deliveryRefused(this.name, { reason: 'the test says no', ...failure });
  }

  #store(address: ReplyAddress, message: OutgoingMessage, nonce: string): PostedMessage {
    const posted: PostedMessage = {
      id: `m${this.messages.length + 1}`,
      channel: address.channel,
      nonce,
      speaker: message.speaker.name,
      kind: message.kind,
      postedAt: this.#clock.now(),
      text: message.text,
      final: message.final,
      last: message.last,
      deleted: false,
    };
    this.messages.push(posted);
    return posted;
  }

  #tooOld(posted: PostedMessage): boolean {
    const { messageMaxAgeMs } = this.capabilities;
    return messageMaxAgeMs !== undefined && this.#clock.now() - posted.postedAt > messageMaxAgeMs;
  }

  #check(message: OutgoingMessage, nonce: string): void {
    const { maxChars } = this.capabilities;
    if (message.text.trim() === '') throw new Error('an empty message was sent');
    if (message.text.length > maxChars)
      throw new Error(`${message.text.length} of ${maxChars} characters were sent`);
    if (nonce.length > 25) throw new Error(`the nonce ${nonce} is too long`);
  }
}
