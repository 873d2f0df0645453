import { mayChoose } from '../../../characters/choice.js';
import { type Character, displayName } from '../../../characters/schema.js';
import { RapportError } from '../../../config/errors.js';
import type { MatchReason, RankedMatch } from '../../matching/persona-scorer.js';
import type { SeekerPersona } from '../../memory/profile.js';
import type { SessionState } from '../../state/session.js';
import { sessionWithout } from '../outcome.js';
import type { TurnInput, TurnStart } from '../turn.js';
import type { TurnServices } from '../turn-services.js';
import type { Decision, Stage } from './stage.js';

export interface Matched {
  readonly character: Character;
  readonly reasons: readonly MatchReason[];
  /** A clearly better match found now, to be offered. */
  readonly offer: { readonly character: Character; readonly reason: string } | null;
  /** The session with its character; it has begun just now where it had none. */
  readonly opened: SessionState;
}

/**
 * Who speaks: the session's character; else the one the person chose; else the best match for who they are and what they
 * have written so far. In a session that was matched, a clearly better match found later is offered, never switched to.
 */
export const match: Stage<'match'> = {
  name: 'match',
  phase: 'match',
  run: async (draft, services) => {
    const { input } = draft;
    const { gentle, low } = draft.of('care');
    const [chosen, decision] = await choose(input, services, !gentle && low === null);
    const opened = input.session?.characterId ? input.session : beginWith(chosen, input, services);
    return [{ ...chosen, opened }, decision];
  },
};

/** @param offers whether another character may be offered: not to somebody who is in a bad way. */
async function choose(
  input: TurnInput,
  services: TurnServices,
  offers: boolean,
): Promise<readonly [Omit<Matched, 'opened'>, Decision]> {
  const { session } = input;
  // A default character that has left the bank keeps nobody from being answered.
  const chosenId =
    session?.characterId ||
    input.messages.find(({ characterId }) => characterId && services.bank.get(characterId))?.characterId;
  if (!chosenId) {
    const [best] = await services.scorer.rank(seekerSoFar(input), services.bank.all, 1);
    if (!best) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: '(any to match)' });
    return [
      { character: best.character, reasons: best.reasons, offer: null },
      decide('matched', best.character, best.reasons, best.by ?? services.scorer.kind),
    ];
  }
  const character = services.bank.get(chosenId);
  const person = session?.ownerId ?? input.messages[0].personId;
  if (!character || !mayChoose(services.bank, character, { person, minor: input.minor }))
    throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: chosenId });
  const reasons = session?.characterId ? session.matchReasons : chosenReasons(character, services);
  const better = offers ? await betterMatch(input, character, services) : null;
  const offer = better && { character: better.character, reason: better.reasons[0]?.text ?? '' };
  return [
    { character, reasons, offer },
    {
      ...decide(session?.characterId ? 'session' : 'chosen', character, reasons, services.scorer.kind),
      offered: offer?.character.id ?? null,
    },
  ];
}

/** The character that was asked for with a message to a session that has none yet, where the bank has it. */
export function chosenBefore(
  { session, messages }: Pick<TurnStart, 'session' | 'messages'>,
  services: Pick<TurnServices, 'bank' | 'say'>,
): Pick<Matched, 'character' | 'reasons'> | null {
  if (session?.characterId) return null;
  const [character] = messages.flatMap(({ characterId = '' }) => services.bank.get(characterId) ?? []);
  return character ? { character, reasons: chosenReasons(character, services) } : null;
}

function chosenReasons(character: Character, { say }: Pick<TurnServices, 'say'>): readonly MatchReason[] {
  return [{ facet: 'chosen', score: 1, text: say('match.chosen', { name: displayName(character) }) }];
}

/** A session that nobody opened beforehand, or that has had no character yet, begins with its first reply. */
export function beginWith(
  { character, reasons }: Pick<Matched, 'character' | 'reasons'>,
  start: Pick<TurnStart, 'session' | 'messages'>,
  { clock, say }: Pick<TurnServices, 'clock' | 'say'>,
): SessionState {
  return {
    ...sessionWithout(start, clock.now(), say),
    characterId: character.id,
    matchReasons: reasons,
    title: say('session.title', { name: displayName(character) }),
  };
}

/** What is known of the person for matching: their persona, with the recent messages added to what is on their mind. */
function seekerSoFar(input: TurnInput): SeekerPersona {
  const persona = input.profile?.persona ?? { facts: [] };
  const written = [
    ...input.transcript.filter(({ role }) => role === 'seeker').map(({ text }) => text),
    input.text,
  ].slice(-8);
  return { ...persona, worry: [persona.worry, ...written].filter(Boolean).join(' ') };
}

async function betterMatch(
  input: TurnInput,
  current: Character,
  services: TurnServices,
): Promise<RankedMatch | null> {
  const { session } = input;
  const { offerAfterTurns, offerMargin } = services.config.matching;
  const matched = session?.matchReasons.every(({ facet }) => facet !== 'chosen');
  if (
    !session ||
    !matched ||
    session.shared ||
    session.offeredCharacterId ||
    session.turnCount !== offerAfterTurns
  )
    return null;
  const ranking = await services.scorer.rank(
    seekerSoFar(input),
    services.bank.all,
    services.bank.all.length,
    {
      explore: false,
    },
  );
  if (ranking[0]?.by) return null; // a stand-in's scores are not those the margin is meant for
  const now = ranking.find(({ character }) => character.id === current.id)?.score ?? 0;
  const best = ranking[0];
  return best && best.character.id !== current.id && best.score - now >= offerMargin ? best : null;
}

function decide(
  by: string,
  character: Character,
  reasons: readonly MatchReason[],
  kind: string,
): NonNullable<Decision> {
  return {
    by,
    characterId: character.id,
    kind,
    reasons: reasons.map(({ facet, score, text }) => ({ facet, score, text })),
  };
}
