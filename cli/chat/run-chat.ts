import { resolve } from 'node:path';
import { earlierConversation } from '../../adapters/terminal/conversation.js';
import { type Face, JsonFace, ScreenFace } from '../../adapters/terminal/face.js';
import { LineInput } from '../../adapters/terminal/line-input.js';
import { HistoryFile, localWhereabouts, terminalPerson } from '../../adapters/terminal/local-person.js';
import { paintFor } from '../../adapters/terminal/reply-printer.js';
import { playLine, talk, talkByGoals } from '../../adapters/terminal/talk.js';
import { TerminalAdapter } from '../../adapters/terminal/terminal-adapter.js';
import { TerminalChat } from '../../adapters/terminal/terminal-chat.js';
import { type Core, composeCore } from '../../app/core.js';
import { loadConfig } from '../../app/settings.js';
import { type Character, displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import { systemClock } from '../../src/clock.js';
import { SelfPlay } from '../../src/turn/self-play.js';
import { quietLogger } from '../quiet-logger.js';
import { reportError } from '../report-error.js';
import { runScene, type SceneMode } from './run-scene.js';

export interface ChatOptions {
  readonly character?: string;
  readonly with?: string;
  readonly mode: 'chat' | SceneMode;
  readonly session?: string;
  readonly turns?: number;
  readonly json?: boolean;
}

/** How long a reply that is being written may take once the person leaves, ms. */
const leaveMs = 500;

/** Talks until the person leaves. @returns the exit code: 1 where a piped message was not answered. */
export async function runChat(options: ChatOptions): Promise<0 | 1> {
  checkUsage(options);
  const loaded = loadConfig();
  const logger = quietLogger(loaded);
  const adapter = new TerminalAdapter(systemClock.now);
  const core = await composeCore(loaded, () => [adapter], logger);
  const write = (text: string): void => {
    process.stdout.write(text);
  };
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && options.json !== true;
  const face = options.json
    ? new JsonFace(write)
    : new ScreenFace(write, paintFor(process.stdout.isTTY === true, process.env), () =>
        process.stdout.isTTY ? process.stdout.columns : undefined,
      );
  const services = {
    ...core.services,
    sessions: core.sessions,
    events: core.events,
    whereabouts: localWhereabouts(process.env),
  };
  const report = (error: RapportError): void => {
    reportError(error);
  };
  const chat = new TerminalChat({ services, face, adapter, report, person: terminalPerson() });
  const scene = new AbortController();
  let interrupts = 0;
  const interrupt = (): void => {
    interrupts += 1;
    if (interrupts > 2) process.exit(1);
    if (interrupts === 1 && chat.stop()) return;
    scene.abort(new RapportError('RAPPORT_E_SHUTTING_DOWN'));
    input.close();
  };
  const input = new LineInput({
    interactive,
    input: process.stdin,
    output: process.stdout,
    history: new HistoryFile(
      resolve(loaded.config.data.dir),
      loaded.secrets.RAPPORT_ENCRYPTION_KEY === undefined,
    ),
    onInterrupt: interrupt,
    onLine: (line) => {
      interrupts = 0;
      return /^\s*[/!]stop\s*$/.test(line) && chat.stop();
    },
  });
  process.on('SIGINT', interrupt);
  try {
    if (options.mode === 'selfplay' || options.with !== undefined)
      await runScene({
        ...options,
        mode: options.mode as SceneMode,
        core,
        face,
        input,
        signal: scene.signal,
      });
    else await converse(options, core, chat, input, scene.signal);
  } catch (error) {
    if (!scene.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', interrupt);
    input.close();
    if (interactive) write('\n');
    await core.close(leaveMs);
  }
  return !interactive && chat.failed > 0 ? 1 : 0;
}

async function converse(
  options: ChatOptions,
  core: Core,
  chat: TerminalChat,
  input: LineInput,
  signal: AbortSignal,
): Promise<void> {
  const { face, services, person } = chat;
  const { say } = services;
  const character = options.character === undefined ? null : chat.character(options.character);
  const earlier =
    options.session === undefined ? null : await earlierConversation(options.session, person, services);
  warnOfDemo(core, face, character);
  face.aside(say('terminal.hint'));
  const turns = options.turns ?? Number.POSITIVE_INFINITY;
  if (options.mode === 'goals') {
    const lead = character ?? (await anyone(chat));
    face.aside(services.care.disclosure(displayName(lead)));
    face.aside(say('terminal.goals', { name: lead.name }));
    await talkByGoals(chat, input, turns, async (goal) => {
      const scene = new SelfPlay({ supporter: lead, seeker: null }, services);
      const firstLine = await playLine(scene, 'supporter', displayName(lead), {
        goal,
        signal,
        face,
      });
      face.end();
      await chat.open(lead, undefined, { firstLine, shown: true });
    });
    return;
  }
  if (earlier) await chat.goOn(earlier);
  else if (character) await chat.open(character);
  else {
    face.aside(say('terminal.disclosure'));
    face.aside(say('terminal.unmatched'));
  }
  await talk(chat, input, turns);
}

/** Who leads where nobody was chosen and nothing is written yet: the best match for a known persona, else by lot. */
async function anyone({ services, person }: TerminalChat): Promise<Character> {
  const { bank, scorer, store, random } = services;
  const persona = (await store.people.profile(person))?.persona;
  const [best] = persona?.worry || persona?.facts.length ? await scorer.rank(persona, bank.all, 1) : [];
  const willing = bank.all.filter(({ matchable }) => matchable);
  const character = best?.character ?? willing[Math.floor(random.next() * willing.length)] ?? bank.all[0];
  if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: '(any)' });
  return character;
}

/** Says so where the built-in voice speaks, and loads it while the person writes. */
function warnOfDemo({ services, models, loaded }: Core, face: Face, character: Character | null): void {
  const route = services.router.routeFor(character ?? { id: '', tags: [] });
  if (!route.demo) return;
  face.aside(services.say('demoModel'));
  const logger = quietLogger(loaded);
  models
    .embedded()
    .warm()
    .catch((error: unknown) =>
      logger.warn({ reason: String(error) }, 'the embedded model could not be loaded yet'),
    );
}

function checkUsage({ mode, character, with: other, session }: ChatOptions): void {
  const misuse = (reason: string): RapportError =>
    new RapportError('RAPPORT_E_USAGE', { reason, command: 'chat' });
  if (mode === 'selfplay' && (character === undefined || other === undefined))
    throw misuse(
      'Self-play needs two characters: --character ID (who listens) and --with ID (who has something on their mind).',
    );
  if (mode === 'chat' && other !== undefined)
    throw misuse('--with belongs to --mode selfplay and --mode goals.');
  if (mode === 'goals' && other !== undefined && character === undefined)
    throw misuse('--with needs --character ID as well.');
  if (session !== undefined && mode !== 'chat') throw misuse('--session belongs to --mode chat.');
  if (session !== undefined && character !== undefined)
    throw misuse('A conversation keeps its character: give --session or --character, not both.');
}
