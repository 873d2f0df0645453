import { createHash } from 'node:crypto';

/** What stands for the macros of a text. */
export interface MacroValues {
  /** `{{char}}`, `<char>`, `<bot>`. */
  readonly char: string;
  /** `{{user}}`, `<user>`. */
  readonly user: string;
  /** `{{original}}`: what would stand in the place of this text. */
  readonly original?: string | undefined;
  /** The same seed makes the same choices and rolls. */
  readonly seed: string;
  /** Whether `{{hidden_key:…}}` is shown, as it is where texts are searched for keys. */
  readonly keys?: boolean | undefined;
}

/** How deep macros lie in one another, and how much a text may grow, UTF-16 units. */
const maxDepth = 8;
const maxUnits = 131_072;
const tag = /^<(user|char|bot)>/i;

/** What is left to texts that share it; a macro beyond it stays as it is written. */
export interface MacroBudget {
  /** Choices and dice. */
  draws: number;
  /** UTF-16 units looked at, once for each macro they lie in. */
  units: number;
}

export function macroBudget(): MacroBudget {
  return { draws: 500, units: 1_000_000 };
}

/** How many choices and dice one text has drawn, which decides what comes next, and what it may. */
interface Drawn {
  count: number;
  readonly budget: MacroBudget;
}

/**
 * A text with its macros replaced, as the Character Card V3 specification lists them, in any case. Each is replaced once: what is put
 * in is never read again. Macros of other programs stay as they are.
 * @param budget of this text alone where none is given.
 */
export function withMacros(text: string, values: MacroValues, budget: MacroBudget = macroBudget()): string {
  if (!/\{\{|<(?:user|char|bot)>/i.test(text)) return text;
  const drawn = { count: 0, budget };
  return replaced(text, values, drawn, 0).slice(0, maxUnits).toWellFormed();
}

function replaced(text: string, values: MacroValues, drawn: Drawn, depth: number): string {
  if (drawn.budget.units < text.length) return text;
  drawn.budget.units -= text.length;
  const ends = macroEnds(text);
  const parts: string[] = [];
  let units = 0;
  const put = (part: string): void => {
    if (units > maxUnits) return;
    parts.push(part);
    units += part.length;
  };
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const end = code === 0x7b ? ends.get(at) : undefined;
    const [written = '', name = ''] = code === 0x3c ? (tag.exec(text.slice(at, at + 6)) ?? []) : [];
    if (end === undefined && written === '') continue;
    const value =
      end === undefined
        ? name.toLowerCase() === 'user'
          ? values.user
          : values.char
        : macroValue(text.slice(at + 2, end), values, drawn, depth);
    if (value === null) continue;
    put(text.slice(copied, at));
    put(value);
    copied = end === undefined ? at + written.length : end + 2;
    at = copied - 1;
  }
  put(text.slice(copied));
  return parts.join('');
}

/** Where each `{{` ends, by its place; those without an end are not in it. */
function macroEnds(text: string): Map<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at + 1 < text.length; at += 1) {
    if (text.startsWith('{{', at)) {
      // Of three braces the last two belong to the macro.
      if (text.charAt(at + 2) === '{' && text.charAt(at + 3) !== '{') continue;
      open.push(at);
      at += 1;
    } else if (text.startsWith('}}', at)) {
      const start = open.pop();
      if (start !== undefined) ends.set(start, at);
      at += 1;
    }
  }
  return ends;
}

/** Null for a macro that is not known. */
function macroValue(inner: string, values: MacroValues, drawn: Drawn, depth: number): string | null {
  const body = inner.trim();
  if (body.startsWith('//')) return '';
  const [, word = '', rest = ''] = /^([a-z_]+)(?:\s*:{1,2}|\s+|$)([\s\S]*)$/i.exec(body) ?? [];
  const within = (text: string): string => (depth < maxDepth ? replaced(text, values, drawn, depth + 1) : '');
  switch (word.toLowerCase()) {
    case 'char':
      return values.char;
    case 'user':
      return values.user;
    case 'original':
      return values.original ?? '';
    case 'comment':
      return '';
    case 'hidden_key':
      // Apart from what stands beside it, so that it is found as a word.
      return values.keys ? `\n${within(rest)}\n` : '';
    case 'newline':
      return '\n';
    case 'trim':
      return '';
    case 'reverse':
      return [...within(rest)].reverse().join('');
    case 'random':
    case 'pick': {
      if (drawn.budget.draws < 1) return null;
      const choices = choicesOf(rest);
      drawn.budget.draws -= 1;
      drawn.count += 1;
      return within(choices[number(values.seed, body, drawn.count) % choices.length] ?? '').trim();
    }
    case 'roll': {
      const [, times = '1', sides = '0'] = /^(\d{0,2})d?(\d{1,9})$/i.exec(rest.trim()) ?? [];
      const dice = /d/i.test(rest) ? Math.max(1, Number(times || '1')) : 1;
      const most = Number(/d/i.test(rest) ? sides : rest.trim());
      if (!Number.isSafeInteger(most) || most < 1) return '';
      if (drawn.budget.draws < dice) return null;
      drawn.budget.draws -= dice;
      let sum = 0;
      for (let die = 0; die < dice; die += 1) {
        drawn.count += 1;
        sum += 1 + (number(values.seed, body, drawn.count) % most);
      }
      return String(sum);
    }
    default:
      return null;
  }
}

/** Separated by commas that lie in no other macro (`\,` is one that separates nothing), or by `::` where there are such. */
function choicesOf(text: string): string[] {
  const choices: string[] = [''];
  const bySign = text.includes('::') ? '::' : ',';
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const last = choices.length - 1;
    if (text.startsWith('\\,', at)) {
      choices[last] += ',';
      at += 1;
    } else if (depth === 0 && text.startsWith(bySign, at)) {
      if (choices.length < 1_000) choices.push('');
      at += bySign.length - 1;
    } else {
      if (text.startsWith('{{', at)) depth += 1;
      if (text.startsWith('}}', at)) depth = Math.max(0, depth - 1);
      choices[last] += text.charAt(at);
    }
  }
  return choices;
}

function number(seed: string, text: string, count: number): number {
  return createHash('sha256').update(`${seed}\0${text}\0${count}`).digest().readUInt32BE(0);
}
