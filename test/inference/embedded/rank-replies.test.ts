import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../inference/embedded/chat-messages.js';
import {
  contradictsPersona,
  type RankContext,
  rankReplies,
} from '../../../inference/embedded/rank-replies.js';
import { saidSoFar, wholeSentences, wordByWord } from '../../../inference/embedded/reply-text.js';

const persona = 'You are Ada Lind, a 34-year-old nurse from Oslo who plays the cello.';
const context: RankContext = {
  lastMessage: 'I failed my exam and I am ashamed.',
  persona,
  memory: 'You failed the nursing exam twice before you passed.',
  goal: null,
  said: { replies: ['Hello, I am glad that you wrote to me today.'], messages: [] },
  relevance: null,
};

function reply(text: string, changes: Partial<Candidate> = {}): Candidate {
  return {
    text,
    tokens: [1, 2, 3],
    meanLogProbability: -2,
    finishReason: 'stop',
    stopReason: '</s>',
    ...changes,
  };
}

function bestOf(texts: readonly (string | Candidate)[], changes: Partial<RankContext> = {}): string {
  const candidates = texts.map((text) => (typeof text === 'string' ? reply(text) : text));
  return rankReplies(candidates, { ...context, ...changes })[0]?.candidate.text ?? '';
}

describe('rankReplies', () => {
  const good = 'Oh, an exam can hurt like that. What happened before it?';
  it.each([
    ['a loop', 'I know how it is I know how it is I know how it is.'],
    ['a stutter', 'That is very very very hard, an exam.'],
    ['its own words again', 'Hello, I am glad that you wrote to me today, exam.'],
    ["the person's own words", 'I failed my exam and I am ashamed.'],
    ['a run of the person', 'So I failed my exam and I see.'],
    ['another name', 'I am Peter, and an exam is hard.'],
    ['another age', "I'm 19 years old and know exams."],
    ['next to nothing', 'Oh exam.'],
    ['nothing', ' … '],
    ['something else', 'My car is red and the shop is closed on Sunday.'],
  ])('prefers a fitting reply to %s', (_what, bad) => {
    expect(bestOf([bad, good])).toBe(good);
  });

  it('prefers what was finished to what was cut, and the likelier of two', () => {
    expect(bestOf([reply(good, { finishReason: 'length' }), reply(`${good} Yes.`)])).toBe(`${good} Yes.`);
    expect(
      bestOf([
        reply('That sounds hard for you.', { meanLogProbability: -3 }),
        reply('That is hard for you.'),
      ]),
    ).toBe('That is hard for you.');
  });

  it('uses the memory of this turn', () => {
    const recalls = 'It took me three tries in nursing, and I passed.';
    expect(bestOf(['It is a long way, and you can walk it.', recalls])).toBe(recalls);
  });

  it('follows the goal of this turn', () => {
    const goal = 'ask about hobbies';
    const asks = 'Do you have any hobbies these days?';
    expect(bestOf(['Exams are hard, I know that well.', asks], { goal })).toBe(asks);
  });

  it.each([
    ['the cosines where an encoder gives them', { lastMessage: [0.1, 0.9], answer: null }],
    ['the trained ranker where there is one', { lastMessage: [0.5, 0.4], answer: [0.1, 0.6] }],
  ])('follows %s', (_what, found) => {
    const relevance = { ...found, memory: null, goal: null };
    expect(bestOf(['First reply here.', 'Second reply here.'], { relevance })).toBe('Second reply here.');
  });

  it('returns every candidate once, best first, and says what the score is made of', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 8 }), (texts) => {
        const ranking = rankReplies(
          texts.map((text) => reply(text)),
          context,
        );
        expect(ranking.map(({ candidate }) => candidate.text).sort()).toEqual([...texts].sort());
        for (const [place, { score, parts }] of ranking.entries()) {
          expect(score).toBeCloseTo(Object.values(parts).reduce((sum, part) => sum + part, 0));
          expect(score).toBeLessThanOrEqual(ranking[place - 1]?.score ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });
});

describe('contradictsPersona', () => {
  it.each([
    ["I'm Ada, nice to meet you.", false],
    ['I am Ada and I play the cello.', false],
    ["My name is Lind, I'm 34.", false],
    ["I'm sorry to hear that.", false],
    ["I'm OK, and you?", false],
    ['You are 19 years old?', false],
    ['my name is Mark', true],
    ["I'm Mark.", true],
    ['I am a 20 year old student.', true],
    ["I'm 50, you know.", true],
  ])('"%s": %s', (text, expected) => {
    expect(contradictsPersona(text, persona)).toBe(expected);
  });

  it('needs a persona that says its name and age', () => {
    expect(contradictsPersona("I'm Mark and I'm 50.", 'A kind listener.')).toBe(false);
  });
});

describe('reply text', () => {
  it('ends a cut reply at its last whole sentence, where that leaves enough', () => {
    expect(wholeSentences('I hear you well. That must be')).toBe('I hear you well.');
    expect(wholeSentences('Yes. That must be very')).toBe('Yes. That must be very');
    expect(wholeSentences('No end here')).toBe('No end here');
  });

  it('goes word by word and loses nothing', () => {
    expect(wordByWord('Hi there,  you.')).toEqual(['Hi ', 'there,  ', 'you.']);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(wordByWord(text).join('')).toBe(text);
      }),
    );
  });

  it('finds the earlier replies in either kind of request', () => {
    const prompt = '<SYSTEM>s<SEEKER>a<SUPPORTER>b<SEEKER>c<SUPPORTER>[INFO-m]';
    expect(saidSoFar({ endpoint: 'completions', body: { model: 'm', prompt } })).toEqual({
      replies: ['b'],
      messages: ['a', 'c'],
    });
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ] as const;
    expect(saidSoFar({ endpoint: 'chat/completions', body: { model: 'm', messages } })).toEqual({
      replies: ['b'],
      messages: ['a'],
    });
  });
});
