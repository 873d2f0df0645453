import { describe, expect, it } from 'vitest';
import { withMacros } from '../../characters/macros.js';
import { asPlayed, greetingFor, greetingsFor, greetingsOf } from '../../characters/played.js';
import { characterSchema } from '../../characters/schema.js';

const values = { char: 'Mia', user: 'Jo', seed: 's' };
const said = (text: string, more: object = {}): string => withMacros(text, { ...values, ...more });

describe('macros of Character Card V3', () => {
  it.each([
    ['{{char}} and {{User}}, <BOT>, <char>, <USER>', 'Mia and Jo, Mia, Mia, Jo'],
    ['{{// not told {{char}} }}x{{comment: c}}y', 'xy'],
    ['a{{hidden_key:bees}}b', 'ab'],
    ['{{reverse:abc}}', 'cba'],
    ['{{pick:one}}', 'one'],
    ['{{random:a\\,b}}', 'a,b'],
    ['{{random:{{user}}}}', 'Jo'],
    ['{{roll:1}}{{roll:d1}}', '11'],
    ['{{roll:zero}}{{roll:0}}', ''],
    ['{{unknown::x}} {{ {{char', '{{unknown::x}} {{ {{char'],
    ['{{{char}}}', '{Mia}'],
    ['$& {{char}} $1', '$& Mia $1'],
  ])('%s', (text, wanted) => {
    expect(said(text)).toBe(wanted);
  });

  it('row 19: what is put in is never read again', () => {
    expect(said('{{user}} pays Cash $&', { user: '{{roll:6}} $& <bot>' })).toBe(
      '{{roll:6}} $& <bot> pays Cash $&',
    );
  });

  it('chances are those listed, the same for the same conversation', () => {
    const drawn = Array.from({ length: 60 }, (_, seed) =>
      said('{{random:a,b,c}}{{roll:6}}', { seed: String(seed) }),
    );
    expect(new Set(drawn.map((text) => text[0]))).toEqual(new Set(['a', 'b', 'c']));
    expect(drawn.every((text) => /^[abc][1-6]$/.test(text))).toBe(true);
    expect(said('{{pick:a,b,c,d,e,f}}')).toBe(said('{{pick:a,b,c,d,e,f}}'));
  });

  it('hidden keys are there where texts are searched', () => {
    expect(said('a{{hidden_key:bees}}', { keys: true })).toBe('a\nbees\n');
  });

  it.each([
    '{{'.repeat(40_000),
    '{{random:'.repeat(10_000) + '}}'.repeat(10_000),
    '{{original}}'.repeat(20_000),
    '}}{{'.repeat(30_000),
  ])('hostile text ends soon', (text) => {
    const startedAt = performance.now();
    expect(said(text, { original: 'x'.repeat(200) }).length).toBeLessThanOrEqual(200_000);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('a character as it is played', () => {
  const plain = { id: 'mia', name: 'Mia Berg', supporterStatement: 'You are {{char}}.' };
  const card = { greetings: ['Other'], groupGreetings: ['g'], systemPrompt: '{{original}} Be brief.' };

  it('only the texts of a card hold macros', () => {
    expect(asPlayed(characterSchema.parse(plain), { user: 'Jo', seed: 's' }).supporterStatement).toBe(
      'You are {{char}}.',
    );
    const played = asPlayed(characterSchema.parse({ ...plain, shortName: 'Mi', card }), {
      user: 'Jo',
      seed: 's',
    });
    expect(played.supporterStatement).toBe('You are Mi.');
    expect(played.card?.systemPrompt).toBe('You play Mia Berg in a chat. Be brief.');
  });

  it('row 32: every greeting may be chosen, never one that is meant for groups alone', () => {
    const character = characterSchema.parse({ ...plain, greeting: 'Hi {{user}}', card });
    expect(greetingsOf(character)).toEqual(['Hi {{user}}', 'Other']);
    expect(greetingFor(character, { user: '', seed: 's' })).toBe('Hi you');
    expect(greetingFor(character, { user: 'Jo', seed: 's' }, 1)).toBe('Other');
    expect(greetingFor(character, { user: 'Jo', seed: 's' }, 7)).toBe('Hi Jo');
  });

  it('draws so many dice and no more, however many are written', () => {
    const started = performance.now();
    const text = withMacros('{{roll:99d9}} '.repeat(4_900), { char: 'Mia', user: 'Ann', seed: 's' });
    expect(performance.now() - started).toBeLessThan(200);
    expect(text).toMatch(/^\d+ \d+ /);
    expect(text.endsWith('{{roll:99d9}} ')).toBe(true);
  });

  it('all greetings together draw no more than one text may (cards 2.2)', () => {
    const greetings = Array.from({ length: 100 }, () => '{{roll:6}} '.repeat(500));
    const character = characterSchema.parse({ ...plain, greeting: '{{roll:6}}', card: { greetings } });
    const started = performance.now();
    const said = greetingsFor(character, { user: '', seed: 's' });
    expect(performance.now() - started).toBeLessThan(200);
    expect(said).toHaveLength(101);
    expect(said[0]).toBe(greetingFor(character, { user: '', seed: 's' }));
    expect(said.join(' ').match(/(?<!:)\b\d\b/g)).toHaveLength(500);
    expect(said.at(-1)).toMatch(/^\{\{roll:6\}\} .*\{\{roll:6\}\}$/);
  });

  it('however deep macros lie in one another, all greetings together take bounded work (cards 2.2)', () => {
    const nested = '{{reverse:'.repeat(8) + 'x'.repeat(5_900) + '}}'.repeat(8);
    const character = characterSchema.parse({ ...plain, card: { greetings: Array(100).fill(nested) } });
    const said = greetingsFor(character, { user: '', seed: 's' });
    expect(said[0]).toBe('x'.repeat(5_900));
    expect(said.at(-1)).toMatch(/^\{\{reverse:/);
  });
});
