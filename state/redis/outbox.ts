import { RapportError } from '../../config/errors.js';
import type { Receipt } from '../../src/state/address.js';
import type { OutboxSegment, Store } from '../../src/state/store.js';
import type { StoredTexts } from '../stored-texts.js';
import { byTurnAndSegment, sessionOf } from '../turn-order.js';
import type { RedisConnection } from './connection.js';

export function redisOutbox(redis: RedisConnection, texts: StoredTexts): Store['outbox'] {
  return {
    intend: async (lease, segment) => {
      const { receipt, ...rest } = segment;
      const written = await redis.indexFirst([() => redis.index('touch', lease.sessionId)], () =>
        redis.leased(
          'intend',
          lease,
          `${segment.turnId}:${segment.segment}`,
          `${JSON.stringify(segment.covers)}\n${texts.write(rest, 'outbox', lease.sessionId)}`,
          receipt ? JSON.stringify(receipt) : '',
        ),
      );
      if (written !== 1) throw new RapportError('RAPPORT_E_LEASE_LOST', { id: lease.sessionId });
    },
    receipt: async (turn, segment, receipt) => {
      await redis.session('receipt', sessionOf(turn), `${turn}:${segment}`, JSON.stringify(receipt));
    },
    pending: async (session) => {
      const fields = await redis.plain((client) => client.hgetall(redis.keys.session(session)[6]));
      return Object.entries(fields)
        .filter(([field]) => field.startsWith('s:'))
        .map(([field, value]): OutboxSegment => {
          const rest = texts.read<Omit<OutboxSegment, 'receipt'>>(
            value.slice(value.indexOf('\n') + 1),
            'outbox',
            session,
          );
          const receipt = fields[`r:${field.slice(2)}`];
          return { ...rest, receipt: receipt === undefined ? null : (JSON.parse(receipt) as Receipt) };
        })
        .sort(byTurnAndSegment);
    },
  };
}
