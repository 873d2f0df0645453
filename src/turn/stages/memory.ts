import { asPlayed, greetingFor, greetingsOf } from '../../../characters/played.js';
import { type Character, displayName } from '../../../characters/schema.js';
import { reasonOf } from '../../../config/errors.js';
import type { SteeringTable } from '../../../config/steering.js';
import type { EarlierLine } from '../../memory/earlier-talk.js';
import { eligibleMemories } from '../../memory/eligible-memories.js';
import type { Asked } from '../../memory/fact-chooser.js';
import {
  currentFacts,
  type KnownFact,
  knownFacts,
  type RecalledFact,
  withinBudget,
} from '../../memory/known-facts.js';
import { LexicalFactChooser } from '../../memory/lexical-fact-chooser.js';
import type { LorePlace } from '../../memory/lore.js';
import { chooseFromBooks } from '../../memory/lorebooks.js';
import type { HistoryLine, ScoredMemory } from '../../memory/memory-selector.js';
import { longAgo } from '../../memory/said-when.js';
import { toldBack, type WrittenLong } from '../../memory/told-back.js';
import { toldText } from '../../prompting/prompt-input.js';
import type { TalkSummary } from '../../state/session.js';
import type { Json } from '../../state/trace.js';
import { factNote, lineNote, rounded } from '../noted-words.js';
import { calmTurns, ownWords } from '../own-words.js';
import { senseOfTime } from '../sense-of-time.js';
import type { TurnInput } from '../turn.js';
import type { TurnServices } from '../turn-services.js';
import type { Stage } from './stage.js';

export interface Recalled {
  /** Memories of the character, best first. */
  readonly character: readonly ScoredMemory[];
  /** What is known of the person and goes into the prompt, in the order it was told; nothing in shared sessions. */
  readonly known: readonly RecalledFact[];
  /** What was said long before and fits the message, oldest first; nothing in shared sessions. */
  readonly earlier: readonly EarlierLine[];
  /** What left the window, in short; null in shared sessions and where nothing has. */
  readonly summary: TalkSummary | null;
  /** Of the lorebooks of the character, the community and the person, what is spoken of. */
  readonly lore: readonly { readonly text: string; readonly place: LorePlace }[];
  /** The answer where they ask back what they told; null where they do not. */
  readonly toldBack: string | null;
}

const lexicalFacts = new LexicalFactChooser();

/** Which memories serve this turn: the character's by aspect, and what is known of the person. */
export const memory: Stage<'memory'> = {
  name: 'memory',
  phase: 'plan',
  run: async (draft, services) => {
    const { selector, facts = lexicalFacts, router, config, clock } = services;
    const { input } = draft;
    const { character: chosen, opened } = draft.of('match');
    const user = input.messages[0].shared
      ? ''
      : input.profile?.persona.name || input.messages[0].speakerName || '';
    const character = asPlayed(chosen, { user, seed: opened.id });
    const history = recentLines(input, config.memory.historyLines);
    const rules = { window: config.memory.repeatWindow, max: config.memory.repeatMax };
    const candidates = eligibleMemories(character, input.session?.recentAspects ?? [], rules);
    const told = await heldTrue(
      knownFacts(input.profile?.persona.facts ?? [], input.userMemories, input.profile?.factsAt),
      services,
    );
    const question = asked(history);
    const texts = told.map(({ text }) => text);
    const [own, choice, earlier] = await Promise.all([
      selector.select(history, candidates, config.memory.perTurn, {
        own: input.session?.recentAspects ?? [],
      }),
      facts.choose(question, texts),
      saidEarlier(input, character.id, services),
    ]);
    const summary = config.memory.summaries ? summaryOf(input) : null;
    const name = input.profile?.persona.name ?? '';
    const lore = chooseFromBooks(
      {
        character: character.lorebook,
        community: services.lorebooks?.get(input.messages.at(-1)?.community ?? ''),
        person: opened.shared ? undefined : input.profile?.lorebook,
      },
      recentLines(input, 100).map(({ text }) => text),
      {
        char: displayName(character),
        user: input.messages.at(-1)?.speakerName ?? '',
        seed: `${opened.id}#${opened.turnCount}`,
        greeting: greetingSaid(chosen, input, opened.id),
        replies: input.transcript.filter(({ role }) => role === 'supporter').length,
      },
    );
    const time = senseOfTime(input, clock.now());
    const shown = told.map((fact) => toldText({ text: fact.text, told: time.told(fact) }));
    // After danger nothing is quoted back: it might be the words of it.
    const back = draft.of('care').gentle
      ? null
      : await toldBack(
          question,
          { texts, shown },
          ownLines(input, services.steering),
          name,
          facts,
          writtenEarlier(earlier, clock.now()),
        );
    const { factsPerTurn, factUnits, factsForSmallModels } = config.memory;
    const known = withinBudget(told, choice.ranked, choice.fitting, {
      count: router.routeFor(character).demo ? factsForSmallModels : factsPerTurn,
      units: factUnits,
    });
    const fitting = known.filter(({ fits }) => fits).sort((a, b) => b.score - a.score);
    return [
      {
        character: own.chosen,
        known,
        earlier,
        summary,
        lore: lore.told,
        toldBack: back,
      },
      {
        kind: own.by ?? selector.kind,
        facts: facts.kind,
        chosen: [...own.chosen.map(show), ...fitting.map(factNote)],
        considered: [...own.considered.map(show), ...known.map(factNote)].slice(0, 12),
        heldBack: Object.keys(character.memory).length - candidates.length,
        ...((lore.told.length > 0 || lore.skipped > 0) && {
          lore: { told: lore.names, own: lore.own, skipped: lore.skipped },
        }),
        ...(summary && { summary: { by: summary.by, from: summary.from, until: summary.until } }),
        ...(earlier.length > 0 && { earlier: earlier.map(lineNote) }),
      },
    ];
  },
};

/** Which of the greetings of a card the conversation began with, as far as it is still in view. */
function greetingSaid(
  character: Character,
  { transcript, profile }: TurnInput,
  seed: string,
): number | undefined {
  const said = character.card && transcript.find(({ id }) => id.includes(':greeting'))?.text;
  if (said === undefined) return undefined;
  const user = profile?.persona.name ?? '';
  const which = greetingsOf(character).findIndex(
    (_, n) => greetingFor(character, { user, seed }, n) === said,
  );
  return which < 0 ? undefined : which;
}

function asked(history: readonly HistoryLine[]): Asked {
  const lines = history.filter(({ role }) => role === 'seeker').map(({ text }) => text);
  return { text: lines.at(-1) ?? '', before: lines.at(-2) };
}

function summaryOf({ session, messages: [{ shared }] }: TurnInput): TalkSummary | null {
  if (!session?.summary?.text || shared || session.shared) return null;
  return session.summary;
}

/**
 * What the person wrote before in calm turns that were answered, what troubles them first; nothing of what they have forgotten, and nothing
 * where others read along.
 */
function ownLines(
  { transcript, session, profile, messages: [{ shared, personId: person }] }: TurnInput,
  steering: SteeringTable,
): string[] {
  const calm = calmTurns(transcript);
  const written = transcript.flatMap(({ id, role, text, turnId, personId, undelivered }) => {
    if (role !== 'seeker' || undelivered || !calm.has(turnId) || (personId ?? person) !== person) return [];
    const said = session?.forgotten?.includes(id) ? '' : ownWords(text, steering);
    return said === '' ? [] : [said];
  });
  return shared ? [] : [profile?.persona.worry ?? '', ...written];
}

/** All that was told where it cannot be found out what it replaces. */
async function heldTrue(
  facts: readonly KnownFact[],
  { meaning = null, logger }: TurnServices,
): Promise<readonly KnownFact[]> {
  try {
    return await currentFacts(facts, meaning);
  } catch (error) {
    logger.warn({ reason: reasonOf(error) }, 'facts that say the same could not be found');
    return currentFacts(facts, null);
  }
}

/** Nothing where it cannot be looked up: a turn does not end for what was said long ago. */
async function saidEarlier(
  input: TurnInput,
  characterId: string,
  { earlier, logger }: TurnServices,
): Promise<readonly EarlierLine[]> {
  try {
    return (await earlier?.search(input, characterId)) ?? [];
  } catch (error) {
    logger.warn({ reason: reasonOf(error) }, 'what was said earlier could not be looked up');
    return [];
  }
}

function writtenEarlier(earlier: readonly EarlierLine[], now: number): WrittenLong[] {
  return earlier.flatMap(({ by, text, at }) => (by === 'person' ? [{ text, when: longAgo(at, now) }] : []));
}

/** The last lines of the conversation with the new message at the end. */
export function recentLines(input: TurnInput, lines: number): HistoryLine[] {
  const past = input.transcript.flatMap(({ role, text, undelivered }): HistoryLine[] =>
    role === 'notice' || undelivered ? [] : [{ role, text }],
  );
  return [...past, { role: 'seeker' as const, text: input.text }].slice(-lines);
}

function show({ aspect, text, score }: ScoredMemory): Json {
  return {
    aspect,
    text: text.length > 240 ? `${text.slice(0, 239)}…` : text,
    score: rounded(score),
  };
}
