import { RapportError } from '../../config/errors.js';
import { resolveGoal } from '../../src/guidance/goal-words.js';
import type { Speaker } from '../../src/prompting/prompt-input.js';
import type { SelfPlay } from '../../src/turn/self-play.js';
import type { TurnServices } from '../../src/turn/turn-services.js';
import { runCommand } from './commands.js';
import type { Face } from './face.js';
import type { LineInput } from './line-input.js';
import type { TerminalChat } from './terminal-chat.js';

/** Answers line after line until the input ends, the person leaves or `turns` messages were answered. */
export async function talk(chat: TerminalChat, input: LineInput, turns: number): Promise<void> {
  const prompt = `${chat.services.say('terminal.you')} `;
  while (chat.answered < turns) {
    const line = await input.next(prompt);
    if (line === null || (await handle(chat, line)) === 'leave') return;
  }
}

async function handle(chat: TerminalChat, line: string): Promise<'stay' | 'leave'> {
  if (line.trim() === '') return 'stay';
  try {
    if (/^[/!]/.test(line)) return await runCommand(chat, line);
    await chat.say(line);
  } catch (error) {
    if (!(error instanceof RapportError)) throw error;
    chat.fail(error);
  }
  return 'stay';
}

/**
 * PersonaGPT's mode 1: each turn a goal is picked, the character says a line that leads there, the person answers.
 * The first line is the character's own; from then on each answer waits for the goal of the reply to it — except a
 * crisis statement, which is answered at once.
 */
export async function talkByGoals(
  chat: TerminalChat,
  input: LineInput,
  turns: number,
  open: (goal: string) => Promise<void>,
): Promise<void> {
  const { care, say } = chat.services;
  const goal = await pickGoal(chat, input);
  if (goal === null) return;
  await open(goal);
  for (let turn = 1; turn < turns; ) {
    const line = await input.next(`${say('terminal.you')} `);
    if (line === null) return;
    const session = chat.conversation?.id ?? null;
    const plain = line.trim() !== '' && !/^[/!]/.test(line) && (await care.answer([line], session)) === null;
    if (plain) {
      const next = await pickGoal(chat, input);
      if (next === null) return;
      await chat.conversation?.leadTo(next);
      turn += 1;
    }
    if ((await handle(chat, line)) === 'leave') return;
  }
}

/** Lists the goals and reads until one is chosen, by its number, its name or in own words; null when the input ends. */
export async function pickGoal(
  chat: { readonly face: Face; readonly services: Pick<TurnServices, 'steering' | 'say'> },
  input: LineInput,
): Promise<string | null> {
  const { face, services } = chat;
  const { goals } = services.steering;
  const text = goals
    .map(({ label }, index) => `${String(index).padStart(3)}  ${label.replace(/\.$/, '')}`)
    .join('\n');
  face.aside(text);
  for (;;) {
    const line = (await input.next(`${services.say('terminal.goal')} `))?.trim();
    if (line === undefined || /^[/!](?:quit|exit)$/i.test(line)) return null;
    if (/^\d+$/.test(line)) {
      const picked = goals[Number(line)];
      if (picked) return picked.goal;
    }
    const named = /^[\d/!]/.test(line) ? null : resolveGoal(line, services.steering);
    if (named?.kind === 'goal') return named.goal;
    face.aside(
      named
        ? services.say('steering.unknown', { goal: named.typed, suggestion: named.suggestion })
        : services.say('terminal.goalUnknown', { last: goals.length - 1 }),
    );
  }
}

/** Lets one side of a scene say a line and shows it as it grows. */
export async function playLine(
  scene: SelfPlay,
  speaker: Speaker,
  name: string,
  {
    goal = null,
    signal,
    face,
  }: { readonly goal?: string | null; readonly signal: AbortSignal; readonly face: Face },
): Promise<string> {
  const id = `line:${scene.lines.length}`;
  let text = '';
  for await (const delta of scene.speak(speaker, { goal, signal })) {
    text += delta;
    face.message(id, { text, kind: 'reply', speaker: { name } });
  }
  return text.trim();
}
