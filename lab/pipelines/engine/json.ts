import type { z } from 'zod';
import { Unreadable } from './stage.js';

/**
 * Reads the one JSON object of an answer, with or without a fence or words around it, and checks it. Text after the object,
 * braces in strings and a second object do no harm.
 */
export function jsonAnswer<T>(schema: z.ZodType<T>): (answer: string) => T | Unreadable {
  return (answer) => {
    const text = firstObject(answer);
    if (text === null) return new Unreadable('there is no complete JSON object in it');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return new Unreadable('the JSON does not parse');
    }
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    const problems = read.error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.join('.') || 'the object'}: ${message}`);
    return new Unreadable(problems.join('; '));
  };
}

/** The first object whose braces close, read as JSON reads strings; null where none does. */
function firstObject(text: string): string | null {
  const start = text.indexOf('{');
  if (start < 0) return null;
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{') depth += 1;
    else if (letter === '}') {
      depth -= 1;
      if (depth === 0) return text.slice(start, at + 1);
    }
  }
  return null;
}
