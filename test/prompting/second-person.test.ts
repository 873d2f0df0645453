import { describe, expect, it } from 'vitest';
import { toThemselves } from '../../src/text/second-person.js';

describe('what is known of somebody, said to them', () => {
  it.each([
    ['Priya has a sister called Ana.', 'Priya', 'You have a sister called Ana.'],
    ["Priya's father died in March.", 'Priya', 'Your father died in March.'],
    ['Priya lives in Leeds', 'Priya', 'You live in Leeds.'],
    ["Jo studies law and Jo's dog is Pip", 'Jo', 'You study law and your dog is Pip.'],
    [
      'Marisol and Daniel were together for four years.',
      'Marisol',
      'You and Daniel were together for four years.',
    ],
    [
      'Helen has been married to Robert for nineteen years.',
      'Helen',
      'You have been married to Robert for nineteen years.',
    ],
    ['Femi is a bus driver.', 'Femi', 'You are a bus driver.'],
    ['Lucia lives with her grandmother, Nonna Rosa.', 'Lucia', 'You live with your grandmother, Nonna Rosa.'],
    ['Jo met Ana and her husband', 'Jo', 'You met Ana and her husband.'],
    ['Jo never eats fish', 'Jo', 'You never eat fish.'],
    ['Jo goes to the choir on Mondays', 'Jo', 'You go to the choir on Mondays.'],
    ["Jo doesn't drink", 'Jo', "You don't drink."],
    ['The person moved to Oslo in August.', '', 'You moved to Oslo in August.'],
    ['I have a dog called Pip', '', 'You have a dog called Pip.'],
    ["I'm vegan", 'Jo', 'You are vegan.'],
    ['My wife is called Jelena', '', 'Your wife is called Jelena.'],
    ['my sister and I were raised by my aunt', '', 'Your sister and you were raised by your aunt.'],
  ])('%s (of %s): %s', (fact, name, told) => {
    expect(toThemselves(fact, name)).toBe(told);
  });

  it.each(['Paris is the capital of France.', '', 'Ana likes tea'])(
    'is nothing where it is told of somebody else: %s',
    (fact) => {
      expect(toThemselves(fact, 'Jo')).toBeNull();
    },
  );
});
