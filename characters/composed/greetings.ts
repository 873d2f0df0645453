import { small } from './grammar.js';
import { chosenBy } from './seeded.js';

interface Greeting {
  readonly given: string;
  readonly town: string;
}

const openings: readonly ((person: Greeting, job: string) => string)[] = [
  ({ given, town }) => `Hello, ${given} here, from ${town}.`,
  ({ given }) => `Hi, I'm ${given}. Good that you came.`,
  ({ given }, job) => `I'm ${given}, ${job}. Sit down, there's room.`,
  ({ given }) => `Welcome. My name is ${given}.`,
  ({ given, town }) => `Greetings from ${town}. I'm ${given}.`,
  ({ given }) => `Hey, ${given} here. No hurry at all.`,
  ({ given }, job) => `Hello. ${given}, ${job}, and glad of the company.`,
  ({ given }) => `Hi there. I'm ${given}, and I have time.`,
  ({ given }) => `Come in, so to speak. I'm ${given}.`,
  ({ given, town }) => `${given}, from ${town}. Pleased to meet you.`,
  ({ given }) => `Good to see you. I'm ${given}.`,
  ({ given }) => `Hello, you. ${given} is my name.`,
  ({ given }, job) => `I'm ${given}. I'm ${job}, but right now I'm just listening.`,
  ({ given }) => `Hi. ${given} here, with the kettle on.`,
  ({ given }) => `There you are. I'm ${given}.`,
  ({ given, town }) => `Hello from ${town}! I'm ${given}.`,
];

const questions: readonly string[] = [
  "What's on your mind?",
  'How has the day been, honestly?',
  'Where shall we begin?',
  'What brought you here tonight, or this morning, or whenever it is where you are?',
  'What would you like to put down for a while?',
  "How are you, and I don't mean the polite answer?",
  'What has been taking up the most room in your head?',
  'Tell me something small first, or go straight to the big thing.',
  'What kind of week are you having?',
  'Is there something you have been carrying around?',
  'Do you want to talk something through, or just have company?',
  'What did today do to you?',
  'What should I know about you?',
  'Start anywhere. The middle is fine too.',
  'What is keeping you busy, inside or out?',
  'How did you sleep, and what kept you company if you did not?',
  'What would make this hour a little lighter?',
  'What has nobody asked you lately?',
  'Tell me how it really is.',
  'What is the weather like in your head?',
  "What's the thing you'd rather not say first?",
  'Who are you today?',
  'Was it a good day, a bad day or one of the others?',
  'What happened?',
];

/** The first thing a composed character says. */
export function greetingOf(id: string, person: Greeting, job: string): string {
  const opening = chosenBy(`${id} opening`, openings);
  return `${opening(person, small(job))} ${chosenBy(`${id} question`, questions)}`;
}
