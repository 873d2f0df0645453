/** How the model server double writes: its first word after `ttftMs`, then one every `tokenMs`. */
export interface ReplyPace {
  /** Words of a reply. */
  readonly words: number;
  readonly ttftMs: number;
  readonly tokenMs: number;
}

/** When the last word of a reply has left the model, ms after it was asked. */
export const spokenMs = ({ words, ttftMs, tokenMs }: ReplyPace): number => ttftMs + (words - 1) * tokenMs;

const worries = [
  'I cannot sleep because of my exam next week',
  'My best friend has not written to me for a month',
  'Since I moved here for the new job I know nobody',
  'I had an argument with my sister about our parents',
  'My dog died in spring and the flat is so quiet now',
  'I work nights in a bakery and miss dinner with my family',
  'I feel that everybody else at university is ahead of me',
  'My knee hurts and I miss running with my club',
] as const;

/** What person number `n` writes: nobody writes what another one does, so nothing is answered from a cache. */
export function messageOf(n: number): string {
  return `Hello, I am number ${n}. ${worries[n % worries.length]}.`;
}

const sentences = [
  'That sounds like a lot to carry on your own, and it makes sense that it wears you out.',
  'When something like this happened to me I went for a long walk every evening.',
  'It did not solve anything at once, but it gave me an hour that belonged to me.',
  'Maybe there is one small thing that would make tomorrow a little easier.',
  'What would you tell a friend who came to you with the same story?',
] as const;
const words = sentences.join(' ').split(' ');

/** The reply to person number `n`: its number, then as many words as are asked for. */
export function replyTo(n: number, { words: length }: Pick<ReplyPace, 'words'>): string {
  const head = ['You', 'are', 'number', `${n}.`];
  const rest = Array.from(
    { length: Math.max(0, length - head.length) },
    (_, index) => words[index % words.length] ?? '',
  );
  return [...head, ...rest].join(' ');
}

/** Who wrote last in a prompt; null where nobody says a number. */
export function numberIn(prompt: string): number | null {
  const all = [...prompt.matchAll(/I am number (\d+)\./g)];
  const last = all.at(-1)?.[1];
  return last === undefined ? null : Number(last);
}
