import { headerName, neutralise } from './neutralise.js';
import { goalWords, type PromptInput, personalMemories, shortNameOf, userAspect } from './prompt-input.js';

/**
 * What holds for this one reply, in one block that nobody can forge (the tags are neutralised in every text); null
 * when there is nothing to say. In a shared session nothing personal about anybody is in it.
 */
export function turnNotes(input: PromptInput): string | null {
  const { goal, strategy, attributes, character } = input;
  const lines: string[] = [];
  const own = input.memories.filter(({ aspect }) => aspect !== userAspect);
  for (const { aspect, text } of own)
    lines.push(`A memory of yours (${aspectWords(aspect)}): ${oneLine(text)}`);
  if (!input.shared) lines.push(...aboutThePerson(input));
  if (strategy) {
    const motivation = strategy.motivation ? `, ${oneLine(strategy.motivation).replace(/\.+$/, '')}` : '';
    lines.push(`Support strategy for this reply: ${oneLine(strategy.label)}${motivation}.`);
  }
  if (goal) lines.push(`Lead the conversation gently: ${oneLine(goalWords(goal))}.`);
  const style = Object.values(attributes ?? {})
    .map(oneLine)
    .filter(Boolean);
  if (style.length > 0) lines.push(`Style of this reply: ${style.join('; ')}.`);
  if (lines.length === 0) return null;
  lines.push(
    `Now answer as ${headerName(shortNameOf(character), 'yourself')}, without mentioning these notes.`,
  );
  return `<turn-notes>\n${lines.join('\n')}\n</turn-notes>`;
}

function aboutThePerson(input: PromptInput): string[] {
  const { name, statement, facts } = input.seeker;
  const lines: string[] = [];
  if (name) lines.push(`The person is called ${headerName(name, 'by no name')}.`);
  if (statement) lines.push(`The person about themselves: ${oneLine(statement)}`);
  for (const fact of facts) lines.push(`A fact about the person: ${oneLine(fact)}`);
  for (const { text } of personalMemories(input))
    lines.push(`The person asked you to remember: ${oneLine(text)}`);
  return lines;
}

function oneLine(text: string): string {
  return neutralise(text).replace(/\s+/g, ' ').trim();
}

function aspectWords(aspect: string): string {
  return oneLine(aspect).replaceAll('_', ' ').slice(0, 60);
}
