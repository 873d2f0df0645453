import { nameInRules } from '../../characters/name-line.js';
import type { Character } from '../../characters/schema.js';
import type { Sampling } from './chat-model.js';

export type Speaker = 'seeker' | 'supporter';
export type Action = 'speaking' | 'thinking';

/** One line of the conversation. */
export interface PromptTurn {
  readonly speaker: Speaker;
  /** How the speaker is called; written in front of the line in shared sessions. */
  readonly name?: string | undefined;
  readonly text: string;
  /** Said by another character, who spoke here before: `name` says which. Only `chat` tells them apart. */
  readonly other?: boolean | undefined;
  /** Character-LLM's thoughts; the other formats leave them out. Default `speaking`. */
  readonly action?: Action | undefined;
}

export interface PromptMemory {
  /** CharacterChat's aspect name, or {@link userAspect} for a fact about the person. */
  readonly aspect: string;
  readonly text: string;
  /** The day it was told (`3 May 2026`), where it speaks of days as they were then: "tomorrow". */
  readonly told?: string | undefined;
  /** It was read in what the person wrote: they asked for nothing, and have not confirmed it. */
  readonly read?: boolean | undefined;
}

/** Something that was said before the turns the prompt holds. */
interface EarlierWords {
  /** `seeker` is the person, `supporter` the character. */
  readonly speaker: Speaker;
  readonly text: string;
  /** What it answered, where it says little by itself. */
  readonly after?: string | undefined;
  /** When, in words: `3 weeks ago`. */
  readonly when: string;
}

/** An entry of a lorebook: `before` or `after` the memories (after, where it is text alone), or last, `near` the message. */
type LoreText = string | { readonly text: string; readonly place: 'before' | 'after' | 'near' };

/** The aspect of a fact about the person. */
export const userAspect = 'user';

/** Everything a prompt is made of; plain data, independent of the format. */
export interface PromptInput {
  /** Who the model plays. */
  readonly character: Character;
  /** The side the model plays; `seeker` is for self-play. Default `supporter`. */
  readonly role?: Speaker | undefined;
  readonly seeker: {
    readonly name?: string | undefined;
    readonly statement?: string | undefined;
    readonly facts: readonly string[];
    /** Of all that is known, what bears on the message; for formats with little room. Left out: what `memories` hold of the person. */
    readonly fitting?: readonly string[] | undefined;
  };
  /** Oldest first; the last one is the message to answer. */
  readonly turns: readonly PromptTurn[];
  /** Chosen for this turn, best first. */
  readonly memories: readonly PromptMemory[];
  /** What day it is for the person, in words; for formats that have a place for notes. */
  readonly today?: string | undefined;
  /** How long ago somebody last wrote here, in words, where that is some hours. */
  readonly lastWrote?: string | undefined;
  /** Of the character's lorebook, what is spoken of; for formats that have a place for notes. */
  readonly lore?: readonly LoreText[] | undefined;
  /** What was said before the turns, in short; for formats that have a place for notes. */
  readonly summary?: string | undefined;
  /** What was said long before and fits the message, oldest first; for formats that have a place for notes. */
  readonly earlier?: readonly EarlierWords[] | undefined;
  /** Turn-level goal, e.g. `talk about music.` */
  readonly goal?: string | undefined;
  readonly strategy?: { readonly label: string; readonly motivation: string } | undefined;
  /** MIRACLE attribute → aspect value, or the words that describe it. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** Several people write here: lines carry names, and nothing personal about anybody is used. */
  readonly shared: boolean;
  /** Somebody was in danger a few turns ago and helplines were shown: the reply is to be gentle and serious. */
  readonly care?: boolean | undefined;
  /** Somebody under 18 is among those who are spoken to. */
  readonly minor?: boolean | undefined;
  /** What has been said of the reply already: it goes on from its last word. */
  readonly begun?: string | undefined;
  /** What was wrong with a first wording of this reply, as “it …”; for formats that heed it. */
  readonly caution?: string | undefined;
  /** Set by the floor: `brief` shortens the format's fixed text, `bare` leaves it out. */
  readonly compact?: 'brief' | 'bare' | undefined;
}

/** The side the model plays. */
export function ownSide(input: PromptInput): Speaker {
  return input.role ?? 'supporter';
}

/** The turns without thoughts, for formats that know only speech. */
export function spokenTurns(input: PromptInput): PromptTurn[] {
  return input.turns.filter(({ action }) => action !== 'thinking');
}

/** Index of the message to answer: the last one the other side spoke; -1 when there is none. */
export function lastMessageIndex(input: PromptInput): number {
  const own = ownSide(input);
  return input.turns.findLastIndex(({ speaker, action }) => speaker !== own && action !== 'thinking');
}

/** The statement that opens the persona, in the second person. */
export function statementOf(input: PromptInput): string {
  const { supporterStatement, seekerStatement } = input.character;
  return ownSide(input) === 'seeker' ? seekerStatement || supporterStatement : supporterStatement;
}

/** The short name: as given, else the first word of the name. */
export function shortNameOf({ name, shortName }: Character): string {
  return nameInRules(shortName ?? name.trim().split(/\s+/)[0] ?? name);
}

/** The best memory of the character itself. */
export function characterMemory(input: PromptInput): PromptMemory | undefined {
  return input.memories.find(({ aspect }) => aspect !== userAspect);
}

/** Facts about the person that were recalled for this turn; none in a shared session, whatever was passed. */
export function personalMemories(input: PromptInput): PromptMemory[] {
  return input.shared ? [] : input.memories.filter(({ aspect }) => aspect === userAspect);
}

/** What every format tells the model where `care` is set. */
export const careNote =
  'helplines were just shown; be gentle and serious, stay close, point to people who can help.';

/** What every format tells the model where `minor` is set. */
export const minorNote =
  'somebody under 18 may read this: no romance, no flirting, nothing sexual, no secrets, no pleading that they stay.';

/** A fact with the day it was told, where that matters. */
export function toldText({ text, told }: Pick<PromptMemory, 'text' | 'told'>): string {
  if (!told) return text;
  const whole = text.trim();
  const end = /[.!?…]+$/.exec(whole)?.[0] ?? '';
  return `${whole.slice(0, whole.length - end.length)} (told on ${told})${end}`;
}

/** What is known of the person and bears on the message, in one line each; none in a shared session, whatever was passed. */
export function fittingFacts(input: PromptInput): string[] {
  const facts = input.seeker.fitting ?? personalMemories(input).map(toldText);
  return input.shared ? [] : facts.map((text) => text.replace(/\s+/g, ' ').trim());
}

/** A goal without its final full stop, in one line: `talk about music`. */
export function goalWords(goal: string): string {
  return goal.replace(/\s+/g, ' ').trim().replace(/\.+$/, '');
}

/** `defaults` overridden by `own`; unset keys are left out. */
export function mergeSampling(defaults: Sampling, own: Sampling): Sampling {
  const merged = {
    ...defaults,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
  };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}
