import { describe, expect, it } from 'vitest';
import { evades, toneFit } from '../../../inference/embedded/tone.js';

describe('tone', () => {
  it('prefers sympathy to cheer where somebody hurts, and judges nothing elsewhere', () => {
    const loss = 'I lost my job last month and I feel like a failure';
    expect(toneFit(loss, 'That is great! What kind of job do you have?')).toBe(-1);
    expect(toneFit(loss, 'I am sorry, that must be hard.')).toBe(1);
    expect(toneFit(loss, 'Tell me more.')).toBe(0);
    expect(toneFit('I won the race!', 'That is great!')).toBe(0);
  });

  it('notices a question about the character that is handed back', () => {
    expect(evades('what do you do for a living?', 'What kind of job do you have?')).toBe(true);
    expect(evades('what do you do for a living?', 'I drive a bus.')).toBe(false);
    expect(evades('where do you live?', 'My house is in Leeds.')).toBe(false);
    expect(evades('what should I do?', 'Have you tried to call them?')).toBe(false);
    expect(evades('I am tired', 'What happened?')).toBe(false);
  });
});
