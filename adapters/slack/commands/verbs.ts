import type { Say } from '../../../config/locale.js';
import { readSettings } from '../../../src/commands/settings.js';
import type { Answer } from '../actions/actor.js';
import { slackCommunity } from '../address.js';
import { settingsView } from '../views/forms.js';
import { age, country, human, memory, persona, privacy, safety, steer, style } from './personal-verbs.js';
import { character, chat, match, reset, why } from './talking-verbs.js';
import { type CommandTools, firstWord, nearest, type Verb, type VerbCall } from './verb.js';

/** `settings`: what holds for the whole workspace; administrators change it. */
export const settings: Verb = async ({ actor }, { services, modals, directory }) => {
  const { say, bank } = services;
  // The trigger lives three seconds, so both are asked at once.
  const [isAdmin, current] = await Promise.all([
    directory.isAdmin(actor.workspace, actor.user),
    readSettings(services, slackCommunity(actor.workspace.team)),
  ]);
  if (!isAdmin) return { text: say('slack.settings.adminsOnly') };
  const character = current.defaultCharacterId ? bank.get(current.defaultCharacterId) : undefined;
  await modals.open(actor, settingsView(current, character, say));
  return null;
};

const help: Verb = async (_, { services }) => ({ text: helpText(services.say) });

/** The verbs of `/rapport`, in the order of the help. */
export const verbs = {
  chat,
  match,
  character,
  persona,
  memory,
  country,
  age,
  safety,
  human,
  steer,
  style,
  why,
  reset,
  privacy,
  settings,
  help,
} as const satisfies Readonly<Record<string, Verb>>;

export type VerbName = keyof typeof verbs;

/** UTF-16 units of what was typed that are quoted. */
const wordUnits = 40;
const quotedUnits = 200;

const isVerb = (word: string): word is VerbName => Object.hasOwn(verbs, word);

/** One line a verb. */
function helpText(say: Say): string {
  const lines = Object.keys(verbs).map((verb) => say(`slack.help.${verb}`));
  return [say('slack.help.intro'), ...lines, say('slack.help.codes')].join('\n');
}

/** Runs `/rapport VERB WORDS`. A word that is no verb is answered with the nearest one, and with how to say what was typed. */
export async function runVerb({ words, ...call }: VerbCall, tools: CommandTools): Promise<Answer | null> {
  const { say } = tools.services;
  const { word, rest } = firstWord(words);
  if (word === '') return help({ ...call, words }, tools);
  if (isVerb(word)) return verbs[word]({ ...call, words: rest }, tools);
  const near = nearest(word, Object.keys(verbs));
  const shown = quotable(word, wordUnits);
  const text = near
    ? say('slack.usage.meant', { word: shown, verb: near })
    : say('slack.usage.unknown', { word: shown });
  // More than a slip of one word may be something to say.
  if (near && rest === '') return { text };
  return { text: `${text} ${say('slack.usage.say', { words: quotable(words, quotedUnits) })}` };
}

/** What was typed, for a quotation in one line of code: bounded, and without what would end it. */
function quotable(typed: string, units: number): string {
  const line = typed.replaceAll('`', '').replace(/\s+/g, ' ').trim();
  return line.length <= units ? line : `${line.slice(0, units).toWellFormed().trimEnd()} …`;
}
