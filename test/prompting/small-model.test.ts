import { expect, it } from 'vitest';
import { characterSchema } from '../../characters/schema.js';
import type { PromptInput, PromptTurn } from '../../src/prompting/prompt-input.js';
import { forSmallModel } from '../../src/prompting/small-model.js';

const greeting: PromptTurn = { speaker: 'supporter', text: 'Evening. What is going on?' };
const input: PromptInput = {
  character: characterSchema.parse({
    id: 'walter',
    name: 'Walter',
    supporterStatement: 'You are Walter. You fish. You had a dog. You tell long stories.',
  }),
  seeker: { facts: [], statement: 'My dog died last week. I look for him at the door. It rains.' },
  turns: [greeting, { speaker: 'seeker', text: 'The house is so quiet.' }],
  memories: [{ aspect: 'family', text: 'You like trains. The house was quiet when your dog had died.' }],
  shared: false,
};
const textsOf = (changes: Partial<PromptInput> = {}): string[] =>
  forSmallModel({ ...input, ...changes }).turns.map(({ text }) => text);

it('keeps two sentences of the statement and the one of a memory that fits', () => {
  const { character, memories } = forSmallModel(input);
  expect(character.supporterStatement).toBe('You are Walter. You fish.');
  expect(memories[0]?.text).toBe('The house was quiet when your dog had died.');
});

it('begins a short conversation with what the person had said of themselves', () => {
  expect(textsOf()).toEqual([
    'My dog died last week. I look for him at the door.',
    greeting.text,
    'The house is so quiet.',
  ]);
});

it.each<[string, Partial<PromptInput>]>([
  ['nothing was said', { seeker: { facts: [] } }],
  ['others read along', { shared: true }],
  ['the model plays the person', { role: 'seeker' }],
  ['it was the first message', { turns: [{ speaker: 'seeker', text: input.seeker.statement ?? '' }] }],
  [
    'the talk has gone on',
    { turns: Array.from({ length: 7 }, (_, n) => ({ speaker: 'seeker', text: `${n}.` })) },
  ],
])('does not where %s', (_why, changes) => {
  expect(textsOf(changes)).toEqual((changes.turns ?? input.turns).slice(-6).map(({ text }) => text));
});
