import { headerName, neutralise } from './neutralise.js';
import { ownSide, type PromptInput, type PromptTurn } from './prompt-input.js';

/** Who speaks in the templates of models. */
const roles = ['System', 'Assistant', 'User', 'Human', 'Someone'];

/** The names of the others who write in a conversation, as line headers. */
export function otherNames(input: PromptInput): string[] {
  const own = ownSide(input);
  const names = input.turns.filter(({ speaker }) => speaker !== own).map(({ name }) => headerName(name, ''));
  return [...new Set([headerName(input.seeker.name, ''), ...names])].filter((name) => name !== '');
}

/**
 * The neutralised text of a turn. In a shared session a line of somebody else begins with `Name: `, and a line inside
 * a message that looks like such a header, with marks around it or the role of a template for a name, is quoted with `> `, so that
 * nobody can speak in another's name.
 */
export function lineOf(turn: PromptTurn, input: PromptInput): string {
  const text = neutralise(turn.text);
  if (!input.shared || turn.speaker === ownSide(input)) return text;
  const names = [
    ...otherNames(input),
    input.character.name,
    input.character.shortName ?? '',
    ...roles,
  ].filter(Boolean);
  const sign = '[ \\t*_#"“”`~-]{0,12}';
  const header = new RegExp(
    `^(?=${sign}(?:${names.map(escaped).join('|')})${sign}(?:\\([^()\\n]{0,20}\\)${sign})?[:：])`,
    'gimu',
  );
  return `${headerName(turn.name ?? input.seeker.name, 'Someone')}: ${text.replace(header, '> ')}`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, (sign) => `\\${sign}`);
}
