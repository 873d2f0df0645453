import { describe, expect, it } from 'vitest';
import { inThirdPerson } from '../../src/text/third-person.js';

describe('a fact that somebody wrote of themselves', () => {
  it.each([
    ["I'm vegan and my dog is called Pip.", 'Jo is vegan and their dog is called Pip.'],
    ['I live in Leeds with my sister Ana', 'Jo lives in Leeds with their sister Ana'],
    ['I have two kids', 'Jo has two kids'],
    ['i have two kids', 'Jo has two kids'],
    ['My wife is called Jelena.', "Jo's wife is called Jelena."],
    ['I really like chess', 'Jo really likes chess'],
    ["I don't drink", 'Jo does not drink'],
    ['I moved to Basel last week', 'Jo moved to Basel last week'],
    ['I work nights and I hate it', 'Jo works nights and they hate it'],
    ['I can swim', 'Jo can swim'],
    ['I study biology', 'Jo studies biology'],
    ['I teach children', 'Jo teaches children'],
    ['Jo has a cat.', 'Jo has a cat.'],
    ['allergic to peanuts', 'allergic to peanuts'],
    ['Ich heiße Anna', 'Ich heiße Anna'],
  ])('%s → %s', (fact, told) => {
    expect(inThirdPerson(fact, 'Jo')).toBe(told);
  });
});
