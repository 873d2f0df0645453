import type { CommandServices } from '../../../src/commands/command-services.js';
import { editDistance } from '../../../src/guidance/goal-words.js';
import type { Actor, Answer, Modals } from '../actions/actor.js';
import type { Directory } from '../api/directory.js';
import type { SlackClients } from '../api/workspace-clients.js';
import type { Home } from '../home/home.js';
import type { Conversations } from './conversations.js';
import type { PersonalData } from './personal-data.js';

/** What the verbs work with. */
export interface CommandTools {
  readonly services: CommandServices;
  readonly conversations: Conversations;
  readonly modals: Modals;
  readonly directory: Directory;
  readonly clients: SlackClients;
  readonly data: PersonalData;
  readonly home: Home;
}

export interface VerbCall {
  readonly actor: Actor;
  /** What was written behind the verb. */
  readonly words: string;
  /** Slack's id of the request: the same call is recorded once. */
  readonly request: string;
}

/** One verb of `/rapport`. Null: a modal was opened, which is answer enough. */
export type Verb = (call: VerbCall, tools: CommandTools) => Promise<Answer | null>;

/** The first word, in lower case, and what follows it. Slack turns quotes and dashes into typographic ones: those are undone. */
export function firstWord(text: string): { readonly word: string; readonly rest: string } {
  const clean = text.trim();
  const end = clean.search(/\s/);
  const word = end < 0 ? clean : clean.slice(0, end);
  return {
    word: word
      .replace(/^[—–]/, '--')
      .replace(/^[-/]+|[:,.]+$/g, '')
      .toLowerCase(),
    rest: end < 0 ? '' : clean.slice(end).trim(),
  };
}

/** The known word that was probably meant; null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  const allowed = word.length < 4 ? 1 : 2;
  let best: { readonly word: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = candidate.startsWith(word) && word.length > 1 ? 0.5 : editDistance(word, candidate);
    if (distance <= allowed && (best === null || distance < best.distance))
      best = { word: candidate, distance };
  }
  return best?.word ?? null;
}
