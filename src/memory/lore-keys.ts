import { createContext, Script } from 'node:vm';
import type { LoreEntry } from '../../characters/lorebook.js';

/** Time all regular expressions of a turn may take together, and one of them, ms. */
const allMs = 45;
const oneMs = 20;
const test = new Script('key.test(text)');
const blankless = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]/u;
const written = /^\/((?:[^/\\]|\\.)+)\/([dgimsuvy]*)$/s;
/** SillyTavern's rules for secondary keys, by its numbers. */
const logics = ['any', 'notAll', 'notAny', 'all'] as const;

/** Finds keys of a lorebook in texts; its regular expressions share a bounded time, and one that exceeds it matches nothing. */
export class LoreKeys {
  readonly #sandbox = createContext({ key: null, text: '' });
  #leftMs = allMs;

  /** Whether an entry is called for by a text. */
  fires(entry: LoreEntry, text: string): boolean {
    if (!entry.keys.some((key) => this.#finds(key, text, entry))) return false;
    const secondary = entry.secondary_keys;
    // A regular expression of Character Card V3 stands for itself.
    if (secondary.length === 0 || entry.selective === false || isBareRegex(entry)) return true;
    const found = secondary.filter((key) => this.#finds(key, text, entry)).length;
    switch (logics[Number(entry.extensions?.selectiveLogic ?? 0)] ?? 'any') {
      case 'notAll':
        return found < secondary.length;
      case 'notAny':
        return found === 0;
      case 'all':
        return found === secondary.length;
      default:
        return found > 0;
    }
  }

  #finds(key: string, text: string, entry: LoreEntry): boolean {
    const [, body, flags = ''] = written.exec(key) ?? [];
    const regex =
      body !== undefined
        ? compiled(body, flags)
        : isBareRegex(entry)
          ? compiled(key, entry.case_sensitive ? '' : 'i')
          : null;
    return regex ? this.#tests(regex, text) : stands(key, text, entry.case_sensitive === true);
  }

  #tests(regex: RegExp, text: string): boolean {
    if (isBounded(regex.source)) return regex.test(text);
    if (this.#leftMs <= 0) return false;
    const startedAt = performance.now();
    this.#sandbox.key = regex;
    this.#sandbox.text = text;
    try {
      const timeout = Math.max(1, Math.min(oneMs, Math.floor(this.#leftMs)));
      return Boolean(test.runInContext(this.#sandbox, { timeout }));
    } catch {
      return false;
    } finally {
      this.#leftMs -= performance.now() - startedAt;
    }
  }
}

/** Keys that are expressions without slashes. SillyTavern sets `use_regex` on every entry it exports, so there it says nothing. */
function isBareRegex({ use_regex, extensions }: LoreEntry): boolean {
  return use_regex === true && extensions?.display_index === undefined;
}

/** Whether an expression repeats nothing and so cannot run away: it needs no watching. */
function isBounded(source: string): boolean {
  return !/[*+{]|\\\d|\\k/.test(source) && (source.replaceAll('(?', '').match(/\?/g)?.length ?? 0) <= 3;
}

/** Null where it is no expression; then the key is text. The state of `g` and `y` is of no use here. */
function compiled(body: string, flags: string): RegExp | null {
  try {
    return new RegExp(body, flags.replace(/[gy]/g, ''));
  } catch {
    return null;
  }
}

/** Whether a key stands in a text as a word of its own; in scripts without blanks, anywhere. */
function stands(key: string, text: string, exactly: boolean): boolean {
  const [sought, searched] = exactly ? [key, text] : [key.toLowerCase(), text.toLowerCase()];
  if (sought === '') return false;
  for (let at = searched.indexOf(sought); at >= 0; at = searched.indexOf(sought, at + 1)) {
    if (blankless.test(sought)) return true;
    const before = [...searched.slice(Math.max(0, at - 2), at)].at(-1) ?? '';
    const after = [...searched.slice(at + sought.length, at + sought.length + 2)][0] ?? '';
    const first = [...sought][0] ?? '';
    const last = [...sought].at(-1) ?? '';
    if (!(isWord(first) && isWord(before)) && !(isWord(last) && isWord(after))) return true;
  }
  return false;
}

function isWord(character: string): boolean {
  return /[\p{L}\p{M}\p{N}_]/u.test(character);
}
