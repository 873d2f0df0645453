import type { ModelRequest } from '../../src/prompting/chat-model.js';

/** What the character has said so far according to the prompt, oldest first. */
export function previousReplies(request: ModelRequest): string[] {
  if (request.endpoint === 'chat/completions')
    return request.body.messages.filter(({ role }) => role === 'assistant').map(({ content }) => content);
  const { prompt } = request.body;
  if (typeof prompt !== 'string') return [];
  return [...prompt.matchAll(/<SUPPORTER>([^<[]+)/g)].map(([, text = '']) => text);
}

/** A reply cut off at its length ends at its last whole sentence, where that leaves three words. */
export function wholeSentences(text: string): string {
  const whole = /^.*[.!?…]["'’”)]*(?=\s|$)/su.exec(text)?.[0] ?? '';
  return whole.split(/\s+/).length >= 3 ? whole : text;
}

/** The text in pieces of one word each, the space with the word before it. */
export function wordByWord(text: string): string[] {
  return text.split(/(?<=\s)(?=\S)/u).filter((piece) => piece !== '');
}
