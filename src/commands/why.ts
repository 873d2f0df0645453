import type { CharacterBank } from '../../characters/bank.js';
import { displayName } from '../../characters/schema.js';
import type { AttributeTable } from '../../config/attributes.js';
import type { Say } from '../../config/locale.js';
import type { SteeringTable } from '../../config/steering.js';
import type { PersonId, SessionId, TurnId } from '../ids.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import { traceWithWords } from '../turn/noted-words.js';
import { decisionsOf } from '../turn/trace.js';
import type { CommandServices } from './command-services.js';
import { type WhyFacts, whySections } from './why-sections.js';

/** One question about a reply, answered in whole sentences. */
export interface WhySection {
  readonly topic:
    | 'care'
    | 'character'
    | 'emotion'
    | 'memory'
    | 'strategy'
    | 'goal'
    | 'style'
    | 'timing'
    | 'model';
  /** A heading. */
  readonly title: string;
  /** Plain sentences, one a line, without Markdown. Words of people and characters stand in “quotation marks”. */
  readonly lines: readonly string[];
}

export interface ReplyExplanation {
  readonly turnId: TurnId;
  /** Never empty. */
  readonly sections: readonly WhySection[];
}

type WhyServices = Pick<CommandServices, 'store' | 'bank' | 'say' | 'steering' | 'attributes'>;

/** Lines looked through for the last reply. */
const page = 60;

/**
 * How the last reply of a conversation came about; null where there is none yet.
 * @param reader who asks: in a shared conversation only its owner hears what was found out about them.
 * @param operator whether the operator asks, who alone is told what kind of words was withheld.
 */
export async function explainLastReply(
  services: WhyServices,
  id: SessionId,
  reader?: PersonId,
  operator = false,
): Promise<ReplyExplanation | null> {
  const { store } = services;
  const [session, { entries }] = await Promise.all([
    store.sessions.get(id),
    store.transcript.page(id, { limit: page }),
  ]);
  const reply = lastReply(entries);
  if (!session || !reply) return null;
  const trace = reply.trace && (await traceWithWords(reply.trace, session, store));
  return explainReply(services, session, { ...reply, ...(trace && { trace }) }, reader, operator);
}

/** The last line a character has said in a turn, or what was said in its place; its greeting is none. */
export function lastReply(entries: readonly TranscriptEntry[]): TranscriptEntry | undefined {
  return entries.findLast(
    ({ role, action, turnId, trace }) =>
      (role === 'supporter' || (role === 'notice' && trace !== undefined)) &&
      action === 'speaking' &&
      !turnId.endsWith('#0'),
  );
}

/** How one reply came about, in whole sentences for somebody who knows nothing of its making. */
function explainReply(
  services: {
    readonly bank: CharacterBank;
    readonly say: Say;
    readonly steering: SteeringTable;
    readonly attributes: AttributeTable;
  },
  session: SessionState,
  { turnId, trace, speakerName, status, at }: TranscriptEntry,
  reader: PersonId = session.ownerId,
  operator = false,
): ReplyExplanation {
  const decisions = trace ? decisionsOf(trace) : null;
  const character = services.bank.get(decisions?.match?.characterId ?? session.characterId);
  const facts: WhyFacts = {
    name: character ? displayName(character) : speakerName,
    session,
    trace: trace ?? null,
    decisions,
    stopped: status === 'stopped',
    repliedAt: at,
    forOthers: session.shared && reader !== session.ownerId,
    forOperator: operator,
  };
  return { turnId, sections: whySections(facts, services) };
}
