import type { ModelRequest } from '../../src/prompting/chat-model.js';

/** What was said so far according to the prompt, oldest first. */
export interface Said {
  /** By the character. */
  readonly replies: readonly string[];
  /** By the person, the message that is answered with it. */
  readonly messages: readonly string[];
}

export function saidSoFar(request: ModelRequest): Said {
  if (request.endpoint === 'chat/completions') {
    const by = (wanted: string): string[] =>
      request.body.messages.filter(({ role }) => role === wanted).map(({ content }) => content);
    return { replies: by('assistant'), messages: by('user') };
  }
  const { prompt } = request.body;
  if (typeof prompt !== 'string') return { replies: [], messages: [] };
  const by = (...marks: readonly RegExp[]): string[] =>
    marks.flatMap((mark) => [...prompt.matchAll(mark)].map(([, text = '']) => text));
  return {
    replies: by(/<SUPPORTER>([^<[]+)/g, /<\|im_start\|>assistant\n([^<]+)<\|im_end\|>/g),
    messages: by(/<SEEKER>([^<[]+)/g, /<\|im_start\|>user\n([^<]+)<\|im_end\|>/g),
  };
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
