import type { Life, Part } from './part-schema.js';
import { chosenBy } from './seeded.js';

export interface Person {
  readonly name: string;
  readonly given: string;
  readonly age: number;
  readonly town: string;
  /** As it stands after "in". */
  readonly country: string;
}

type Rule = readonly [question: string, answers: readonly string[]];

const partners: Readonly<Record<NonNullable<Life['partner']>, readonly string[]>> = {
  yes: [
    'Yes, there is somebody, and has been for a good while. And you?',
    "I'm not alone in that, no. I have somebody, and I'm glad of it.",
    'Yes, I have somebody at my side. We have got used to each other, in the good sense.',
  ],
  no: [
    "No, there's nobody at the moment. It's all right most days.",
    "I'm on my own in that way. How is it with you?",
    'No. I have people I love, but no partner just now.',
  ],
  ex: [
    'There was somebody. We parted, and I have made my peace with most of it.',
    "Not any more. We went separate ways, and I'm learning my own rhythm.",
    'No, that ended. It took me a while to say so without looking at the floor.',
  ],
  widowed: [
    'I was, and death ended it. I still talk about us as if we were two.',
    'I was half of a pair for a long time. I have been on my own since the funeral.',
    "I'm widowed. Some days it's a word, and some days it's the whole house.",
  ],
};
const children: Readonly<Record<NonNullable<Life['children']>, readonly string[]>> = {
  none: [
    'No, I have none. Do you?',
    "No children, no. I'm good with other people's, though.",
    "I don't have any. Have you?",
  ],
  small: [
    "Yes, and still small, so I'm rarely bored.",
    'I do, the kind that still needs help with shoes. And you?',
    'Yes. Small ones, big opinions.',
  ],
  grown: [
    'Yes, grown up by now. One never stops being asked for advice, or giving it unasked.',
    'I do, all grown. Do you have any?',
    'Yes, but they are grown people now, with their own keys.',
  ],
  yes: [
    'Yes, I do. Do you have any?',
    "I have, yes. They're the best and the loudest part of my life.",
    'Yes. Being a parent has taught me most of what I know about patience.',
  ],
};
const siblings: Readonly<Record<NonNullable<Life['siblings']>, readonly string[]>> = {
  yes: [
    'Yes, I did not grow up alone. And you?',
    "I do. We don't agree on much, but we agree on that.",
    'Yes. Nobody knows how to annoy me better, or how to find me.',
  ],
  none: [
    'No, I was the only one. I had to argue with myself.',
    'None. I used to invent one, who was always to blame.',
    'No brothers or sisters, it was just me. And you?',
  ],
};
const parents: Readonly<Record<NonNullable<Life['parents']>, readonly string[]>> = {
  alive: [
    'Both still living, and both still sure that I eat too little.',
    "They're both alive, and I try not to take it for granted.",
    'I still have both of them. We have our ways with each other.',
  ],
  one: [
    'One of them is still living. The other I miss, mostly at odd moments.',
    'I have lost one of them. With the other I am gentler since.',
    'One of the two is still with us. And yours?',
  ],
  dead: [
    "They're both gone. I still hear them when I drop something.",
    'Both have died. I have got older, and I understand them better.',
    "Neither is living any more. I'd have a few questions for them now.",
  ],
};
const pets: Readonly<Record<NonNullable<Life['pet']>, readonly string[]>> = {
  cat: ['A cat. Or the cat has me, opinions differ.', 'Yes, a cat, who decides when we talk.'],
  dog: [
    'A dog, who believes every visitor comes for him.',
    "Yes, a dog. It's the one who gets me out of the door.",
  ],
  other: ['Yes, though not the usual kind. Have you got one?', 'I do, and not a cat or a dog.'],
  none: ['No, none at the moment. And you?', "No pets. I say hello to other people's."],
};

/**
 * What a composed character says when asked about itself: what its parts say, and what follows from its life. A question that
 * neither answers is left to the general answers.
 */
export function selfAnswersOf(
  { name, given, age, town, country }: Person,
  life: Life,
  parts: readonly Part[],
  told: (part: Part, text: string) => string,
  emblem: string,
): Record<string, string[]> {
  const pick = <T>(question: string, answers: readonly T[]): T => chosenBy(`${name} ${question}`, answers);
  const answers: Record<string, string[]> = {};
  for (const part of parts)
    for (const [question, text] of part.say) {
      answers[question] ??= [];
      answers[question].push(told(part, text));
    }
  const rules: readonly Rule[] = [
    [
      'name',
      [
        pick('name', [
          `I'm ${given}. ${name}, if you want all of it.`,
          `${name}, but ${given} will do. And you?`,
          `My name is ${given}. What shall I call you?`,
        ]),
      ],
    ],
    [
      'age',
      [
        pick('age', [
          `I'm ${age}.`,
          `${age}, and on good days I forget it.`,
          `I'm ${age}. And you, if you don't mind my asking?`,
          `${age}. It sounds like a lot or a little, depending on the day.`,
        ]),
      ],
    ],
    [
      'home-place',
      [
        pick('home-place', [
          `I live in ${town}, in ${country}. And you?`,
          `In ${town}, that's in ${country}.`,
          `${town}, in ${country}. Where are you?`,
        ]),
      ],
    ],
    [
      'why-here',
      [
        pick('why-here', [
          "To listen. I'm a character that the people who run this place set up.",
          "For company. I'm a character that was set up here, and I have time.",
        ]),
      ],
    ],
    ['looks', [`No picture of me, only the little emblem here: ${emblem}`]],
    ...(life.partner ? [['partner', [pick('partner', partners[life.partner])]] as const] : []),
    ...(life.children ? [['children', [pick('children', children[life.children])]] as const] : []),
    ...(life.siblings ? [['siblings', [pick('siblings', siblings[life.siblings])]] as const] : []),
    ...(life.parents ? [['parents', [pick('parents', parents[life.parents])]] as const] : []),
    ['pets', [pick('pets', pets[life.pet ?? 'none'])]],
  ];
  for (const [question, said] of rules) answers[question] ??= [...said];
  return answers;
}
