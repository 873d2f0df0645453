import { readFileSync } from 'node:fs';
import { RapportError, reasonOf } from '../../../config/errors.js';

export interface Scene {
  readonly type: string;
  readonly location: string;
  readonly background: string;
}

export interface SpokenTurn {
  readonly role: string;
  readonly action: '(speaking)' | '(thinking)';
  readonly content: string;
}

export interface ScriptedScene {
  readonly setting: readonly string[];
  readonly dialogue: readonly SpokenTurn[];
}

/** Reads a profile (`wiki_*.txt`): the full name behind `# `, then paragraphs between empty lines. @throws RapportError */
export function readProfile(file: string): { readonly name: string; readonly paragraphs: readonly string[] } {
  const [head = '', ...rest] = textOf(file)
    .replace(/\r\n/g, '\n')
    .trim()
    .split(/\n\s*\n/);
  if (!head.startsWith('# '))
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', {
      file,
      reason: 'its first paragraph is no "# Full Name"',
    });
  const paragraphs = rest.map((text) => text.trim()).filter((text) => text !== '');
  return { name: head.replace(/^[#\s]+/, '').trim(), paragraphs };
}

/** Objects of a file: one array, JSON Lines, or printed one after another as the released runner does. @throws RapportError */
export function readObjects(file: string): Record<string, unknown>[] {
  const text = textOf(file).trim();
  try {
    if (text.startsWith('[')) return JSON.parse(text);
    return objectTexts(text).map((object) => JSON.parse(object));
  } catch (thrown) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(thrown) });
  }
}

/** Scenes of an answer; a block without type, location or background is left out. */
export function scenesIn(answer: string): Scene[] {
  return answer.split(/\n\s*\n/).flatMap((block) => {
    const field = (name: string) =>
      new RegExp(`^[\\s*-]*${name}\\**:\\**\\s*(.+)$`, 'im').exec(block)?.[1]?.trim();
    const [type, location, background] = [field('Type'), field('Location'), field('Background')];
    return type && location && background ? [{ type, location, background }] : [];
  });
}

/**
 * The scene of an answer: a background and turns. A turn may hold paragraphs and colons; a paragraph without a name goes on with the
 * turn before. Why it cannot be used, otherwise.
 */
export function scriptIn(answer: string, main: string): ScriptedScene | string {
  const setting: string[] = [];
  const turns: SpokenTurn[] = [];
  for (const chunk of answer.replace(/\r\n/g, '\n').split(/\n\s*\n/)) {
    const text = chunk.trim();
    const background = /^\W*Background\W*:\W*([\s\S]*)$/i.exec(text)?.[1];
    if (background !== undefined && turns.length === 0) {
      setting.push(clean(background));
      continue;
    }
    const turn = turnIn(text);
    const last = turns.at(-1);
    if (turn) turns.push(turn);
    else if (last && text !== '')
      turns[turns.length - 1] = { ...last, content: `${last.content}\n${clean(text)}` };
    else if (text !== '' && setting.length === 1 && setting[0] === '') setting[0] = clean(text);
  }
  const dialogue = turns.filter(
    ({ role, action, content }) => content.trim() !== '' && (action === '(speaking)' || role === main),
  );
  if (setting.every((text) => text === '')) return 'it has no background';
  if (dialogue.length < 3) return 'it has fewer than three turns';
  if (!dialogue.some(({ role }) => role === main)) return `${main} has no turn`;
  return { setting: setting.filter((text) => text !== ''), dialogue };
}

/** `Name (action)`, with the words below it or behind a colon; `NAME:` counts as speaking. */
function turnIn(text: string): SpokenTurn | null {
  const [head = '', ...rest] = text.split('\n');
  const acted = /^\W*([^\n():]{1,60}?)\s*\(+(speaking|thinking)\)\W*?:?\s*(.*)$/i.exec(head);
  const named = acted ? null : /^\W*((?:[\p{Lu}\d][\p{L}\d.'’-]*\s?){1,5}):\s*(.*)$/u.exec(head);
  const found = acted ?? named;
  if (!found) return null;
  const said = acted ? found[3] : found[2];
  const action = acted?.[2]?.toLowerCase() === 'thinking' ? '(thinking)' : '(speaking)';
  const content = clean([said ?? '', ...rest].filter((line) => line.trim() !== '').join('\n'));
  return { role: (found[1] ?? '').trim(), action, content };
}

/** Marks of the runner and of the serialisation, stage directions and quotes around are no words of anybody. */
function clean(text: string): string {
  return text
    .replace(/<\|(?:NONSTOP|eot)\|>/g, '')
    .replace(/\s?\([^()\n]*\)/g, '')
    .trim()
    .replace(/^"([^"]*)"$/, '$1')
    .trim();
}

function objectTexts(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (quoted) {
      if (letter === '\\') at += 1;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === '{') {
      if (depth === 0) start = at;
      depth += 1;
    } else if (letter === '}') {
      depth -= 1;
      if (depth === 0) found.push(text.slice(start, at + 1));
    }
  }
  if (depth !== 0) throw new SyntaxError('an object has no end');
  return found;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(thrown) });
  }
}
