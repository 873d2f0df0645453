import { createHash } from 'node:crypto';
import type { MessageId, TurnId } from '../ids.js';

const length = 24;

/**
 * The nonce of a message: 24 base-36 digits (120 bits of SHA-256), the same for every try and after a crash. Discord
 * takes at most 25 characters. `asked` is the first message the turn answers: turns are counted anew where a conversation
 * was removed and began again, and its first message must not be taken for that of the old one. `generation` counts the
 * messages that had to replace a deleted one.
 */
export function nonceOf(turn: TurnId, asked: MessageId | undefined, segment: number, generation = 0): string {
  return digits(`${turn}/${asked ?? ''}/${segment}/${generation}`);
}

/** The nonce of what a platform says beside the conversation. @param key what is said, and of which message. */
export function nonceOfNotice(key: string): string {
  return digits(`notice/${key}`);
}

function digits(of: string): string {
  const digest = createHash('sha256').update(of).digest('hex');
  return BigInt(`0x${digest.slice(0, 30)}`)
    .toString(36)
    .padStart(length, '0');
}
