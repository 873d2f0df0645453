import { describe, expect, it } from 'vitest';
import { writtenReply } from '../../../inference/embedded/written-reply.js';
import type { RankHints } from '../../../src/prompting/chat-model.js';

const hints: RankHints = {
  lastMessage: 'my dog died',
  persona: '',
  memory: null,
  goal: null,
  selfAnswers: {},
};
const talk = { replies: [], messages: [] };
/** Knows an answer to dogs, and says in which mood it was asked to go on. */
const bank = {
  answer: async ({ message, said }: { message: string; said: readonly string[] }) =>
    message.includes('dog') && !said.includes('What was your dog like?')
      ? { text: 'What was your dog like?', likeness: 1 }
      : null,
  does: async (message: string) => (message.includes('shall go') ? 'leaves' : null),
  takeUp: async ({ message }: { message: string }) =>
    message.startsWith('tomorrow') ? { text: '(plan)', likeness: 1 } : null,
  goOn: async (_: string, mood: string) => ({ text: `(${mood})`, likeness: 0 }),
  count: (mood: string, said: readonly string[]) => said.filter((text) => text === `(${mood})`).length,
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
    ["thanks. i'll put his photo up", ['my father died'], '(hurt)'],
    ['I got the job and I am so happy', ['my father died'], '(glad)'],
    ['is that odd?', [], '(asked)'],
    ['could you write my essay', [], '(asked)'],
    ['have you ever worked for somebody you hated?', [], '(about-me)'],
    ['ok theyre calling me for dinner. wish me luck', [], '(leaving)'],
    ['ok gtg, dinner', ['my father died'], '(leaving)'],
    ['I shall go and make a pot of tea now.', ['my father died'], '(leaving)'],
  ])('else keeps the talk going in their mood: %s', async (lastMessage, before, text) => {
    const said = { replies: [], messages: [...before, lastMessage] };
    expect(await writtenReply(bank, { ...hints, lastMessage }, said)).toEqual({ text, from: 'mood' });
  });

  it('else takes up what a message does, but not from somebody who leaves or who is in danger', async () => {
    const plan = 'tomorrow I will ring her';
    const said = { replies: [], messages: [plan] };
    expect(await writtenReply(bank, { ...hints, lastMessage: plan }, said)).toEqual({
      text: '(plan)',
      from: 'act',
    });
    const leaving = 'tomorrow then. bye';
    const left = await writtenReply(
      bank,
      { ...hints, lastMessage: leaving },
      { replies: [], messages: [leaving] },
    );
    expect(left?.text).toBe('(leaving)');
    const gentle = await writtenReply(bank, { ...hints, lastMessage: plan, gentle: true }, said);
    expect(gentle?.text).toBe('(gentle)');
  });

  it('tells the bank what the character said last', async () => {
    const heard: (string | null)[] = [];
    const listening = {
      ...bank,
      answer: async ({ before }: { before: string | null }) => {
        heard.push(before);
        return null;
      },
    };
    await writtenReply(listening, hints, { replies: ['Hello.', 'Since when?'], messages: [] });
    await writtenReply(listening, hints, talk);
    const leaving = { ...hints, lastMessage: 'since march. bye' };
    await writtenReply(listening, leaving, { replies: ['Since when?'], messages: [] });
    expect(heard).toEqual(['Since when?', null, null]);
  });

  it('goes by how pleasant a message is where no word of it tells', async () => {
    const lastMessage = 'they gave me a box and a card';
    const said = { replies: [], messages: [lastMessage] };
    const felt = (valence: number | null) =>
      writtenReply(bank, { ...hints, lastMessage }, said, async () => valence);
    expect(await felt(-0.6)).toEqual({ text: '(hurt)', from: 'mood' });
    expect(await felt(0.7)).toEqual({ text: '(glad)', from: 'mood' });
    expect(await felt(null)).toEqual({ text: '(plain)', from: 'mood' });
    const happy = { ...hints, lastMessage: 'a great week to be dumped in' };
    const sour = await writtenReply(bank, happy, { replies: [], messages: [] }, async () => -0.5);
    expect(sour).toEqual({ text: '(hurt)', from: 'mood' });
  });

  it.each([
    'I never got to say goodbye',
    'she keeps calling me names',
    'i was awake all night',
    'I have to go to court',
    'I need to go to the doctor',
    "I can't see you like that",
    'i dont think that helped',
  ])('takes nobody to be leaving who is not: %s', async (lastMessage) => {
    const reply = await writtenReply(
      bank,
      { ...hints, lastMessage },
      { replies: [], messages: [lastMessage] },
    );
    expect(reply?.text).not.toBe('(leaving)');
  });

  it.each([
    'gonna try again. night',
    'phone goes in the drawer now. byeee',
    'I have to go',
    'thanks for listening x',
  ])('lets go who is leaving: %s', async (lastMessage) => {
    const reply = await writtenReply(
      bank,
      { ...hints, lastMessage },
      { replies: [], messages: [lastMessage] },
    );
    expect(reply?.text).toBe('(leaving)');
  });

  it('is none in self-play, where no character answers a person', async () => {
    const { selfAnswers: _, ...scene } = hints;
    expect(await writtenReply(bank, scene, talk)).toBeNull();
  });

  it('asks no third time running', async () => {
    const wanted: boolean[] = [];
    const listening = {
      ...bank,
      answer: async ({ asks }: { asks: boolean }) => {
        wanted.push(asks);
        return { text: 'So.', likeness: 1 };
      },
    };
    await writtenReply(listening, hints, { replies: ['Why?', 'I see.'], messages: [] });
    await writtenReply(listening, hints, { replies: ['Why?', 'Since when?'], messages: [] });
    expect(wanted).toEqual([true, false]);
  });

  it('is gentle after danger, and still knows what they told', async () => {
    const gentle = { ...hints, gentle: true };
    expect(await writtenReply(bank, gentle, talk)).toEqual({ text: '(gentle)', from: 'mood' });
    // It may have been a misunderstanding: after two such replies the talk goes on, without joy.
    const later = { ...gentle, avoid: ['(gentle)', '(gentle)'] };
    expect(await writtenReply(bank, later, talk)).toEqual({ text: 'What was your dog like?', from: 'bank' });
    const glad = { ...later, lastMessage: 'I got the job and I am so happy' };
    expect((await writtenReply(bank, glad, { replies: [], messages: [glad.lastMessage] }))?.text).toBe(
      '(plain)',
    );
    const asked = { ...gentle, toldBack: 'You have a sister called Ana.' };
    expect(await writtenReply(bank, asked, talk)).toEqual({
      text: 'You have a sister called Ana.',
      from: 'told',
    });
  });

  it('is none where the platform asks for a topic: a model follows that', async () => {
    expect(await writtenReply(bank, { ...hints, goal: 'ask about music.' }, talk)).toBeNull();
  });
});
