import { createHash } from 'node:crypto';
import { displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import type { Arrival } from '../../src/commands/admit.js';
import { messageId, type PersonId, personId, type SessionId, sessionId, turnId } from '../../src/ids.js';
import { newSession } from '../../src/session/open-session.js';
import type { TranscriptEntry } from '../../src/state/session.js';
import { stripControls } from '../../src/text/strip-controls.js';
import type { WebServices } from '../web/web-services.js';
import type { ChatCall } from './chat-request.js';

/** Lines of the person that are matched on. */
const matchedLines = 8;
/** And how much of them, UTF-16 units. */
const matchedUnits = 4_000;

export interface ApiSession {
  readonly arrival: Arrival;
  /** Who answers. */
  readonly characterId: string;
  /** Removed with everything in it once it has answered: the client keeps the history. */
  readonly ephemeral: boolean;
}

/**
 * The session a call belongs to. With `user` it is the lasting conversation of that user with that model name; without,
 * one for this call only, filled from the history the client sent.
 * @throws RapportError RAPPORT_E_CHARACTER_UNKNOWN
 */
export async function apiSession(
  call: ChatCall,
  requestId: string,
  idempotencyKey: string | undefined,
  services: WebServices,
): Promise<ApiSession> {
  const person: PersonId = personId(`openai-api:${call.user ?? requestId}`);
  const id: SessionId = sessionId(
    `openai-api:${call.user ? fingerprint(`${call.user}\n${call.model}`) : requestId}`,
  );
  const address = { platform: 'openai-api' as const, channel: requestId };
  const character = call.characterId === null ? undefined : services.bank.get(call.characterId);
  if (call.characterId !== null && !character)
    throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id: call.characterId });
  const known = call.user ? await services.store.sessions.get(id) : null;
  const characterId = known?.characterId || (await begin(call, id, person, requestId, services));
  return {
    characterId,
    ephemeral: call.user === null,
    arrival: {
      kind: 'message',
      id: messageId(idempotencyKey ?? requestId),
      person,
      session: id,
      rules: null,
      typed: call.text,
      writtenBefore: call.unanswered,
      whereabouts: call.whereabouts,
      characterId,
      open: async () => ({
        sessionId: id,
        speakerName: '',
        at: services.clock.now(),
        address,
        shared: false,
      }),
    },
  };
}

async function begin(
  call: ChatCall,
  id: SessionId,
  person: PersonId,
  requestId: string,
  services: WebServices,
): Promise<string> {
  const { bank, scorer, clock, locale } = services;
  const written = [...call.history.filter(({ role }) => role === 'seeker').map(({ text }) => text), call.text]
    .slice(-matchedLines)
    .join(' ')
    .slice(-matchedUnits)
    .toWellFormed();
  const [best] =
    call.characterId === null ? await scorer.rank({ facts: [], worry: written }, bank.all, 1) : [];
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
    { ...session, disclosed: true, ...(care && { care }), ...(call.user === null && { ephemeral: true }) },
    entries,
  );
  return character.id;
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
