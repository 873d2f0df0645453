import { describe, expect, it } from 'vitest';
import { writtenReply } from '../../../inference/embedded/written-reply.js';
import type { RankHints } from '../../../src/prompting/chat-model.js';

const hints: RankHints = { lastMessage: 'my dog died', persona: '', memory: null, goal: null };
const talk = { replies: [], messages: [] };
/** Knows an answer to dogs, and says in which mood it was asked to go on. */
const bank = {
  answer: async ({ message, said }: { message: string; said: readonly string[] }) =>
    message.includes('dog') && !said.includes('What was your dog like?')
      ? { text: 'What was your dog like?', likeness: 1 }
      : null,
  goOn: async (_: string, mood: string) => ({ text: `(${mood})`, likeness: 0 }),
};

describe('a reply that was written beforehand', () => {
  it('is what they told, where they ask it back', async () => {
    const asked = { ...hints, toldBack: 'You have a sister called Ana.' };
    expect(await writtenReply(bank, asked, talk)).toEqual({
      text: 'You have a sister called Ana.',
      from: 'told',
    });
  });

  it('is what the bank holds for it, once in a conversation, also behind a disclosure', async () => {
    expect(await writtenReply(bank, hints, talk)).toEqual({ text: 'What was your dog like?', from: 'bank' });
    const said = 'Maren is an AI character.\n\nWhat was your dog like?';
    expect(await writtenReply(bank, { ...hints, avoid: [said] }, talk)).toEqual({
      text: '(hurt)',
      from: 'mood',
    });
  });

  it.each([
    ['we sat there for a while', [], '(plain)'],
    ['and the kitchen is so quiet', ['my father died'], '(hurt)'],
    ['I got the job and I am so happy', ['my father died'], '(glad)'],
    ['is that odd?', [], '(asked)'],
  ])('else keeps the talk going in their mood: %s', async (lastMessage, before, text) => {
    const said = { replies: [], messages: [...before, lastMessage] };
    expect(await writtenReply(bank, { ...hints, lastMessage }, said)).toEqual({ text, from: 'mood' });
  });

  it('is gentle and nothing else after danger', async () => {
    const gentle = { ...hints, gentle: true, toldBack: 'You have a sister called Ana.' };
    expect(await writtenReply(bank, gentle, talk)).toEqual({ text: '(gentle)', from: 'mood' });
  });

  it('is none where the platform asks for a topic: a model follows that', async () => {
    expect(await writtenReply(bank, { ...hints, goal: 'ask about music.' }, talk)).toBeNull();
  });
});
