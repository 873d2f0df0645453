import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RapportError, reasonOf } from '../../config/errors.js';
import { safetyText } from '../../src/care/safety.js';
import { stateAge } from '../../src/care/state-age.js';
import { begunConversations } from '../../src/commands/conversation.js';
import { sayCountry } from '../../src/commands/country.js';
import { exportLorebook, removeLorebook, saveLorebook } from '../../src/commands/lorebook.js';
import { exportFacts, importFacts } from '../../src/commands/memory-file.js';
import { exportPerson } from '../../src/commands/privacy.js';
import { explainLastReply } from '../../src/commands/why.js';
import { codeNames } from '../../src/guidance/unknown-code.js';
import { traceWithWords } from '../../src/turn/noted-words.js';
import { proposalsMeant, rememberingOf, sayDecision, sayRemembering } from '../../src/turn/remembering.js';
import type { TerminalChat } from './terminal-chat.js';
import { explanationText, traceText } from './trace-text.js';

/** Characters shown by `/list` at once. */
const maxListed = 40;

type Run = (chat: TerminalChat, argument: string) => Promise<void>;

const commands: Readonly<Record<string, Run>> = {
  help: async (chat, words) => {
    const { face, services } = chat;
    // Words behind it may be a cry for help.
    if (words !== '') return chat.say(`!help ${words}`);
    const text = `${services.say('terminal.help')}\n${services.say('session.help')}`;
    face.answer('help', text, { commands: Object.keys(commands) });
  },
  why: async ({ face, services, conversation }, what) => {
    const { say } = services;
    // Whoever sits at the machine's terminal is its operator.
    const explanation = conversation
      ? await explainLastReply(services, conversation.id, undefined, true)
      : null;
    const noted = (await conversation?.lastReply())?.trace;
    const session = conversation && (await services.store.sessions.get(conversation.id));
    const trace = noted && session ? await traceWithWords(noted, session, services.store) : null;
    const sections = explanation?.sections ?? [];
    const text = what === 'stages' ? trace && traceText(trace) : explanation && explanationText(explanation);
    face.answer('why', text ?? say('terminal.noReply'), { trace, sections });
  },
  character: async (chat, id) => {
    if (id === '') chat.face.aside(chat.services.say('terminal.whichCharacter'));
    else await chat.open(chat.character(id));
  },
  list: async ({ face, services: { bank, say } }, words) => {
    const found = words === '' ? bank.all : bank.search(words);
    const lines = found
      .slice(0, maxListed)
      .map(({ id, name, persona }) => `${id}  ${name}, ${persona.job ?? ''}`);
    const left = found.length - lines.length;
    if (left > 0) lines.push(say('terminal.more', { count: left }));
    const text = lines.length > 0 ? lines.join('\n') : say('terminal.noCharacter', { words });
    face.answer('list', text, { characters: found.map(({ id, name }) => ({ id, name })) });
  },
  sessions: async ({ face, person, services }) => {
    const { bank, say } = services;
    const sessions = await begunConversations(services, person, { limit: 20, offset: 0 });
    const lines = sessions.map(
      ({ id, characterId, title, turnCount }) =>
        `${id}  ${bank.get(characterId)?.name ?? characterId}: ${title} (${turnCount})`,
    );
    face.answer('sessions', lines.join('\n') || say('terminal.noSession'), { sessions });
  },
  facts: async (chat, argument) => {
    const [, verb, file = ''] = /^(export|import)\b\s*(.*)$/.exec(argument) ?? [];
    if (verb === 'export') await writeFacts(chat, file);
    else if (verb === 'import' && file !== '') await readFacts(chat, file);
    else await chat.say('!facts');
  },
  memory: async ({ face, services, person }, mode) =>
    face.answer('memory', await sayRemembering(services, person, mode), {
      mode: await rememberingOf(services, person),
      waiting: await services.store.people.proposals(person),
    }),
  lorebook: async (chat, argument) => {
    const { face, services, person } = chat;
    const [, verb, file = ''] = /^(export|import|remove)\b\s*(.*)$/.exec(argument) ?? [];
    if (verb === 'import' && file !== '') {
      const count = await saveLorebook(services, person, read(file));
      return face.answer('lorebook', services.say('lorebook.saved', { count }), { entries: count });
    }
    if (verb === 'remove') {
      const removed = await removeLorebook(services, person);
      return face.answer('lorebook', services.say(removed ? 'lorebook.removed' : 'lorebook.none'), {
        removed,
      });
    }
    const kept = await exportLorebook(services, person);
    if (!kept) return face.answer('lorebook', services.say('lorebook.none'), {});
    const target = write(verb === 'export' && file !== '' ? file : kept.name, kept.text);
    face.answer('lorebook', services.say('terminal.exported', { file: target }), { file: target });
  },
  keep: (chat, which) => decide(chat, which, true),
  drop: (chat, which) => decide(chat, which, false),
  country: async ({ face, services, person, conversation }, typed) =>
    face.answer(
      'country',
      await sayCountry(services, { person, typed, session: conversation?.id ?? null }),
      {},
    ),
  age: async ({ face, services, person }, typed) =>
    face.answer('age', await stateAge(services, person, typed), {}),
  safety: async ({ face, services, person }) =>
    face.answer('safety', await safetyText(services, { ...services.whereabouts, person }), {}),
  steer: (chat, goal) => chat.say(`!topic ${goal}`.trim()),
  regenerate: async (chat) => {
    if (await chat.conversation?.lastReply()) await chat.regenerate();
    else chat.face.aside(chat.services.say('terminal.noReply'));
  },
  stop: async ({ face, services }) => face.aside(services.say('terminal.nothingToStop')),
  export: async ({ face, services, person }, file) => {
    const { json, page } = await exportPerson(services, person);
    const { name, text } = /\.html?$/i.test(file) ? page : json;
    const target = write(file || name, text);
    face.answer('export', services.say('terminal.exported', { file: target }), { file: target });
  },
};

async function decide({ face, services, person }: TerminalChat, which: string, keep: boolean): Promise<void> {
  const meant = await proposalsMeant(services, person, which);
  face.answer(keep ? 'keep' : 'drop', await sayDecision(services, person, meant, keep), {});
}

async function writeFacts({ face, services, person }: TerminalChat, file: string): Promise<void> {
  const { name, text } = await exportFacts(services, person);
  const target = write(file || name, text);
  face.answer('facts', services.say('terminal.exported', { file: target }), { file: target });
}

async function readFacts({ face, services, person }: TerminalChat, file: string): Promise<void> {
  const added = await importFacts(services, person, read(file));
  face.answer('facts', services.say('terminal.imported', { count: added }), { added });
}

/** @throws RapportError RAPPORT_E_FILE_UNREADABLE */
function read(file: string): string {
  const source = resolve(file);
  try {
    return readFileSync(source, 'utf8');
  } catch (error) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file: source, reason: reasonOf(error) }, error);
  }
}

/** @returns the whole path of the file. @throws RapportError RAPPORT_E_FILE_UNREADABLE */
function write(file: string, text: string): string {
  const target = resolve(file);
  try {
    writeFileSync(target, text, { mode: 0o600 });
  } catch (error) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file: target, reason: reasonOf(error) }, error);
  }
  return target;
}

/** What a message says as well, and so goes where messages go. */
const saidByMessage = new Set<string>(codeNames);

/**
 * Runs a line that begins with `/` or `!`: whatever works behind one of them works behind the other. `//text` is the message
 * `/text`; a line with neither a command nor a code behind its `!` is a message.
 * @returns `leave` for /quit.
 */
export async function runCommand(chat: TerminalChat, line: string): Promise<'stay' | 'leave'> {
  if (line.startsWith('//')) {
    await chat.say(line.slice(1));
    return 'stay';
  }
  const marked = line.startsWith('!');
  const [, typed = '', rest = ''] = /^[/!]\s*(\S*)\s*([\s\S]*)$/.exec(line) ?? [];
  const name = typed.toLowerCase();
  const argument = rest.trim();
  if (name === 'quit' || name === 'exit') return 'leave';
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const file = name === 'facts' && argument !== '';
  if (command && (!marked || file || name === 'help' || !saidByMessage.has(name)))
    await command(chat, argument);
  else if (marked || saidByMessage.has(name) || /^topic!$/.test(name)) await chat.say(`!${line.slice(1)}`);
  else chat.face.aside(chat.services.say('terminal.noCommand', { command: `/${typed}` }));
  return 'stay';
}
