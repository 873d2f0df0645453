import { RapportError } from '../../config/errors.js';
import type { SessionId } from '../../src/ids.js';
import type { InboundMessage } from '../../src/state/session.js';
import type { Store } from '../../src/state/store.js';
import type { StoredTexts } from '../stored-texts.js';
import type { RedisConnection } from './connection.js';

export function redisInbox(
  redis: RedisConnection,
  texts: StoredTexts,
  { dedupeMs, keepMs }: { readonly dedupeMs: number; readonly keepMs: number },
): Store['inbox'] {
  return {
    record: async (message) => {
      const recorded = await redis.indexFirst(
        [
          () => redis.index('touch', message.sessionId),
          () =>
            redis.plain((client) =>
              client.zadd(redis.keys.sessionsOf(message.personId), 'NX', message.at, message.sessionId),
            ),
        ],
        () =>
          redis.session(
            'record',
            message.sessionId,
            dedupeMs,
            message.id,
            JSON.stringify(message.personId),
            texts.write(message, 'inbox', message.sessionId),
          ),
      );
      return recorded === 1 ? 'recorded' : 'duplicate';
    },
    pending: async (lease) => {
      const values = (await redis.leased('pending', lease)) as string[] | null;
      if (values === null) throw new RapportError('RAPPORT_E_LEASE_LOST', { id: lease.sessionId });
      return inOrder(values, lease.sessionId, texts);
    },
    waiting: async (session) => {
      const values = await redis.plain((client) => client.hvals(redis.keys.session(session)[1]));
      return inOrder(values, session, texts);
    },
    count: (session) => redis.plain((client) => client.hlen(redis.keys.session(session)[1])),
    amend: async (session, id, text) => {
      for (;;) {
        const value = await redis.plain((client) => client.hget(redis.keys.session(session)[1], id));
        if (value === null) return false;
        const [seq = '', person = '', body = ''] = value.split('\n', 3);
        const amended: InboundMessage = { ...texts.read<InboundMessage>(body, 'inbox', session), text };
        const next = `${seq}\n${person}\n${texts.write(amended, 'inbox', session)}`;
        if ((await redis.session('amend', session, id, value, next)) === 1) return true;
      }
    },
    withdraw: async (session, id) => (await redis.session('withdraw', session, id, keepMs)) === 1,
  };
}

/** The messages behind inbox values ("<seq>\n<person>\n<message>"), oldest first. */
export function inOrder(values: readonly string[], session: SessionId, texts: StoredTexts): InboundMessage[] {
  return values
    .map((value) => {
      const [seq = '', , body = ''] = value.split('\n', 3);
      return { seq: Number(seq), message: texts.read<InboundMessage>(body, 'inbox', session) };
    })
    .sort((a, b) => a.seq - b.seq)
    .map((found) => found.message);
}
