import type { Say } from '../../config/locale.js';
import type { SessionState } from '../state/session.js';
import { noSteering } from '../steering/steering-state.js';
import type { TurnInput } from './turn-input.js';

/** The session a turn starts from: the stored one, or a new one that has no character yet (`characterId` empty). */
export function sessionWithout(
  input: Pick<TurnInput, 'session' | 'messages'>,
  at: number,
  say: Say,
): SessionState {
  const [first] = input.messages;
  return (
    input.session ?? {
      id: first.sessionId,
      platform: first.address.platform,
      ownerId: first.personId,
      shared: first.shared,
      characterId: '',
      matchReasons: [],
      title: say('session.title', { name: 'Rapport' }),
      createdAt: at,
      updatedAt: at,
      turnCount: 0,
      steering: noSteering,
      recentAspects: [],
      recentStrategies: [],
      disclosed: false,
      address: first.address,
    }
  );
}
