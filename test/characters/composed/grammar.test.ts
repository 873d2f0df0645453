import { describe, expect, it } from 'vitest';
import { article, fill, secondPerson, sentence, small } from '../../../characters/composed/grammar.js';

describe('articles', () => {
  it.each([
    ['nurse', 'a'],
    ['electrician', 'an'],
    ['hour', 'an'],
    ['honest', 'an'],
    ['university', 'a'],
    ['uniform', 'a'],
    ['uninvited', 'an'],
    ['unmade', 'an'],
    ['European', 'a'],
    ['one', 'a'],
    ['user', 'a'],
    ['usher', 'an'],
    ['umbrella', 'an'],
    ['Ålesund', 'an'],
    ['Évora', 'an'],
    ['18-year-old', 'an'],
    ['11-year-old', 'an'],
    ['80-year-old', 'an'],
    ['85-year-old', 'an'],
    ['38-year-old', 'a'],
    ['100-year-old', 'a'],
    ['19-year-old', 'a'],
    ['ukulele', 'a'],
    ['X-ray', 'an'],
    ['unit', 'a'],
    ['heir', 'an'],
    ['house', 'a'],
  ])('%s takes "%s"', (word, expected) => {
    expect(article(word)).toBe(expected);
  });
});

describe('slots', () => {
  const value = (slot: string): string =>
    ({ town: 'Ibadan', region: 'the Netherlands', man: 'Otto' })[slot] ?? slot;

  it('are filled wherever they stand', () => {
    expect(fill('You met {man} in {town}. {man} never left {town}.', value)).toBe(
      'You met Otto in Ibadan. Otto never left Ibadan.',
    );
  });

  it('bring their article', () => {
    expect(fill('You wear a {town} scarf. A {town} tram passes.', value)).toBe(
      'You wear an Ibadan scarf. An Ibadan tram passes.',
    );
    expect(fill('an {region} of', () => 'country')).toBe('a country of');
  });

  it('begin a sentence with a capital', () => {
    expect(fill('It rains. {region} is like that.', value)).toBe('It rains. The Netherlands is like that.');
    expect(fill('It rains in {region}.', value)).toBe('It rains in the Netherlands.');
    expect(fill('{region} is wet.', value)).toBe('The Netherlands is wet.');
  });
});

describe('agreement', () => {
  it.each([
    ['understands what it is to wait', 'understand what it is to wait'],
    ['knows shame and has made peace with it', 'know shame and have made peace with it'],
    ['has been there', 'have been there'],
    ['is patient', 'are patient'],
    ['carries it', 'carry it'],
    ['watches and waits', 'watch and waits'],
    ['goes slowly', 'go slowly'],
    ['misses nothing', 'miss nothing'],
  ])('"%s" after "you" is "%s"', (third, second) => {
    expect(secondPerson(third)).toBe(second);
  });

  it('ends sentences once and keeps "I" large', () => {
    expect(sentence('It rains')).toBe('It rains.');
    expect(sentence('Often says "So."')).toBe('Often says "So."');
    expect(small('Dry and quick')).toBe('dry and quick');
    expect(small("I'm here")).toBe("I'm here");
  });
});
