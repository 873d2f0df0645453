import { describe, expect, it } from 'vitest';
import { lorebookSchema } from '../../characters/lorebook.js';
import { chooseLore } from '../../src/memory/lore.js';

const names = { char: 'Mira', user: 'Ada' };
const told = (book: unknown, ...lines: string[]): string[] =>
  chooseLore(lorebookSchema.parse(book), lines, names).told.map(({ text }) => text);
const entry = (keys: unknown, content: string, more: object = {}): object => ({
  ...{ keys, content, enabled: true, insertion_order: 1 },
  ...more,
});
const fires = (key: unknown, text: string, more: object = {}): boolean =>
  told({ entries: [entry(Array.isArray(key) ? key : [key], 'lore', more)] }, text).length > 0;

describe('a lorebook (issue 15, part 5)', () => {
  it.each([
    ['Ærø', 'We sailed to Ærø.', true],
    ['Ærø', 'The Ærøskøbing ferry', false],
    ['雪山', '昨日雪山に登った', true],
    ['#tag', 'see #tag, please', true],
    ['fox', 'The foxglove', false],
    ['fox', 'a Fox!', true],
    ['C++', 'I write C++ at work', true],
  ])('row 13: the key %s in "%s": %s', (key, text, wanted) => {
    expect(fires(key, text)).toBe(wanted);
  });

  it.each([
    ['/fox(es)?/i', 'Foxes sleep', true],
    ['/fox(es)?/', 'Foxes sleep', false],
    ['/left/right', 'go /left/right here', true],
    ['/left/right', 'left', false],
    ['and/or', 'this and/or that', true],
  ])('row 14: %s in "%s": %s', (key, text, wanted) => {
    expect(fires(key, text)).toBe(wanted);
  });

  it('row 14: `use_regex` on an entry of SillyTavern says nothing, on others it does', () => {
    const theirs = { use_regex: true, extensions: { display_index: 0 } };
    expect(fires('C++', 'I write C++ at work', theirs)).toBe(true);
    expect(fires('fox.s', 'a foxes b', theirs)).toBe(false);
    expect(fires('fox.s', 'a foxes b', { use_regex: true })).toBe(true);
    expect(fires('C++', 'I write C++ at work', { use_regex: true })).toBe(true);
  });

  it('row 15: an expression that runs away matches nothing, in bounded time, and takes no other with it', () => {
    const hostile = Array.from({ length: 50 }, () => entry(['/(x+)+y/'], 'bad'));
    const startedAt = performance.now();
    const found = told({ entries: [...hostile, entry(['fox'], 'good')] }, `${'x'.repeat(5_000)} fox`);
    expect(found).toEqual(['good']);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(fires('/(unclosed/', 'x')).toBe(false);
  });

  it.each([
    ['choices', `/${'(a|a)'.repeat(24)}b/`, 'a'.repeat(200)],
    ['a reference back', `/(a)${'(a|\\1)'.repeat(24)}b/`, 'a'.repeat(200)],
    ['brackets written out', `/${'\\(?'.repeat(26)}b/`, '('.repeat(200)],
  ])('an expression without repetition that runs away is stopped too: %s (memory, 1)', (_, key, text) => {
    const startedAt = performance.now();
    expect(told({ entries: [entry([key], 'bad'), entry(['fox'], 'good')] }, `${text} fox`)).toEqual(['good']);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  it('still finds words of which one is to stand there (memory, 1)', () => {
    expect(fires('/\\b(?:cat|dog)s?\\b/i', 'Two Dogs')).toBe(true);
    expect(fires('/cat|dog|fox|owl|hen/', 'an owl')).toBe(true);
  });

  it('plain keys take bounded time, however many there are (memory, 2)', () => {
    const keys = (n: number): string[] =>
      Array.from({ length: 300 }, (_, k) => `${'a '.repeat(20)}${n}.${k}`);
    const many = Array.from({ length: 300 }, (_, n) => entry(keys(n), 'bad'));
    const parsed = lorebookSchema.parse({ entries: many });
    const startedAt = performance.now();
    chooseLore(parsed, ['A '.repeat(8_000)], names);
    expect(performance.now() - startedAt).toBeLessThan(800);
  });

  it('an entry keeps so many keys and no more (memory, 2)', () => {
    const keys = Array.from({ length: 1_000 }, (_, n) => `key ${n}`);
    const [first] = lorebookSchema.parse({ entries: [entry(keys, 'x')] }).entries;
    expect(first?.keys).toHaveLength(300);
  });

  it.each([
    [0, 'a', false],
    [0, 'a b', true],
    [1, 'a b', true],
    [1, 'a b c', false],
    [2, 'a', true],
    [2, 'a b', false],
    [3, 'a b', false],
    [3, 'a b c', true],
  ])('row 16: numeric logic %d for "%s": %s', (selectiveLogic, text, wanted) => {
    expect(fires('a', text, { secondary_keys: ['b', 'c'], extensions: { selectiveLogic } })).toBe(wanted);
  });

  it('row 17: what is too big leaves its room to others, constants included, and is counted', () => {
    const book = {
      token_budget: 50,
      entries: [
        entry(['a'], 'x'.repeat(320)),
        entry(['a'], 'y'.repeat(80)),
        entry([], 'z'.repeat(240), { constant: true }),
      ],
    };
    const chosen = chooseLore(lorebookSchema.parse(book), ['a'], names);
    expect(chosen.told.map(({ text }) => text)).toEqual(['y'.repeat(80)]);
    expect(chosen.skipped).toBe(2);
  });

  it('row 18: what found no room calls for nothing; each is told once; the chain ends', () => {
    const looped = [entry(['a'], 'speaks of b'), entry(['b'], 'speaks of a')];
    expect(told({ recursive_scanning: true, entries: looped }, 'a')).toEqual(['speaks of b', 'speaks of a']);
    expect(told({ recursive_scanning: false, entries: looped }, 'a')).toEqual(['speaks of b']);
    const tooBig = [entry(['a'], `b ${'x'.repeat(500)}`), entry(['b'], 'small')];
    expect(told({ recursive_scanning: true, token_budget: 50, entries: tooBig }, 'a')).toEqual([]);
    const chain = Array.from({ length: 9 }, (_, n) => entry([`k${n}`], `see k${n + 1}`));
    expect(told({ recursive_scanning: true, entries: chain }, 'k0')).toHaveLength(4);
  });

  it.each(['excludeRecursion', 'exclude_recursion'])(
    'row 12: %s, on the entry or among its extensions',
    (name) => {
      const looped = (more: object) => [entry(['a'], 'speaks of b'), entry(['b'], 'never', more)];
      for (const more of [{ [name]: true }, { extensions: { [name]: true } }])
        expect(told({ recursive_scanning: true, entries: looped(more) }, 'a')).toEqual(['speaks of b']);
      expect(told({ recursive_scanning: true, entries: looped({ [name]: false }) }, 'a')).toHaveLength(2);
    },
  );

  it('decorators are cut, the first of a name holds, and @@@ stands in for what is unknown', () => {
    const lore = (content: string, ...lines: string[]): string[] =>
      told({ entries: [entry(['a'], content)] }, ...lines);
    expect(lore('@@depth 4\n@@unheard_of\n\nText', 'a')).toEqual(['Text']);
    expect(lore('@@dont_activate\nText', 'a')).toEqual([]);
    expect(lore('@@dont_activate\n@@activate\nText', 'x')).toEqual(['Text']);
    expect(lore('@@x 1\n@@@y 1\n@@@z 1\n@@@w 1\n@@@v 1\n@@@dont_activate\nText', 'a')).toEqual([]);
    expect(lore('@@scan_depth 1\n@@@dont_activate\nText', 'a')).toEqual(['Text']);
    expect(lore('@@scan_depth 1\n@@scan_depth 9\nText', 'a', 'x')).toEqual([]);
    expect(lore('@@additional_keys b, c\nText', 'a')).toEqual([]);
    expect(lore('@@additional_keys b, c\nText', 'a c')).toEqual(['Text']);
    expect(lore('@@exclude_keys b\nText', 'a b')).toEqual([]);
    expect(lore('@@depth 1', 'a')).toEqual([]);
  });

  it('decorators ask about replies and the greeting', () => {
    const book = (content: string) => lorebookSchema.parse({ entries: [entry(['a'], content)] });
    const count = (content: string, context: object): number =>
      chooseLore(book(content), ['a'], { ...names, ...context }).told.length;
    expect(count('@@activate_only_after 3\nT', { replies: 2 })).toBe(0);
    expect(count('@@activate_only_after 3\nT', { replies: 3 })).toBe(1);
    expect(count('@@activate_only_every 2\nT', { replies: 3 })).toBe(0);
    expect(count('@@is_greeting 0\nT', { greeting: 1 })).toBe(0);
    expect(count('@@is_greeting 0\nT', { greeting: 0 })).toBe(1);
    expect(count('@@is_greeting 4\nT', {})).toBe(1);
  });

  it('macros: hidden keys are found in what was told, comments are in neither', () => {
    const entries = [
      entry(['a'], 'told{{hidden_key:b}}{{// c}}'),
      entry(['b'], 'by b'),
      entry(['c'], 'by c'),
    ];
    expect(told({ recursive_scanning: true, entries }, 'a')).toEqual(['told', 'by b']);
  });

  it('an expression of Character Card V3 voids `constant`; SillyTavern’s does not', () => {
    expect(fires('x', 'y', { constant: true, use_regex: true })).toBe(false);
    expect(fires('x', 'y', { constant: true, use_regex: true, extensions: { display_index: 0 } })).toBe(true);
  });

  it('reads so many lines, orders by insertion, drops what has least priority, and leaves out what is off', () => {
    const book = {
      scan_depth: 2,
      token_budget: 3,
      entries: [
        entry(['a'], 'second', { insertion_order: 2, priority: 5 }),
        entry(['a'], 'first', { insertion_order: 1, priority: 9 }),
        entry(['a'], 'third', { insertion_order: 0, priority: 1 }),
        entry(['a'], 'never', { enabled: false }),
      ],
    };
    expect(told(book, 'a', 'x')).toEqual(['first', 'second']);
    expect(told(book, 'a', 'x', 'y')).toEqual([]);
  });

  it('puts names in, in one pass, and leaves decorators out', () => {
    const book = { entries: [entry(['a'], '@@depth 4\n{{char}} owes {{USER}} $&')] };
    const odd = chooseLore(lorebookSchema.parse(book), ['a'], { char: '{{user}}', user: '$1' });
    expect(odd.told[0]?.text).toBe('{{user}} owes $1 $&');
  });

  it('takes off-type fields of other programs as they come', () => {
    expect(
      told({ extensions: null, entries: [entry('a, b', 'x', { priority: '', secondary_keys: null })] }, 'b'),
    ).toEqual(['x']);
  });

  it('orders by position, SillyTavern’s numbers among them, then by insertion', () => {
    const book = {
      entries: [
        entry(['a'], 'near', { insertion_order: 1, extensions: { position: 4 } }),
        entry(['a'], 'after', { insertion_order: 1, position: 'after_char' }),
        entry(['a'], 'later', { insertion_order: 2 }),
        entry(['a'], 'before', { insertion_order: 9, position: 'before_char' }),
        entry(['a'], 'first', { insertion_order: 3, position: 'after_char', extensions: { position: 0 } }),
      ],
    };
    expect(told(book, 'a')).toEqual(['first', 'before', 'after', 'later', 'near']);
    const { told: all } = chooseLore(lorebookSchema.parse(book), ['a'], names);
    expect(all.map(({ place }) => place)).toEqual(['before', 'before', 'after', 'after', 'near']);
  });

  it('tells an entry with a probability in about so many turns, and the same turn the same', () => {
    const turns = (more: object): number =>
      Array.from({ length: 400 }, (_, n) => n).filter((n) => {
        const book = lorebookSchema.parse({ entries: [entry(['a'], 'x', { constant: true, ...more })] });
        const once = chooseLore(book, ['a'], { ...names, seed: `talk#${n}` }).told.length;
        expect(chooseLore(book, ['a'], { ...names, seed: `talk#${n}` }).told.length).toBe(once);
        return once > 0;
      }).length;
    expect(turns({ probability: 25 })).toBeGreaterThan(60);
    expect(turns({ extensions: { probability: 25 } })).toBeLessThan(140);
    expect(turns({ probability: 0 })).toBe(0);
    expect(turns({ extensions: { probability: 0, useProbability: false } })).toBe(400);
    expect(turns({ probability: 'often' })).toBe(400);
  });
});
