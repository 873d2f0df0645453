/** What the lines at the beginning of an entry ask for (Character Card V3, decorators), and the entry without them. */
export interface Decorated {
  readonly text: string;
  /** Of each name the first that is known and whose value is valid. */
  readonly asked: ReadonlyMap<string, string>;
}

const flags = new Set(['activate', 'dont_activate']);
const numbers = new Set(['activate_only_after', 'activate_only_every', 'scan_depth', 'is_greeting']);
const lists = new Set(['additional_keys', 'exclude_keys']);
const heads = /^\s*@@(@?)([A-Za-z_]+)[^\S\n]*([^\n]*)(?:\n|$)/;
const maxLines = 50;

/** Unknown decorators are passed over for what `@@@` lines below them offer instead, the first that is known. */
export function decorated(content: string): Decorated {
  const asked = new Map<string, string>();
  let text = content;
  let open = false;
  for (let line = 0; line < maxLines; line += 1) {
    const [whole, third = '', name = '', value = ''] = heads.exec(text) ?? [];
    if (whole === undefined) break;
    text = text.slice(whole.length);
    if (third !== '' && !open) continue;
    const known = isKnown(name, value.trim());
    if (known && !asked.has(name)) asked.set(name, value.trim());
    open = !known;
  }
  return { text: text.trim(), asked };
}

function isKnown(name: string, value: string): boolean {
  if (flags.has(name)) return true;
  if (numbers.has(name)) return /^\d{1,9}$/.test(value);
  return lists.has(name) && value !== '';
}
