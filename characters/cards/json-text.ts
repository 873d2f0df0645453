import { cardLimits } from './limits.js';
import { CardRefused } from './refused.js';

/** Around a number that JavaScript cannot hold as it is written (`1.0`, `1e400`, more than 15 digits). */
const opens = '\uE0F0';
const closes = '\uE0F1';
const jsonNumber = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const written = new RegExp(`"${opens}(-?[0-9][0-9.eE+-]*)${closes}"`, 'g');
const marked = new RegExp(`^${opens}(.*)${closes}$`);

/**
 * The value of a JSON text, its depth bounded before it is read. Numbers that would change are kept as marked strings:
 * {@link writeJson} writes them as they were, {@link plainValues} makes numbers of them.
 * @throws CardRefused
 */
export function readJson(text: string): unknown {
  const whole = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const marks = !/[\uE0F0\uE0F1]|\\u[eE]0[fF][01]/.test(whole);
  try {
    return JSON.parse(scanned(whole, marks)) as unknown;
  } catch (error) {
    if (error instanceof CardRefused) throw error;
    throw new CardRefused('invalid', 'it is not JSON');
  }
}

/** The JSON text of a value of {@link readJson}. */
export function writeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(written, '$1');
}

/** A copy with ordinary numbers. */
export function plainValues(value: unknown): unknown {
  if (typeof value === 'string') {
    const number = value.startsWith(opens) ? marked.exec(value)?.[1] : undefined;
    return number === undefined ? value : Number(number);
  }
  if (Array.isArray(value)) return value.map(plainValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValues(inner)]));
}

/** One walk over the text: depth, and numbers that must be marked. */
function scanned(text: string, marks: boolean): string {
  const parts: string[] = [];
  let depth = 0;
  let copied = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > cardLimits.nesting)
        throw new CardRefused(
          'large',
          `more than ${cardLimits.nesting} lists and objects lie inside one another`,
        );
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
    else if (code === 0x2c) {
      values += 1;
      if (values > cardLimits.values)
        throw new CardRefused('large', `it holds more than ${cardLimits.values} values`);
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      jsonNumber.lastIndex = at;
      const number = jsonNumber.exec(text)?.[0] ?? '';
      const after = at + Math.max(1, number.length);
      if (
        marks &&
        parts.length < cardLimits.oddNumbers * 2 &&
        number !== '' &&
        String(Number(number)) !== number &&
        !/[\w.+-]/.test(text.charAt(after))
      ) {
        parts.push(text.slice(copied, at), `"${opens}${number}${closes}"`);
        copied = after;
      }
      at = after - 1;
    }
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(copied);
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
