import { createContext, Script } from 'node:vm';
import type { LoreEntry } from '../../characters/lorebook.js';

/** Time all regular expressions of a turn may take together, and one of them, ms. */
const allMs = 45;
const oneMs = 20;
/** Time its plain keys may take together, ms, and how many keys are looked for at most. */
const plainMs = 45;
const mostKeys = 20_000;
const test = new Script('key.test(text)');
const blankless = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]/u;
const written = /^\/((?:[^/\\]|\\.)+)\/([dgimsuvy]*)$/s;
/** SillyTavern's rules for secondary keys, by its numbers. */
const logics = ['any', 'notAll', 'notAny', 'all'] as const;

/**
 * Finds keys of a lorebook in texts; its regular expressions share a bounded time, and one that exceeds it matches nothing. Plain keys share
 * another, so that no expression takes theirs.
 */
export class LoreKeys {
  #sandbox: { key: RegExp | null; text: string } | null = null;
  #leftMs = allMs;
  #leftPlainMs = plainMs;
  #leftKeys = mostKeys;
  #lowered = { text: '', lower: '' };

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
    this.#leftKeys -= 1;
    if (this.#leftKeys < 0) return false;
    const [, body, flags = ''] = written.exec(key) ?? [];
    const regex =
      body !== undefined
        ? compiled(body, flags)
        : isBareRegex(entry)
          ? compiled(key, entry.case_sensitive ? '' : 'i')
          : null;
    return regex ? this.#tests(regex, text) : this.#stands(key, text, entry.case_sensitive === true);
  }

  #stands(key: string, text: string, exactly: boolean): boolean {
    if (this.#leftPlainMs <= 0) return false;
    const startedAt = performance.now();
    const found = exactly ? stands(key, text) : stands(key.toLowerCase(), this.#lower(text));
    this.#leftPlainMs -= performance.now() - startedAt;
    return found;
  }

  /** A text is searched for many keys, one after the other. */
  #lower(text: string): string {
    if (this.#lowered.text !== text) this.#lowered = { text, lower: text.toLowerCase() };
    return this.#lowered.lower;
  }

  #tests(regex: RegExp, text: string): boolean {
    if (isBounded(regex.source)) return regex.test(text);
    if (this.#leftMs <= 0) return false;
    const startedAt = performance.now();
    // Made where it is needed: most turns have no expression that wants watching.
    this.#sandbox ??= createContext({ key: null, text: '' }) as { key: RegExp | null; text: string };
    Object.assign(this.#sandbox, { key: regex, text });
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

/** Ways a text may be gone through: so many choices at most, each of which doubles them. */
const mostChoices = 3;

/**
 * Whether an expression cannot run away and needs no watching: it repeats nothing, looks at nothing around or before, and chooses a few times at
 * most. Choices without a group are tried once each.
 */
function isBounded(source: string): boolean {
  if (/\\[\dk]/.test(source)) return false;
  const plain = source.replace(/\\./gs, '_');
  if (/[*+{]|\(\?<?[=!]/.test(plain)) return false;
  const optional = plain.replace(/\(\?/g, '(').match(/\?/g)?.length ?? 0;
  const either = plain.includes('(') ? (plain.match(/\|/g)?.length ?? 0) : 0;
  return optional + either <= mostChoices;
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
function stands(sought: string, searched: string): boolean {
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
