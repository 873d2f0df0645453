import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Receipt } from '../../../src/delivery/adapter.js';
import type { SlackAddress } from '../address.js';
import { nonceOfBlock } from './reply-blocks.js';

/** `event_type` of the metadata that a message of Rapport carries. */
const replyEventType = 'rapport_reply';

/** How far back a message whose receipt was lost is looked for, ms. */
const lookBackMs = 24 * 3_600_000;
const pageSize = 200;
const maxPages = 5;

const messageSchema = z.object({
  ts: z.string(),
  bot_id: z.string().optional(),
  streaming_state: z.string().optional(),
  metadata: z
    .object({
      event_type: z.string().optional(),
      event_payload: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
  blocks: z.array(z.object({ block_id: z.string().optional() })).optional(),
});
const pageSchema = z.object({
  messages: z.array(messageSchema).default([]),
  has_more: z.boolean().default(false),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

type FoundMessage = z.infer<typeof messageSchema>;

/** Metadata that lets a message be found again. */
export function replyMetadata(nonce: string): {
  readonly event_type: string;
  readonly event_payload: { readonly nonce: string };
} {
  return { event_type: replyEventType, event_payload: { nonce } };
}

/**
 * The message that was sent under `nonce`, by its metadata or by the id of its buttons. A stream that was opened without
 * either is known by being one that still runs and that nobody here knows: a thread has one reply at a time.
 * @param isKnown whether a timestamp belongs to a stream this process writes.
 * @throws what the WebClient throws.
 */
export async function findMessage(
  client: WebClient,
  address: SlackAddress,
  nonce: string,
  now: number,
  isKnown: (ts: string) => boolean,
): Promise<Receipt | null> {
  let cursor = '';
  let running: FoundMessage | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { messages, next } = await readPage(client, address, now, cursor);
    const found = messages.find((message) => readNonce(message) === nonce);
    if (found) return receiptOf(found);
    running ??= messages.find(
      (message) =>
        message.bot_id !== undefined &&
        message.streaming_state === 'in_progress' &&
        readNonce(message) === null &&
        !isKnown(message.ts),
    );
    if (next === '') break;
    cursor = next;
  }
  return running ? receiptOf(running) : null;
}

async function readPage(
  client: WebClient,
  { channel, thread }: SlackAddress,
  now: number,
  cursor: string,
): Promise<{ readonly messages: readonly FoundMessage[]; readonly next: string }> {
  const options = {
    channel,
    include_all_metadata: true,
    limit: pageSize,
    oldest: ((now - lookBackMs) / 1_000).toFixed(6),
    ...(cursor === '' ? {} : { cursor }),
  };
  const answer = pageSchema.parse(
    thread === ''
      ? await client.conversations.history(options)
      : await client.conversations.replies({ ...options, ts: thread }),
  );
  return { messages: answer.messages, next: answer.response_metadata?.next_cursor ?? '' };
}

function readNonce({ metadata, blocks }: FoundMessage): string | null {
  const nonce = metadata?.event_type === replyEventType ? metadata.event_payload?.nonce : undefined;
  if (typeof nonce === 'string') return nonce;
  for (const { block_id: id } of blocks ?? []) {
    const found = id === undefined ? null : nonceOfBlock(id);
    if (found !== null) return found;
  }
  return null;
}

function receiptOf({ ts }: FoundMessage): Receipt {
  return { platformMessageId: ts, at: Math.floor(Number(ts) * 1_000) };
}
