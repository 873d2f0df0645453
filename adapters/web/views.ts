import { greetingFor } from '../../characters/played.js';
import { type Character, displayName } from '../../characters/schema.js';
import type { PersonId } from '../../src/ids.js';
import type { MatchReason } from '../../src/matching/persona-scorer.js';
import type { InboundMessage, SessionState, TranscriptEntry } from '../../src/state/session.js';
import type { TurnTrace } from '../../src/state/trace.js';
import { traceWithWords } from '../../src/turn/noted-words.js';
import { traceForPerson } from '../../src/turn/trace.js';
import { isLoopback } from './protection.js';
import type { WebServices } from './web-services.js';

/** What the gallery and the match cards show of a character. Statements and memories stay on the server. */
export function characterCard(character: Character): Record<string, unknown> {
  const { id, name, mbti, kind, persona, tags, helpsWith } = character;
  const { age, job, region, personality } = persona;
  return {
    id,
    name,
    shortName: displayName(character),
    mbti,
    kind,
    age,
    job,
    region,
    personality,
    tags,
    helpsWith,
    avatar: `faces/${id}`,
    greeting: greetingFor(character, { user: '', seed: id }),
  };
}

export function sessionView(session: SessionState, services: WebServices): Record<string, unknown> {
  const character = services.bank.get(session.characterId);
  const offered = session.offeredCharacterId ? services.bank.get(session.offeredCharacterId) : undefined;
  const route = character && services.router.routeFor(character);
  return {
    id: session.id,
    title: session.title,
    // What a card says first depends on who is greeted: it is in the transcript.
    character: character ? { ...characterCard(character), ...(character.card && { greeting: '' }) } : null,
    matchReasons: session.matchReasons satisfies readonly MatchReason[],
    steering: session.steering,
    offer: offered ? characterCard(offered) : null,
    model: route ? { name: route.modelName, demo: route.demo } : null,
  };
}

/** The lines a person sees: a character's thoughts only where the operator shows them. */
export function entryViews(
  entries: readonly TranscriptEntry[],
  { config }: Pick<WebServices, 'config'>,
): Record<string, unknown>[] {
  return entries.filter(({ action }) => action === 'speaking' || config.turn.showThoughts).map(entryView);
}

/** What the person wrote that waits to be answered. */
export function waitingViews(
  messages: readonly InboundMessage[],
  person: PersonId,
): { readonly id: string; readonly text: string; readonly at: number }[] {
  return messages.flatMap(({ kind, personId, id, text, at }) =>
    kind === 'message' && personId === person ? [{ id, text, at }] : [],
  );
}

/** Copied key by key, for a trace is parsed where it is read. */
function entryView(entry: TranscriptEntry): Record<string, unknown> {
  const shown: Record<string, unknown> = { hasTrace: 'trace' in entry };
  for (const key of Object.keys(entry) as (keyof TranscriptEntry)[])
    if (key !== 'trace' && key !== 'personId') shown[key] = entry[key];
  return shown;
}

/** How a reply came about. On a page that only this machine can open its reader is the operator, who sees what kind of words was withheld. */
export async function traceView(
  entry: TranscriptEntry | undefined,
  session: Pick<SessionState, 'ownerId' | 'summary'>,
  { config, store }: Pick<WebServices, 'config' | 'store'>,
): Promise<TurnTrace | null> {
  if (!entry?.trace) return null;
  const trace = await traceWithWords(entry.trace, session, store);
  return isLoopback(config.server.host) ? trace : traceForPerson(trace);
}
