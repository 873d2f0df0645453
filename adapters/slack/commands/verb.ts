import type { CommandServices } from '../../../src/commands/command-services.js';
import type { Actor, Answer } from '../actions/actor.js';
import type { Modals } from '../actions/modals.js';
import type { Directory } from '../api/directory.js';
import type { Home } from '../home/home.js';
import type { Conversations } from './conversations.js';
import type { PersonalData } from './personal-data.js';

/** What the verbs work with. */
export interface CommandTools {
  readonly services: CommandServices;
  readonly conversations: Conversations;
  readonly modals: Modals;
  readonly directory: Directory;
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
