/** Where a message of ours stands, as a receipt names it. */
export type Placed =
  /** A message of the bot, or (with `webhook`) of one of its webhooks. */
  | {
      readonly kind: 'message';
      readonly channel: string;
      readonly message: string;
      readonly webhook?: string;
    }
  /** A response to an interaction: edited by the interaction's token while it lives. */
  | { readonly kind: 'response'; readonly channel: string; readonly message: string };

const shape = /^(m|i):(\d+):(\d+)(?::(\d+))?$/;

/** `m:<channel>:<message>[:<webhook>]` or `i:<channel>:<message>`. */
export function receiptId(placed: Placed): string {
  const { kind, channel, message } = placed;
  const base = `${kind === 'message' ? 'm' : 'i'}:${channel}:${message}`;
  return kind === 'message' && placed.webhook ? `${base}:${placed.webhook}` : base;
}

/** Reads {@link receiptId} back. @throws TypeError for anything else, which is a programming error. */
export function readReceiptId(id: string): Placed {
  const [, kind, channel, message, webhook] = shape.exec(id) ?? [];
  if (channel === undefined || message === undefined) throw new TypeError(`"${id}" is no receipt of Discord`);
  if (kind === 'i') return { kind: 'response', channel, message };
  return { kind: 'message', channel, message, ...(webhook !== undefined && { webhook }) };
}
