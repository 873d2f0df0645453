import type { Config } from '../config/schema.js';
import { Humans, type HumansOptions, type HumansPlace } from '../src/care/humans.js';
import type { PlatformAdapter } from '../src/delivery/adapter.js';
import { nonceOfNotice } from '../src/delivery/nonce.js';
import { turnId } from '../src/ids.js';
import type { PlatformName } from '../src/state/address.js';
import type { Alert, AlertPlace } from '../src/state/alert.js';
import type { Store } from '../src/state/store.js';

/** The longest a webhook may take, ms. */
const webhookMs = 3_500;

interface AlertServices extends Pick<HumansOptions, 'say' | 'clock' | 'logger'> {
  readonly config: Config['care']['humans'];
  readonly store: Pick<Store, 'platform'>;
  /** What is served; filled later. */
  readonly adapters: ReadonlyMap<PlatformName, PlatformAdapter>;
}

/** Who is told that somebody asks for a human being, and by what: the adapters of the platforms, and webhooks. */
export function createHumans({ adapters, ...services }: AlertServices): Humans {
  return new Humans({
    ...services,
    tell: async (place, alert) => {
      if ('webhook' in place) return postAlert(place.webhook, alert);
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

/** A webhook that answers `{"taken": true}` has somebody who takes it. @throws where it does not take it in. */
async function postAlert(url: string, { id, person, name, text }: Alert): Promise<'told' | 'taken'> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ alert: id, person, name, text: text(`${name} (${person})`) }),
    signal: AbortSignal.timeout(webhookMs),
    redirect: 'error',
  });
  if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
  const body: unknown = await answer.json().catch(() => null);
  const taken = typeof body === 'object' && body !== null && 'taken' in body && body.taken === true;
  return taken ? 'taken' : 'told';
}
