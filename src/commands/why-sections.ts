import type { CharacterBank } from '../../characters/bank.js';
import { memoryAspects } from '../../characters/schema.js';
import type { AttributeTable } from '../../config/attributes.js';
import type { Say } from '../../config/locale.js';
import type { SteeringTable } from '../../config/steering.js';
import { aspectWords } from '../guidance/attributes.js';
import { longAgo } from '../memory/said-when.js';
import type { PromptPart } from '../prompting/sent-parts.js';
import type { SessionState } from '../state/session.js';
import type { TurnTrace } from '../state/trace.js';
import type { StageName } from '../turn/stages/stage.js';
import { stages } from '../turn/stages/stages.js';
import type { TraceDecisions } from '../turn/trace.js';
import type { WhySection } from './why.js';

/** What is known of a reply. */
export interface WhyFacts {
  /** How the character is called. */
  readonly name: string;
  readonly session: SessionState;
  /** Null where a reply was taken up from the outbox after a crash. */
  readonly trace: TurnTrace | null;
  readonly decisions: TraceDecisions | null;
  readonly stopped: boolean;
  /** ms since the epoch. */
  readonly repliedAt: number;
  /** Told to somebody who reads along: what was found out about the owner stays out. */
  readonly forOthers: boolean;
  /** Told to the operator. */
  readonly forOperator: boolean;
}

interface WhyWords {
  readonly bank: CharacterBank;
  readonly say: Say;
  readonly steering: SteeringTable;
  readonly attributes: AttributeTable;
}

/** UTF-16 units of a quoted memory. */
const quotedUnits = 240;

/** From this calibrated probability on a feeling is likelier than all others together. */
const ratherSure = 0.5;

type Section = readonly [WhySection['topic'], readonly string[]];

/** The sections of an explanation, in the order of the turn's stages; those of which nothing is known are left out. */
export function whySections(facts: WhyFacts, words: WhyWords): WhySection[] {
  const told: Partial<Record<StageName, Section>> = {
    care: ['care', careLines(facts, words)],
    match: ['character', characterLines(facts, words)],
    emotion: ['emotion', emotionLines(facts, words)],
    memory: ['memory', memoryLines(facts, words)],
    strategy: ['strategy', strategyLines(facts, words)],
    goal: ['goal', goalLines(facts, words)],
    style: ['style', styleLines(facts, words)],
  };
  const sections: readonly Section[] = [
    ...stages.flatMap(({ name }) => (told[name] ? [told[name]] : [])),
    ['timing', timingLines(facts, words)],
    ['model', modelLines(facts, words)],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([topic, lines]) => ({
      topic,
      lines,
      title: words.say(`why.${topic}.title`, { name: facts.name }),
    }));
}

/** How somebody is, is between them and the character. */
function careLines({ name, decisions, forOthers }: WhyFacts, { say }: WhyWords): string[] {
  const care = decisions?.care;
  if (!care || forOthers) return [];
  return [
    ...(care.gentle ? [say('why.care.gentle', { name }), say('why.care.rests')] : []),
    ...(care.offered ? [say('why.care.offered')] : []),
  ];
}

function characterLines(
  { name, session, decisions, forOthers }: WhyFacts,
  { bank, say }: WhyWords,
): string[] {
  if (forOthers) return [say('why.character.forOthers', { name })];
  const match = decisions?.match;
  const reasons = match?.reasons ?? session.matchReasons;
  const chosen = reasons.some(({ facet }) => facet === 'chosen');
  const compared = bank.all.filter(({ matchable }) => matchable).length;
  const how = ['encoder', 'lexical'].find((kind) => kind === match?.kind);
  const offered = match?.offered ? bank.get(match.offered) : undefined;
  return [
    ...(chosen ? [] : [say('why.character.matched', { name, count: compared })]),
    ...reasons.map(({ text }) => text),
    ...(chosen || !how ? [] : [say(`why.character.${how}`)]),
    ...(offered ? [say('why.character.offered', { name: offered.name })] : []),
  ];
}

/** What a message sounded like is between whoever began the conversation and the character. */
function emotionLines({ decisions, forOthers }: WhyFacts, { say }: WhyWords): string[] {
  const emotion = decisions?.emotion;
  if (!emotion || forOthers) return [];
  const { label, probability, ranked } = emotion;
  const feeling = quotable(label.replaceAll('_', ' '));
  const other = ranked.find((one) => one.label !== label)?.label;
  const read =
    probability >= ratherSure
      ? say('why.emotion.sure', { feeling })
      : other === undefined
        ? say('why.emotion.unsure', { feeling })
        : say('why.emotion.unsureOf', { feeling, other: quotable(other.replaceAll('_', ' ')) });
  return [read, say('why.emotion.guess')];
}

/** Something was decided, and the reply was made without it: a format or a written reply has no place for it. */
function isUnsent(trace: TurnTrace | null, part: PromptPart): boolean {
  const sent = trace?.model?.sent;
  return sent !== undefined && !sent.includes(part);
}

function memoryLines({ name, session, decisions, trace, repliedAt }: WhyFacts, { say }: WhyWords): string[] {
  const memory = decisions?.memory;
  if (!memory) return [];
  if (memory.chosen.length > 0 && isUnsent(trace, 'memory')) return [say('why.memory.unsent')];
  const { chosen, considered, kind, earlier, lore, summary } = memory;
  const one = kind === 'lexical' ? 'lexical' : kind === 'encoder' ? 'meaning' : 'trained';
  const how = chosen.length > 1 ? 'several' : one;
  return [
    ...chosen.map(({ aspect, text }) =>
      aspect === 'user'
        ? say('why.memory.user', { text: quotable(text) })
        : say('why.memory.own', { name, text: quotable(text), aspect: aspectName(aspect, say) }),
    ),
    ...(chosen.length > 0
      ? [say(`why.memory.${how}`, { count: considered.length })]
      : [say('why.memory.nothing')]),
    ...(lore.told.length > 0
      ? [say('why.memory.lore', { name, entries: lore.told.map(quotable).join('”, “') })]
      : []),
    ...(lore.own > 0 ? [say('why.memory.ownLore', { count: lore.own })] : []),
    ...(lore.skipped > 0 ? [say('why.memory.loreSkipped', { count: lore.skipped })] : []),
    ...earlier.map(({ by, text, at }) =>
      say(by === 'person' ? 'why.memory.youSaid' : 'why.memory.theySaid', {
        name,
        text: quotable(text),
        when: longAgo(at, repliedAt, say('care.language')),
      }),
    ),
    ...(earlier.length > 0 ? [say('why.memory.earlier', { name })] : []),
    ...(summary ? [say('why.memory.summary', { name, text: summary.text.replace(/\s+/g, ' ') })] : []),
    ...(session.shared ? [say('why.memory.shared')] : []),
  ];
}

function strategyLines({ decisions, trace }: WhyFacts, { say }: WhyWords): string[] {
  const strategy = decisions?.strategy;
  if (!strategy) return [];
  if (isUnsent(trace, 'strategy')) return [say('why.strategy.unsent')];
  const { label, motivation, kind, probability } = strategy;
  const percent = Math.round(100 * probability);
  return [
    say('why.strategy.approach', { label, motivation }),
    say(kind === 'stage-prior' ? 'why.strategy.stage' : 'why.strategy.judged', { percent }),
  ];
}

function goalLines({ name, decisions, trace }: WhyFacts, { say, steering }: WhyWords): string[] {
  const decided = decisions?.goal;
  if (!decided) return [];
  const { goal, source, left } = decided;
  if (source === 'care') return [say('why.goal.care', { name })];
  if (goal === null) return [say('why.goal.none', { name })];
  if (isUnsent(trace, 'goal')) return [say('why.goal.unsent')];
  const label = steering.goals.find((known) => known.goal === goal)?.label ?? goal;
  return [
    say('why.goal.set', { name, goal: label }),
    say(source === 'sticky' ? 'why.goal.sticky' : 'why.goal.queue'),
    ...(left > 0 ? [say(left === 1 ? 'why.goal.oneLeft' : 'why.goal.left', { count: left })] : []),
  ];
}

function styleLines({ name, decisions, trace }: WhyFacts, { say, attributes }: WhyWords): string[] {
  const style = decisions?.style;
  if (!style) return [];
  if (style.rests) return [say('why.style.care', { name })];
  const lines = Object.entries(style.attributes).flatMap(([attribute, value]) => {
    const told = aspectWords(attributes, attribute, value);
    const by = style.asked[attribute] === value ? 'asked' : 'own';
    return told ? [say(`why.style.${by}`, { name, words: told })] : [];
  });
  if (lines.length > 0 && isUnsent(trace, 'style')) return [say('why.style.unsent')];
  return lines.length > 0 ? lines : [say('why.style.none', { name })];
}

function timingLines({ trace, decisions, stopped }: WhyFacts, { say }: WhyWords): string[] {
  if (!trace) return [say('why.timing.resumed')];
  const first = trace.model?.ttftMs ?? 0;
  const messages = decisions?.delivery?.messages ?? 1;
  const whole = seconds(trace.totalMs);
  return [
    first > 0 ? say('why.timing.both', { first: seconds(first), whole }) : say('why.timing.whole', { whole }),
    ...(messages > 1 ? [say('why.timing.messages', { count: messages })] : []),
    ...(stopped ? [say('why.timing.stopped')] : []),
  ];
}

function modelLines({ trace, decisions, forOperator }: WhyFacts, { say }: WhyWords): string[] {
  const model = trace?.model;
  if (!model) return [];
  const { name, demo, attempts, droppedTurns, finishReason, promptTokens, promptTokensExact } = model;
  if (isWritten(model.written)) return [say(`why.model.written.${model.written}`)];
  return [
    say('why.model.name', { model: name || say('why.model.unnamed') }),
    ...(demo ? [say('why.model.demo')] : []),
    ...(promptTokens > 0
      ? [say(promptTokensExact ? 'why.model.tokens' : 'why.model.aboutTokens', { count: promptTokens })]
      : []),
    ...(droppedTurns > 0 ? [say('why.model.dropped', { count: droppedTurns })] : []),
    ...(attempts > 1 ? [say('why.model.attempts', { count: attempts })] : []),
    ...(forOperator && decisions?.withheld
      ? [say('why.model.withheld', { kinds: decisions.withheld.kinds.join(', ') })]
      : []),
    ...(finishReason === 'length' ? [say('why.model.length')] : []),
  ];
}

const writtenWhys = ['told', 'bank', 'act', 'mood'] as const;

/** A trace may be of another version. */
function isWritten(why: string | undefined): why is (typeof writtenWhys)[number] {
  return writtenWhys.some((known) => known === why);
}

function aspectName(aspect: string, say: Say): string {
  const known: readonly string[] = memoryAspects;
  return known.includes(aspect) ? say(`why.aspect.${aspect}`) : aspect.replaceAll('_', ' ');
}

/** One line, bounded, without quotation marks at its ends. */
function quotable(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= quotedUnits
    ? line
    : `${line
        .slice(0, quotedUnits - 2)
        .toWellFormed()
        .trimEnd()} …`;
}

/** Seconds with one decimal, two below a tenth. */
function seconds(ms: number): string {
  return (ms / 1_000).toFixed(ms < 100 ? 2 : 1);
}
