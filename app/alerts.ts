import type { Config } from '../config/schema.js';
import { Humans, type HumansOptions, type HumansPlace } from '../src/care/humans.js';
import type { PlatformAdapter } from '../src/delivery/adapter.js';
import { nonceOfNotice } from '../src/delivery/nonce.js';
import { turnId } from '../src/ids.js';
import type { PlatformName } from '../src/state/address.js';
import type { AlertPlace } from '../src/state/alert.js';
import type { Store } from '../src/state/store.js';
import { postAlert } from './webhook.js';

interface AlertServices extends Pick<HumansOptions, 'say' | 'clock' | 'logger'> {
  readonly config: Config['care']['humans'];
  readonly store: Pick<Store, 'values'>;
  /** Signs what webhooks are told. */
  readonly secret?: string | undefined;
  /** What is served; filled later. */
  readonly adapters: ReadonlyMap<PlatformName, PlatformAdapter>;
}

/** Who is told that somebody asks for a human being, and by what: the adapters of the platforms, and webhooks. */
export function createHumans({ adapters, secret, ...services }: AlertServices): Humans {
  return new Humans({
    ...services,
    tell: async (place, alert) => {
      if ('webhook' in place) return postAlert(place.webhook, alert, { secret, clock: services.clock });
      const where = placeOf(place);
      const adapter = adapters.get(where.platform);
      if (!adapter?.alert) throw new Error(`this process does not serve ${where.platform}`);
      await adapter.alert(where, alert);
      return 'told';
    },
    reaches: (person) => adapters.get(person.split(':', 1)[0] ?? '')?.alert !== undefined,
    inform: async ({ session, address }, text, key) => {
      const adapter = adapters.get(address.platform);
      // Only there something can be said beside a turn.
      if (!adapter?.alert) return;
      await adapter
        .post(
          address,
          {
            text,
            speaker: { name: 'Rapport' },
            kind: 'notice',
            final: true,
            last: true,
            turnId: turnId(session, 0),
            sessionId: session,
          },
          nonceOfNotice(key),
        )
        .catch(() => services.logger.info({ session }, 'a person could not be told who takes it'));
    },
  });
}

function placeOf(place: Exclude<HumansPlace, { webhook: string }>): AlertPlace {
  return 'discord' in place
    ? { platform: 'discord', channel: place.discord, group: place.role }
    : { platform: 'slack', channel: place.slack, team: place.team, group: place.group };
}
