import { type PromptInput, shortNameOf } from './prompt-input.js';
import { otherNames } from './shared-lines.js';
import type { CleaningRules } from './stream-cleaner.js';

/** End-of-turn marks of the common checkpoints and chat templates. */
const endMarks = [
  '</s>',
  '<|eot|>',
  '<|eot_id|>',
  '<|endoftext|>',
  '<|im_end|>',
  '<|im_start|>',
  '<|end|>',
  '<end_of_turn>',
];

/** What the replies of every format are cleaned of: own name in front, others' lines behind, leaked tags. */
export function cleaningRules(
  input: PromptInput,
  formatStops: readonly string[],
  otherSpeakers: readonly string[] = [],
): CleaningRules {
  const own = [...new Set([input.character.name, shortNameOf(input.character)])];
  const others = [...otherNames(input), ...otherSpeakers].filter((name) => !own.includes(name));
  return {
    stops: [...new Set([...formatStops, ...endMarks, ...others.map((name) => `\n${name}:`)])],
    removed: ['<|NONSTOP|>', '<s>', '<|assistant|>', '<|begin_of_text|>'],
    blocks: [
      ...(formatStops.includes('[INFO-') ? [] : [{ open: '[INFO-', close: ']' }]),
      { open: '<turn-notes>', close: '</turn-notes>' },
      { open: '<think>', close: '</think>' },
    ],
    prefixes: [
      ...own.flatMap((name) => [
        `${name}:`,
        `${name} (speaking):`,
        `${name} (thinking):`,
        `**${name}:**`,
        `**${name}**:`,
      ]),
      ...(input.begun ? [input.begun] : []),
      '(speaking):',
      '(speaking)',
    ],
  };
}
