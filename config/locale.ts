import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { RapportError, reasonOf } from './errors.js';
import { packageRoot } from './root.js';

/** A locale's words: a tree of texts, addressed by dotted keys. */
export interface Words {
  readonly [key: string]: string | Words;
}

/**
 * Fills the text at `key` with `values`; a missing key is a programming error and throws. A text with forms (`one`, `other`) is
 * chosen by the first number among the values (Intl.PluralRules).
 */
export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

export interface Locale {
  readonly code: string;
  readonly say: Say;
  /** The page's words as a tree. */
  readonly page: Words;
}

/**
 * Loads the words of a locale from config/locales: `<code>.yaml`, what the commands of every chat platform say, and what
 * one platform alone does.
 * @param parts the files of the platforms, without code and ending (`discord` for `discord.en.yaml`).
 * @throws RapportError RAPPORT_E_CONFIG_UNREADABLE when there is no such locale.
 */
export function readLocale(code: string, parts: readonly string[]): Locale {
  const folder = join(packageRoot, 'config/locales');
  const names = ['commands', ...parts].map((part) => `${part}.${code}.yaml`);
  const files = [`${code}.yaml`, ...names].map((name) => join(folder, name));
  const words: Words = Object.assign({}, ...files.filter((file, n) => n === 0 || existsSync(file)).map(read));
  const page = read(join(folder, `page.${code}.yaml`));
  return {
    code,
    page,
    say: (key, values = {}) => fill(formOf(lookUp(words, key), key, values, code), values),
  };
}

function lookUp(words: Words, key: string): string | Words | undefined {
  return key
    .split('.')
    .reduce<string | Words | undefined>(
      (node, part) => (typeof node === 'object' ? node[part] : undefined),
      words,
    );
}

function formOf(
  found: string | Words | undefined,
  key: string,
  values: Readonly<Record<string, string | number>>,
  code: string,
): string {
  const number = Object.values(values).find((value) => typeof value === 'number');
  const form =
    typeof found === 'object' && typeof number === 'number'
      ? (found[new Intl.PluralRules(code).select(number)] ?? found.other)
      : found;
  if (typeof form !== 'string') throw new Error(`the locale has no text "${key}"`);
  return form;
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)).trim();
}

function read(file: string): Words {
  try {
    return parse(readFileSync(file, 'utf8')) as Words;
  } catch (error) {
    throw new RapportError('RAPPORT_E_CONFIG_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
}
