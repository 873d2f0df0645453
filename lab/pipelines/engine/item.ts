import { createHash } from 'node:crypto';
import type { Asked } from './endpoints.js';
import type { Shards } from './shards.js';
import { type AskOptions, ItemFailure, type ItemScope, type Message, Unreadable } from './stage.js';

/** Times an answer is asked for when it is cut off, empty or unreadable. */
const tries = 4;

export interface Spent {
  calls: number;
  tokensIn: number;
  tokensOut: number;
}

/** The scope of one item: answers that an earlier run already had are taken from the shards, in order. */
export function itemScope(
  id: string,
  seedText: string,
  { asked, shards, spent }: { readonly asked: Asked; readonly shards: Shards; readonly spent: Spent },
): ItemScope {
  const known = shards.answers(id);
  let replayed = 0;
  let calls = 0;

  async function once(messages: readonly Message[], options: AskOptions): Promise<string | null> {
    const request = hash(JSON.stringify([messages, options]));
    const earlier = known[replayed];
    calls += 1;
    if (earlier && earlier.request === request) {
      replayed += 1;
      return earlier.answer;
    }
    if (earlier) {
      // What is asked has changed since: the rest of what was kept answers something else.
      known.length = replayed;
      shards.forgetAnswers(id);
      for (const { request: was, answer } of known) shards.keepAnswer(id, was, answer);
    }
    const seed = Number.parseInt(hash(`${seedText}:${calls}`).slice(0, 7), 16);
    const { text, tokensIn, tokensOut } = await asked.answer(messages, { ...options, seed });
    spent.calls += 1;
    spent.tokensIn += tokensIn;
    spent.tokensOut += tokensOut;
    shards.keepAnswer(id, request, text);
    return text;
  }

  async function askFor<T>(
    messages: readonly Message[],
    options: AskOptions,
    read: (answer: string) => T | Unreadable,
  ): Promise<T> {
    let wanted = messages;
    let why = 'cut off or empty';
    for (let n = 0; n < tries; n += 1) {
      const answer = await once(wanted, options);
      if (answer === null) {
        wanted = messages;
        why = 'cut off or empty';
        continue;
      }
      const found = read(answer);
      if (!(found instanceof Unreadable)) return found;
      why = found.why;
      wanted = [
        ...messages,
        { role: 'assistant', content: answer },
        {
          role: 'user',
          content: `That cannot be used: ${why}. Answer once more, completely and in the form that was asked for.`,
        },
      ];
    }
    throw new ItemFailure(`no usable answer in ${tries} tries; the last was ${why}`);
  }

  return {
    ask: (messages, options) => askFor(messages, options, (answer) => answer),
    askFor,
    random: seededRandom(seedText),
  };
}

/** Numbers from 0 to below 1 that follow from a text alone (mulberry32). */
export function seededRandom(text: string): () => number {
  let state = Number.parseInt(hash(text).slice(0, 8), 16);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
