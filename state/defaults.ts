/** What both stores do unless told otherwise. */
export const storeDefaults = {
  /** Entries kept per session; the oldest go. */
  transcriptCap: 1000,
  /** How long a message id is remembered, ms: 24 h, longer than any platform retries. */
  dedupeMs: 24 * 60 * 60 * 1000,
} as const;

/** How long a call waits for a busy or absent backing store before it fails, ms. */
export const storeWaitMs = 2000;
