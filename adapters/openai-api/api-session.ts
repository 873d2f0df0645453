import { createHash } from 'node:crypto';
import { displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import type { Arrival } from '../../src/commands/admit.js';
import { type PersonId, personId, type SessionId, sessionId, turnId } from '../../src/ids.js';
import { newSession } from '../../src/session/open-session.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import { stripControls } from '../../src/text/strip-controls.js';
import type { WebServices } from '../web/web-services.js';
import type { ApiCall } from './call.js';
import type { Claim } from './repeated-calls.js';

/** Where a call is answered. */
export interface ApiSession {
  readonly id: SessionId;
  readonly person: PersonId;
  /** The call names no user: the person is made up for it. */
  readonly isNobody: boolean;
  /** Who answers. */
  readonly characterId: string;
  /** It begins with this call. */
  readonly isNew: boolean;
  /** Removed with everything in it once it has answered: the client keeps the history. */
  readonly ephemeral: boolean;
}

/**
 * The session a call belongs to: one for this call only, filled from the history that the client sent; or, where one is asked
 * for by name, the lasting conversation of that user with that model name.
 * @throws RapportError RAPPORT_E_CHARACTER_UNKNOWN
 */
export async function apiSession(
  call: ApiCall,
  requestId: string,
  services: WebServices,
): Promise<ApiSession> {
  const { person, id } = whose(call, requestId);
  if (call.characterId !== null && !services.bank.get(call.characterId))
    throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: call.characterId });
  const ephemeral = call.conversation === null;
  const known = ephemeral ? null : await services.store.sessions.get(id);
  const characterId = known?.characterId || (await begin(call, id, person, requestId, services));
  return { id, person, isNobody: call.user === null, characterId, isNew: !known?.characterId, ephemeral };
}

/** Whether its user is in danger by what they have said last. */
export async function isInDanger(call: ApiCall, requestId: string, { care }: WebServices): Promise<boolean> {
  const { person, id } = whose(call, requestId);
  return (await care.answer([...call.unanswered, call.text], id, { ...call.whereabouts, person })) !== null;
}

function whose({ user, model, conversation }: ApiCall, requestId: string): Pick<ApiSession, 'id' | 'person'> {
  const kept = conversation !== null && fingerprint(JSON.stringify([user, model, conversation]));
  return {
    person: personId(`openai-api:${user ?? requestId}`),
    id: sessionId(`openai-api:${kept || requestId}`),
  };
}

/** The call as a message to its session. */
export function arrivalOf(
  call: ApiCall,
  { id, person, characterId }: ApiSession,
  { kind, id: message }: Claim,
  requestId: string,
  { clock }: Pick<WebServices, 'clock'>,
): Arrival {
  const { wishes } = call;
  return {
    kind,
    id: message,
    person,
    session: id,
    rules: null,
    // What is answered anew has been read.
    typed: kind === 'message' ? call.text : '',
    writtenBefore: kind === 'message' ? call.unanswered : [],
    whereabouts: call.whereabouts,
    characterId,
    open: async () => ({
      sessionId: id,
      speakerName: '',
      at: clock.now(),
      address: { platform: 'openai-api' as const, channel: requestId },
      shared: false,
      ...(wishes && { wishes }),
    }),
  };
}

async function begin(
  call: ApiCall,
  id: SessionId,
  person: PersonId,
  requestId: string,
  services: WebServices,
): Promise<string> {
  const { bank, scorer, clock, locale } = services;
  const [best] =
    call.characterId === null ? await scorer.rank({ facts: [], worry: call.opening }, bank.all, 1) : [];
  const character = best?.character ?? bank.get(call.characterId ?? '');
  if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: call.model });
  const name = displayName(character);
  const matchReasons = best?.reasons ?? [
    { facet: 'chosen', score: 1, text: locale.say('match.chosen', { name }) },
  ];
  const at = clock.now();
  const session = newSession(
    {
      id,
      platform: 'openai-api',
      ownerId: person,
      character,
      matchReasons,
      address: { platform: 'openai-api', channel: requestId },
      shared: false,
      at,
    },
    locale.say,
  );
  const entries = call.history.map(
    ({ role, text }, index): TranscriptEntry => ({
      id: `history:${index}`,
      turnId: turnId(id, 0),
      role,
      speakerName: role === 'supporter' ? name : '',
      text: stripControls(text),
      action: 'speaking',
      at,
      status: 'complete',
      ...(role === 'seeker' && { personId: person }),
    }),
  );
  const care = services.care.recall(
    call.history.map(({ role, text }) => ({ by: role === 'seeker' ? 'person' : 'character', text })),
  );
  // The program that calls knows that it talks to an AI and is the one to tell its users: docs/api.md.
  await services.store.sessions.create(
    {
      ...session,
      disclosed: true,
      ...(care && { care }),
      ...(call.conversation === null && { ephemeral: true }),
    },
    entries,
  );
  return character.id;
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
