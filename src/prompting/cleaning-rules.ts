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
  '<|eom_id|>',
  '<|im_sep|>',
  '<|end_of_text|>',
  '<|end_of_turn|>',
  '<|start_header_id|>',
  '<|end_header_id|>',
  '<|user|>',
  '<|system|>',
  '<|return|>',
  '<|END_OF_TURN_TOKEN|>',
  '<|START_OF_TURN_TOKEN|>',
  '<end_of_turn>',
  '<start_of_turn>',
  '<end_of_utterance>',
  '<｜end▁of▁sentence｜>',
  '<｜User｜>',
  '<eos>',
  '[INST]',
  '[/INST]',
  '### Instruction',
  '### Human',
  '### User',
];

/** Who the templates of models call the person. */
const personRoles = ['You', 'User', 'Human', 'Seeker', 'USER', 'HUMAN', 'user', 'human'];

/** What the notes of a turn begin with (`turnNotes` in chat.ts), and where it ends: a model may repeat them without their tags. */
export const noteLines: readonly { readonly open: string; readonly close: string }[] = [
  { open: 'Support strategy for this reply:', close: '.' },
  { open: 'Lead the conversation gently:', close: '.' },
  { open: 'Style of this reply:', close: '.' },
  { open: 'A memory of yours (', close: '\n' },
  { open: 'A fact about the person:', close: '\n' },
  { open: 'The person asked you to remember:', close: '\n' },
  { open: 'The person seems to have said:', close: '\n' },
  { open: 'The person about themselves:', close: '\n' },
  { open: 'A first wording of this reply was withheld', close: '\n' },
];

/** A beginning of so many UTF-16 units is not begun alike by chance. */
const saidAgain = 8;

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
    speakers: [...new Set([...others, ...personRoles])].filter((name) => !own.includes(name)),
    removed: [
      '<|NONSTOP|>',
      '<s>',
      '<bos>',
      '<|assistant|>',
      '<|begin_of_text|>',
      '</turn-notes>',
      '<character-card>',
      '</character-card>',
    ],
    blocks: [
      ...(formatStops.includes('[INFO-') ? [] : [{ open: '[INFO-', close: ']' }]),
      { open: '<turn-notes>', close: '</turn-notes>' },
      ...noteLines,
      ...[...own, 'yourself'].map((name) => ({
        open: `Now answer as ${name}, without mentioning`,
        close: 'these notes.',
      })),
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
      // The whole beginning said again, not a word that happens to begin alike.
      ...(input.begun && input.begun.length >= saidAgain ? [input.begun] : []),
      '(speaking):',
      '(speaking)',
    ],
  };
}
