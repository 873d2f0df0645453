import type { ChatMessage } from './chat-model.js';
import { systemText } from './chat-persona.js';
import { cleaningRules } from './cleaning-rules.js';
import type { PromptFormat, RequestSettings } from './prompt-format.js';
import { mergeSampling, ownSide, type PromptInput, spokenTurns } from './prompt-input.js';
import { lineOf } from './shared-lines.js';
import { TextCleaner } from './stream-cleaner.js';
import { turnNotes } from './turn-notes.js';
import { personaAndLastMessage, withoutOldest } from './window.js';

/** Stands where a template wants a message of the person and there is none. */
const opening = '(The conversation begins.)';
const goOn = '(Go on.)';

/**
 * Chat completions for any instruct model: one system message that never changes for a character, then strictly
 * alternating messages that begin with the person's. What holds for this turn only stands in front of the last message
 * of the person, inside it, because many templates accept a system message nowhere but at the start.
 */
export const chat: PromptFormat = {
  name: 'chat',
  endpoint: 'chat/completions',
  stop: [],
  sampling: { temperature: 0.8, top_p: 0.9, max_tokens: 300 },
  build: (input, settings) => ({
    endpoint: 'chat/completions',
    body: {
      model: settings.modelName,
      messages: messagesOf(input, settings),
      ...mergeSampling(chat.sampling, settings.sampling),
    },
  }),
  dropOldest: (input) => withoutOldest(input),
  floor: personaAndLastMessage,
  cleaner: (input) => new TextCleaner(cleaningRules(input, [], ['User', 'Human', 'Seeker'])),
};

function messagesOf(input: PromptInput, { variant }: RequestSettings): ChatMessage[] {
  const messages = alternating(input);
  const last = messages.at(-1);
  const notes = turnNotes(input);
  if (last?.role !== 'user') messages.push({ role: 'user', content: goOn });
  if (notes) {
    const target = messages.pop();
    messages.push({ role: 'user', content: `${notes}\n\n${target?.content ?? goOn}` });
  }
  const system = systemText(input);
  if (variant !== 'system-in-user') return [{ role: 'system', content: system }, ...messages];
  const [first, ...rest] = messages;
  return [{ role: 'user', content: `${system}\n\n${first?.content ?? opening}` }, ...rest];
}

/** The spoken turns as messages: neighbours of one side merged, the person's first. */
function alternating(input: PromptInput): ChatMessage[] {
  const own = ownSide(input);
  const messages: ChatMessage[] = [];
  for (const turn of spokenTurns(input)) {
    const role = turn.speaker === own ? 'assistant' : 'user';
    const content = lineOf(turn, input);
    const last = messages.at(-1);
    if (last?.role === role) messages[messages.length - 1] = { role, content: `${last.content}\n${content}` };
    else messages.push({ role, content });
  }
  if (messages[0]?.role !== 'user') messages.unshift({ role: 'user', content: opening });
  return messages;
}
