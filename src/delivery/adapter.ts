import type { PlatformName, Receipt, ReplyAddress } from '../state/address.js';
import type { Alert, AlertPlace } from '../state/alert.js';
import type { InboundMessage } from '../state/session.js';

export type { PlatformName, Receipt, ReplyAddress };

/** What the core must know about a platform to deliver well. */
export interface AdapterCapabilities {
  /** UTF-16 units one message may hold. */
  readonly maxChars: number;
  /** Whether a posted message can be changed; without it replies are posted once whole segments are ready. */
  readonly canEdit: boolean;
  /** Shortest time between two edits of one message, ms. */
  readonly minEditIntervalMs: number;
  /** Posts and edits together: `burst` at once, one more every `refillMs`, counted per channel. */
  readonly rate: { readonly burst: number; readonly refillMs: number };
  /** A message can be edited for this long after its post (Slack streams, Discord interaction tokens), ms. */
  readonly messageMaxAgeMs?: number;
  /** The platform drops a second post with the same nonce (Discord `enforce_nonce`). */
  readonly idempotentSend: boolean;
  /** Whether the adapter's text knows Markdown code fences. */
  readonly fences: boolean;
  /** The platform has a typing indicator: `typing` is called while a reply is on its way and nothing of it is shown. */
  readonly typing: boolean;
  /** A reply that has no text after this long begins with a placeholder, which its text then replaces, ms. */
  readonly placeholderAfterMs?: number;
  /** Shows an offered character by itself (a banner), so that no sentence about it is added to the reply. */
  readonly ownOffers?: boolean;
  /**
   * The one who asked is told of a failure by the platform itself (an API's error): no words of ours stand in the reply, and a
   * turn that failed leaves no line behind, since the caller asks again with the same one.
   */
  readonly ownErrors?: boolean;
  /** Each message is a question of its own, with an answer of its own: those that wait together are not answered together. */
  readonly separateAnswers?: boolean;
  /** A session exists only where a person has opened it: a message to one that was deleted meanwhile is dropped. */
  readonly opensSessions?: boolean;
}

export interface OutgoingMessage {
  readonly text: string;
  /** Name and face the message is shown under. */
  readonly speaker: { readonly name: string; readonly avatar?: string };
  /** `notice`: the platform speaking (care, disclosure, an apology), never the character. */
  readonly kind: 'reply' | 'notice';
  /** True when this message will not change any more (later messages of the reply may follow); its last send always says so. */
  readonly final: boolean;
  /** True on the reply's last message once it is `final`: where buttons for the whole reply belong. */
  readonly last: boolean;
  /** On the reply's last message: a character who may fit better, where one is on offer; for platforms with buttons. */
  readonly offer?: { readonly id: string; readonly name: string; readonly shortName?: string | undefined };
  /** Plain data for the adapter (turn id, session id). */
  readonly turnId: string;
  readonly sessionId: string;
}

export type InboundHandler = (message: InboundMessage) => Promise<'recorded' | 'duplicate' | 'paused'>;

/**
 * A platform. `post` and `edit` reject with the RAPPORT_E_DELIVERY_FAILED that `deliveryRefused` (refusal.ts) makes:
 * permanent (no permission, message or channel gone), ambiguous (may have been accepted all the same), with the wait
 * the platform asks for, or none of these (try again). They never retry by themselves beyond what the platform's SDK
 * does for rate limits. Anything else that is thrown counts as ambiguous.
 */
export interface PlatformAdapter {
  readonly name: PlatformName;
  readonly capabilities: AdapterCapabilities;
  /** Connects and hands every message to `handler`, which resolves once the message is durably recorded: acknowledge then. */
  start(handler: InboundHandler): Promise<void>;
  /** Stops taking messages, lets sends in flight finish, disconnects. */
  stop(): Promise<void>;
  /** @param nonce at most 25 characters, the same for every try of the same segment. */
  post(address: ReplyAddress, message: OutgoingMessage, nonce: string): Promise<Receipt>;
  edit(address: ReplyAddress, receipt: Receipt, message: OutgoingMessage): Promise<void>;
  /**
   * Whether the platform's pace allows an edit now that is not final (what many conversations share is kept for final
   * ones). Asked before each of them; without it they are always allowed.
   */
  allowsEdit?(address: ReplyAddress, receipt: Receipt): boolean;
  /** The same for the first post of a text that still grows: where not, it is held until it may be shown or is whole. */
  allowsPost?(address: ReplyAddress): boolean;
  /** Looks for a message posted under `nonce` whose receipt was lost in a crash; null if there is none. */
  findReceipt?(address: ReplyAddress, nonce: string): Promise<Receipt | null>;
  /** Shows for some seconds that a reply is being written. A failure is of no consequence. */
  typing?(address: ReplyAddress): Promise<void>;
  /**
   * Tells people of the operator's that somebody asks for a human being, with a button by which one takes it (`Humans.take`).
   * Where it is there, people of this platform can be written to by whoever is told of them. @throws what the platform refuses.
   */
  alert?(place: AlertPlace, alert: Alert): Promise<void>;
}
