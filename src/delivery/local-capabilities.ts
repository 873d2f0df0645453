import type { AdapterCapabilities } from './adapter.js';

/**
 * A platform inside this process: no limits, and a repeated post is recognised by its nonce. Text only grows: an open code
 * fence is not closed for show, since one that prints what is new could not take it back.
 */
export const localCapabilities: AdapterCapabilities = {
  maxChars: 1_000_000,
  canEdit: true,
  minEditIntervalMs: 0,
  rate: { burst: 1_000_000, refillMs: 1 },
  idempotentSend: true,
  fences: false,
  typing: false,
};
