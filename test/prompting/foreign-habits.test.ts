import { describe, expect, it } from 'vitest';
import { chat, turnNotes } from '../../src/prompting/chat.js';
import { noteLines } from '../../src/prompting/cleaning-rules.js';
import { ReplyPolish } from '../../src/prompting/reply-polish.js';
import { clean, ilka, inputOf, seeker } from './fixture.js';

const input = (name: string) =>
  inputOf({ character: ilka, seeker: { name, facts: [] }, turns: [seeker('hi')] });
/** The same text whole, and letter by letter. */
const cleaned = (text: string, name = 'Jo'): string => {
  const whole = clean(chat.cleaner(input(name)), [text]);
  expect(clean(chat.cleaner(input(name)), [...text])).toBe(whole);
  return whole;
};

describe('speaking for the person (issue 14, D.6, row 19)', () => {
  it.each([
    ['Jo: I feel low.', ''],
    ['I hear you.\nJo: thanks', 'I hear you.'],
    ['I hear you.\nYou: thanks', 'I hear you.'],
    ['I hear you.\n**Jo:** hi', 'I hear you.'],
    ['I hear you.\n**Jo**: hi', 'I hear you.'],
    ['I hear you.\nuser: hi', 'I hear you.'],
    ['I hear you.\n> Human: hi', 'I hear you.'],
    [
      'You know: I was there too.\nYour sister: she matters.',
      'You know: I was there too.\nYour sister: she matters.',
    ],
  ])('%j', (text, shown) => expect(cleaned(text)).toBe(shown));

  it('a person of one letter', () => expect(cleaned('I hear you.\nJ: thanks', 'J')).toBe('I hear you.'));
});

describe('marks of other templates (issue 14, D.6, row 20)', () => {
  it.each([
    'assistant\n\nThank you!',
    '<start_of_turn>user\nhi',
    '<|user|>hi',
    '<|start_header_id|>user<|end_header_id|>',
    '<|end_of_text|>',
    ' [/INST] more',
    '<|eom_id|>',
    '### Human: hi',
  ])('end the reply before %j', (mark) => expect(cleaned(`I hear you.${mark}`)).toBe('I hear you.'));

  it('words that only look like one stay', () =>
    expect(cleaned('I was a shop assistant\nfor years. Ask the user\nguide.')).toBe(
      'I was a shop assistant\nfor years. Ask the user\nguide.',
    ));
});

describe('notes that are echoed (issue 14, D.6, row 21)', () => {
  it('go, with their tags or without', () => {
    expect(cleaned('Support strategy for this reply: Question. I hear you.')).toBe('I hear you.');
    expect(cleaned('A memory of yours (food): soup\nI hear you.')).toBe('I hear you.');
  });

  it('every line of the notes is known', () => {
    const notes = turnNotes(
      inputOf({
        seeker: { name: undefined, facts: ['a fact'], statement: 'a statement' },
        memories: [{ aspect: 'food', text: 'soup' }],
        strategy: { label: 'Question', motivation: 'to learn' },
        goal: 'talk about music.',
        attributes: { attitude: 'kind' },
        caution: 'was rude',
        turns: [seeker('hi')],
      }),
    );
    const lines = (notes ?? '').split('\n').slice(1, -2);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines)
      expect(
        noteLines.some(({ open }) => line.startsWith(open)),
        line,
      ).toBe(true);
  });
});

describe('emoji and stage directions (issue 14, D.6, row 23)', () => {
  const polished = (text: string, rules = { maxEmoji: 2, stageDirections: true }): string => {
    const whole = new ReplyPolish(rules);
    const piecewise = new ReplyPolish(rules);
    const shown = whole.push(text) + whole.finish();
    expect([...text].map((char) => piecewise.push(char)).join('') + piecewise.finish()).toBe(shown);
    return shown;
  };

  it('emoji are bounded, each counted once', () => {
    expect(polished('I hear you 😊😊😊✨💕')).toBe('I hear you 😊😊');
    expect(polished('🇩🇪🇫🇷 and 🇮🇹')).toBe('🇩🇪🇫🇷 and ');
    expect(polished('🇩🇪 🏴󠁧󠁢󠁳󠁣󠁴󠁿🏴󠁧󠁢󠁷󠁬󠁳󠁿!')).toBe('🇩🇪 🏴󠁧󠁢󠁳󠁣󠁴󠁿!');
    expect(polished('🇩 🇪 🎉')).toBe('🇩 🇪 ');
    expect(polished('👩‍👩‍👧‍👦 and 👋🏽 and 🎉 5 © #1')).toBe('👩‍👩‍👧‍👦 and 👋🏽 and  5 © #1');
  });

  it('stage directions go where they are not wanted, emphasis stays', () => {
    const without = { maxEmoji: 2, stageDirections: false };
    expect(polished('*smiles warmly* I hear *you*. *nods* Go **on**. 2 * 3', without)).toBe(
      ' I hear *you*.  Go **on**. 2 * 3',
    );
    expect(polished('*smiles* Hi')).toBe('*smiles* Hi');
  });
});
