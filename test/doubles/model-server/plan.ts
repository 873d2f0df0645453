import type { Behaviour, RecordedRequest } from './behaviour.js';

/** A reply worked out before its first token is sent. */
export interface Plan {
  readonly tokens: readonly string[];
  /** How many of them, from the first, are thoughts. */
  readonly thoughts: number;
  readonly finishReason: 'stop' | 'length';
  /** The stop string that matched, or null. */
  readonly stopReason: string | null;
  readonly promptTokens: number;
}

export const defaultReply = 'I hear you. Tell me a little more about what happened.';

/** The text of a request as the server would tokenise it. */
export function promptText(body: Readonly<Record<string, unknown>>): string {
  if (typeof body.prompt === 'string') return body.prompt;
  if (Array.isArray(body.prompt)) return body.prompt.join(' ');
  if (!Array.isArray(body.messages)) return '';
  return body.messages.map((message: { content?: unknown }) => String(message.content ?? '')).join('\n');
}

export function countTokens(text: string, counting: 'words' | 'chars'): number {
  return counting === 'chars' ? Math.ceil([...text].length / 4) : text.split(/\s+/).filter(Boolean).length;
}

/** Applies stop strings and `max_tokens` to the scripted reply. */
export function planReply(request: RecordedRequest, behaviour: Behaviour, promptTokens: number): Plan {
  const body = request.body ?? {};
  const scripted =
    typeof behaviour.reply === 'function' ? behaviour.reply(request) : (behaviour.reply ?? defaultReply);
  const whole = typeof scripted === 'string' ? wordTokens(scripted) : scripted;
  const thought = wordTokens(behaviour.reasoning ?? '');
  const stop = firstStop(whole.join(''), stopsOf(body));
  const heeded = behaviour.stops === 'ignore' ? null : stop;
  const end =
    heeded === null
      ? Number.POSITIVE_INFINITY
      : heeded.index + (behaviour.stops === 'include' ? heeded.text.length : 0);
  const tokens = [...thought, ...takeChars(whole, end)];
  const thoughts = thought.length;
  const limit =
    typeof body.max_tokens === 'number' && !behaviour.ignoreMaxTokens
      ? body.max_tokens
      : Number.POSITIVE_INFINITY;
  if (tokens.length > limit) {
    const cut = tokens.slice(0, limit);
    return { tokens: cut, thoughts, finishReason: 'length', stopReason: null, promptTokens };
  }
  return { tokens, thoughts, finishReason: 'stop', stopReason: heeded?.text ?? null, promptTokens };
}

function wordTokens(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/g) ?? [];
}

function stopsOf(body: Readonly<Record<string, unknown>>): readonly string[] {
  if (typeof body.stop === 'string') return [body.stop];
  return Array.isArray(body.stop) ? body.stop.map(String) : [];
}

function firstStop(text: string, stops: readonly string[]): { index: number; text: string } | null {
  let first: { index: number; text: string } | null = null;
  for (const stop of stops) {
    const index = text.indexOf(stop);
    if (index >= 0 && (first === null || index < first.index)) first = { index, text: stop };
  }
  return first;
}

function takeChars(tokens: readonly string[], chars: number): string[] {
  const taken: string[] = [];
  let left = chars;
  for (const token of tokens) {
    if (left <= 0) break;
    taken.push(token.slice(0, left));
    left -= token.length;
  }
  return taken;
}
