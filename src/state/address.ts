/** The first part of a platform's ids: `discord` of the session `discord:dm:1` and of the person `discord:2`. */
export type PlatformName = string;

/**
 * Where a reply goes, in the platform's own terms. `channel` is the key of the rate limit; other keys are the
 * adapter's business. Plain data: it is stored with the session and the outbox.
 */
export interface ReplyAddress {
  readonly platform: PlatformName;
  readonly channel: string;
  readonly [key: string]: string;
}

/** What the platform called the message that was posted. */
export interface Receipt {
  readonly platformMessageId: string;
  /** ms since the epoch. */
  readonly at: number;
}
