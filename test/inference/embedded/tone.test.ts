import { describe, expect, it } from 'vitest';
import { evades, toneFit } from '../../../inference/embedded/rank-replies.js';

describe('tone', () => {
  it('prefers sympathy to cheer where somebody hurts, and judges nothing elsewhere', () => {
    const loss = 'I lost my job last month and I feel like a failure';
    expect(toneFit([loss], 'That is great! What kind of job do you have?')).toBe(-1);
    expect(toneFit([loss], 'I am sorry, that must be hard.')).toBe(1);
    expect(toneFit([loss], 'Tell me more.')).toBe(0);
    expect(toneFit(['I won the race!'], 'That is great!')).toBe(0);
  });

  it('knows that trouble told a moment ago is still there, unless the person is glad of something', () => {
    const told = ['I failed my exam again.', 'It was maths. I studied for weeks.'];
    for (const cheerful of [
      "That's really impressive.",
      "That's good. Is he a doctor?",
      'That is a good idea.',
    ])
      expect(toneFit(told, cheerful)).toBe(-1);
    expect(toneFit(told, 'I am sorry.')).toBe(0);
    expect(toneFit([...told, "I'm not very happy with myself."], "That's good.")).toBe(-1);
    expect(toneFit([...told, "I don't feel better."], 'How exciting!')).toBe(-1);
    expect(toneFit([...told, 'But I passed the second one!'], "That's good to hear.")).toBe(0);
    expect(toneFit([...told, 'I cook a lot.', 'Pasta.', 'With tomatoes.'], 'That is a good idea.')).toBe(0);
    expect(toneFit(told, "That's not good. What happened?")).toBe(0);
    expect(toneFit(told, 'You have a good friend in her.')).toBe(0);
  });

  it('notices a question about the character that is handed back', () => {
    expect(evades('what do you do for a living?', 'What kind of job do you have?')).toBe(true);
    expect(evades('what do you do for a living?', 'I drive a bus.')).toBe(false);
    expect(evades('where do you live?', 'My house is in Leeds.')).toBe(false);
    expect(evades('what should I do?', 'Have you tried to call them?')).toBe(false);
    expect(evades('I am tired', 'What happened?')).toBe(false);
  });
});
